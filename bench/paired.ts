/**
 * Two states of the project on one adapter, in turn: is any preset slower than before? Rows alternate, each in a process of
 * its own on Dawn, so that other work on the machine meets both; the fastest step of each counts, as noise only adds.
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
import type { RowPreset, TrainingRow } from './training/row.ts';

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
if (values.against === undefined || !existsSync(join(values.against, 'bench/training/node-row.ts')))
  throw new Error('--against names a checkout of the project.');
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a whole number from 1 on.');
const wanted = values.presets?.split(',') ?? PRESETS;
const chosen = PRESETS.filter((preset) => wanted.includes(preset));
if (chosen.length !== wanted.length) throw new Error(`--presets are of ${PRESETS.join(', ')}.`);
const trees = { now: here, before: resolve(values.against) };
const tsx = import.meta.resolve('tsx');

/** Milliseconds of a step. */
async function stepOf(tree: string, preset: RowPreset): Promise<number> {
  const options = { engine: 'webgpu', preset, steps: STEPS[preset], seconds: 120 };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', tsx, join(tree, 'bench/training/node-row.ts'), JSON.stringify({ kind: 'row', options })],
    { cwd: tree, timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 },
  );
  const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as
    { readonly value: TrainingRow } | { readonly error: string };
  if ('error' in answer) throw new Error(`${tree}: ${answer.error}`);
  return 1000 / answer.value.steps_per_second;
}

for (const preset of chosen) {
  const least = { now: Infinity, before: Infinity };
  for (let round = 0; round < rounds; round++) {
    // Who is first changes: a machine that warms up, or another's work that begins, meets both.
    const order = round % 2 === 0 ? (['before', 'now'] as const) : (['now', 'before'] as const);
    for (const which of order) least[which] = Math.min(least[which], await stepOf(trees[which], preset));
  }
  const [now, before] = [least.now, least.before].map((ms) => ms.toFixed(1));
  console.log(
    `${preset}: ${now} ms a step now, ${before} before: ${(least.before / least.now).toFixed(2)} ×`,
  );
}
