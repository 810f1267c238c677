/** Runs killed at any moment (SIGKILL) and gone on with: nothing is lost but steps, and those come again the same. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { Random } from '../src/data/random.ts';
import { cli, fixture, temporaryFolder } from './testing/run.ts';
import { runDifferences } from './testing/run-differences.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const KILLS = 20;
const STEPS = 60;
const EVERY = 10;
const temporary = temporaryFolder();
afterAll(() => temporary.remove());

interface Ended {
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const script = temporary.path('bundle', 'killed.mjs');

/** In one piece the program starts in half the time, which counts where it is started often. */
beforeAll(async () => {
  await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      ssr: 'cli/testing/killed.ts',
      outDir: temporary.path('bundle'),
      minify: false,
      emptyOutDir: false,
      rolldownOptions: { external: ['webgpu'], output: { entryFileNames: 'killed.mjs' } },
    },
    ssr: { noExternal: true },
  });
  for (const folder of ['', 'bundle'])
    cpSync(join(ROOT, 'package.json'), temporary.path(folder, 'package.json'));
});

/** Runs a command that dies at its n-th change of a file. */
function killedAt(change: number | 'count', args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // Half a second of work is not worth compiling again for speed.
    const child = spawn(process.execPath, ['--no-opt', script, String(change), ...args], { cwd: ROOT });
    const text = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (_code, signal) => resolve({ signal, ...text }));
  });
}

/** The newest step that has a checkpoint under its final name, and the steps that were told. */
function standing(folder: string): { checkpoint: number; told: number } {
  const names = existsSync(join(folder, 'checkpoints')) ? readdirSync(join(folder, 'checkpoints')) : [];
  const steps = names
    .filter((name) => name.endsWith('.safetensors'))
    .map((name) => Number.parseInt(name, 10));
  const metrics = join(folder, 'metrics.jsonl');
  const told = existsSync(metrics) ? readFileSync(metrics, 'utf8').split('\n').length - 1 : 0;
  return { checkpoint: Math.max(0, ...steps), told };
}

/** One head with a BatchNorm: weights, moments and moving statistics to keep, in a third of the fixture's operations. */
function smallConfig(): string {
  const document = parseDocument(readFileSync(fixture('mixed-share-none', 'config.yaml'), 'utf8'));
  const other = 'recap.engagement.is_replied';
  document.deleteIn(['model', 'tasks', other]);
  document.deleteIn(['optimizer', 'multi_task_learning_rates', 'tower_learning_rates', other]);
  document.setIn(['training', 'checkpoint_every_n'], EVERY);
  document.setIn(['training', 'checkpoint_max_to_keep'], 2);
  document.setIn(['training', 'eval_log_every_n'], EVERY);
  return document.toString();
}

it(`gives the losses and the weights of a run that was never interrupted, killed ${KILLS} times at random`, async () => {
  const config = temporary.path('config.yaml');
  writeFileSync(config, smallConfig());
  cpSync(fixture('mixed-share-none', 'segdense.json'), temporary.path('segdense.json'));
  // A teacher in a file, with the settings of one whose calibration needs no counting: that took a third of each process.
  const teacher = temporary.path('teacher.yaml');
  cpSync(join(ROOT, 'configs/data/easy.yaml'), teacher);
  const steps = String(STEPS);
  const common = ['--config', config, '--teacher', teacher, '--engine', 'cpu', '--steps', steps, '--out'];
  const begin = (folder: string) => ['train', ...common, temporary.path(folder)];
  const never = temporary.path('never');
  const whole = await killedAt('count', begin('never'));
  const { code, changes } = JSON.parse(whole.stdout) as { code: number; changes: number };
  expect(code).toBe(0);
  const random = new Random(20_261_126);
  for (let kill = 0, folder = ''; kill < KILLS; kill++) {
    // Every second kill falls on a run that goes on from the one before.
    const goesOn = kill % 2 === 1 && existsSync(join(folder, 'manifest.json'));
    if (!goesOn) folder = temporary.path(`killed-${kill}`);
    const args = goesOn ? ['train', '--resume', folder] : begin(`killed-${kill}`);
    const change = 1 + random.int(goesOn ? Math.floor(changes / 2) : changes);
    const ended = await killedAt(change, args);
    const where = `kill ${kill} at change ${change}: ${ended.stderr}`;
    expect(ended.signal === 'SIGKILL' || goesOn, where).toBe(true);
    const { checkpoint, told } = standing(folder);
    expect(told - checkpoint, where).toBeLessThanOrEqual(EVERY);
    if (kill % 2 === 0) continue;
    const isThere = existsSync(join(folder, 'manifest.json'));
    const last = await cli(isThere ? ['train', '--resume', folder] : begin(`killed-${kill}`));
    expect(last, where).toMatchObject({ code: 0 });
    expect(runDifferences(folder, never), where).toEqual([]);
  }
}, 1_800_000);
