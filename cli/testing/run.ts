/** Runs the terminal: in the test's own process, or as a person does, in a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { runCli } from '../run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let before: Promise<unknown> = Promise.resolve();

/** Runs a command in this process: another one takes a second to start. Calls wait for each other. */
export function cli(args: readonly string[]): Promise<Ended> {
  const ended = before.then(() => captured(args));
  before = ended.catch(() => null);
  return ended;
}

async function captured(args: readonly string[]): Promise<Ended> {
  const text = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      text[stream] += String(chunk);
      return true;
    }),
  );
  try {
    return { code: await runCli(args), ...text };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

export interface SpawnOptions {
  /** Sends SIGINT once, when standard error holds this text. */
  readonly interruptAt?: string;
}

/** Runs the program itself: for what only a process has, its exit code, its signals. */
export function spawnCli(args: readonly string[], { interruptAt }: SpawnOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // Not through npx or tsx's own launcher: the signal must reach the process itself.
    const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...args], { cwd: ROOT });
    let [stdout, stderr] = ['', ''];
    let isAsked = false;
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (isAsked || interruptAt === undefined || !stderr.includes(interruptAt)) return;
      isAsked = true;
      child.kill('SIGINT');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A folder of its own for a test file, and its removal. */
export function temporaryFolder(): { path: (...parts: string[]) => string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'heavy-ranker-cli-'));
  return {
    path: (...parts) => join(folder, ...parts),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A file of a fixture folder. */
export function fixture(name: string, file: string): string {
  return join(ROOT, 'test/fixtures', name, file);
}
