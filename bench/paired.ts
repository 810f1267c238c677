/**
 * Two states of the project on one adapter, in turn: is any preset slower than before? Rows alternate, each in a process of
 * its own on Dawn. On a software adapter the processor's time of a step is compared, which other work on the machine hardly
 * changes; on a graphics card read the clock's.
 *
 *   node scripts/run-ts.mjs bench/paired.ts --against FOLDER [--presets playground,local_prod/4] [--rounds 3]
 *
 * FOLDER is a checkout of the other state with its dependencies; both need the package `webgpu`.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import type { RowPreset } from './training/row.ts';

const PRESETS: readonly RowPreset[] = ['playground', 'local_prod/4', 'local_prod'];
/** Measured steps of a row: a production step takes seconds on a software adapter. */
const STEPS: Readonly<Record<RowPreset, number>> = { playground: 40, 'local_prod/4': 4, local_prod: 1 };
const TIMEOUT_MS = 15 * 60 * 1000;

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    presets: { type: 'string' },
    rounds: { type: 'string', default: '3' },
  },
});
const here = dirname(dirname(fileURLToPath(import.meta.url)));
const rounds = Number(values.rounds);
if (values.against === undefined || !existsSync(join(values.against, 'bench/training/trainee.ts')))
  throw new Error('--against names a checkout of the project.');
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a whole number from 1 on.');
const wanted = values.presets?.split(',') ?? PRESETS;
const chosen = PRESETS.filter((preset) => wanted.includes(preset));
if (chosen.length !== wanted.length) throw new Error(`--presets are of ${PRESETS.join(', ')}.`);
const trees = { now: here, before: resolve(values.against) };
const tsx = import.meta.resolve('tsx');

/** Milliseconds of a step, of all threads and by the clock. */
interface Step {
  readonly core: number;
  readonly wall: number;
}

async function stepOf(tree: string, preset: RowPreset): Promise<Step> {
  const options = { engine: 'webgpu', preset, steps: STEPS[preset], seconds: 300 };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', tsx, join(here, 'bench/paired-row.ts'), tree, JSON.stringify(options)],
    { cwd: tree, timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Step;
}

const least = (a: Step, b: Step): Step => ({
  core: Math.min(a.core, b.core),
  wall: Math.min(a.wall, b.wall),
});

for (const preset of chosen) {
  const none = { core: Infinity, wall: Infinity };
  const best = { now: none, before: none };
  for (let round = 0; round < rounds; round++) {
    // Who is first changes: a machine that warms up, or another's work that begins, meets both.
    const order = round % 2 === 0 ? (['before', 'now'] as const) : (['now', 'before'] as const);
    for (const which of order) best[which] = least(best[which], await stepOf(trees[which], preset));
  }
  const line = (key: keyof Step, what: string) =>
    `${what} ${best.now[key].toFixed(1)} ms now, ${best.before[key].toFixed(1)} before, ${(best.before[key] / best.now[key]).toFixed(2)} ×`;
  console.log(`${preset}: ${line('core', 'processor')}; ${line('wall', 'clock')}`);
}
