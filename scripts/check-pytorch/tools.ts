/** What the checks of exported PyTorch folders share: a Python, a folder, reports. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../cli/run.ts';
import { readSafetensors } from '../../src/formats/safetensors.ts';

export const FIXTURES = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));
const NEEDED = `check:pytorch needs a Python of 3.8 or newer with torch (1.13 or newer) and numpy.
Install it (Debian: apt install python3-torch; elsewhere: pip install torch numpy), or name it: PYTHON=/path/to/python npm run check:pytorch`;

/** A line of metrics.jsonl. */
export interface Line {
  readonly step: number;
  readonly loss: number;
  readonly task_losses: Readonly<Record<string, number>>;
}

function findPython(): string | null {
  const given = process.env['PYTHON'];
  const candidates = given ? [given] : ['python3', 'python', '/usr/bin/python3'];
  return candidates.find((name) => spawnSync(name, ['-c', 'import torch, numpy']).status === 0) ?? null;
}

const found = findPython();
if (found === null) {
  console.error(NEEDED);
  process.exit(2);
}
export const python = found;
const version = execFileSync(python, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
console.log(`${python}, torch ${version.trim()}`);

/** Folder for everything that is written; removed at the end. */
export const work = mkdtempSync(join(tmpdir(), 'check-pytorch-'));
let failed = 0;

/** How many reports were not good. */
export const failures = () => failed;

/** Says what was found against what is allowed. */
export function report(what: string, found: number, allowed: number): void {
  const good = found <= allowed;
  if (!good) failed++;
  console.log(`${good ? 'ok    ' : 'FAILED'} ${what}: ${found.toExponential(1)}, at most ${allowed}`);
}

interface Running {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

function spawned(args: readonly string[], { env = {}, cwd }: Running = {}) {
  const options = { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1', ...env } } as const;
  return spawnSync(python, args, cwd === undefined ? options : { ...options, cwd });
}

/** Runs Python. @throws Error with what it said when it fails. */
export function run(args: readonly string[], how?: Running): string {
  const { status, stdout, stderr } = spawned(args, how);
  if (status !== 0) throw new Error(`${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

/** What Python says on standard error as it fails. */
export function refusal(args: readonly string[], how?: Running): string {
  const { status, stderr } = spawned(args, how);
  return status === 0 ? 'no error' : stderr;
}

/** torchrun's arguments, for so many processes here. */
export const launched = (processes: number): string[] => [
  '-m',
  'torch.distributed.run',
  // torch 1.13 under Python 3.11 knows no other redirection.
  '--redirects',
  '1',
  '--tee',
  '1',
  '--log_dir',
  join(work, 'log'),
  '--nproc_per_node',
  String(processes),
];

/** A command of the terminal; what it says is shown only when it fails. */
export async function terminal(args: readonly string[]): Promise<number> {
  const said: string[] = [];
  const write = process.stderr.write.bind(process.stderr);
  process.stderr.write = (text: string | Uint8Array) => said.push(String(text)) > 0;
  try {
    const code = await runCli(args);
    if (code !== 0) write(said.join(''));
    return code;
  } finally {
    process.stderr.write = write;
  }
}

export async function exported(config: string, weights: string | null, name: string): Promise<string> {
  const out = join(work, name);
  const from = weights === null ? [] : ['--weights', weights];
  const code = await terminal(['export', '--config', config, ...from, '--format', 'pytorch', '--out', out]);
  if (code !== 0) throw new Error(`export of ${config} failed`);
  return out;
}

export const lines = (folder: string): Line[] =>
  readFileSync(join(folder, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** Largest difference relative to the expected value; NaN where the lengths differ. */
export function worst(found: readonly number[], expected: ArrayLike<number>, relative = true): number {
  if (found.length !== expected.length) return Number.NaN;
  return found.reduce((most, value, index) => {
    const wanted = expected[index] ?? Number.NaN;
    return Math.max(most, Math.abs(value - wanted) / (relative ? Math.abs(wanted) : 1));
  }, 0);
}

export function tensor(path: string, name: string): Float32Array {
  const found = readSafetensors(new Uint8Array(readFileSync(path))).tensors.get(name);
  if (found?.dtype !== 'F32') throw new Error(`${path} has no tensor ${name}`);
  return found.data;
}
