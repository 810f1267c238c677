/**
 * Runs the terminal in a process that kills itself (SIGKILL) at its n-th change of a file: `killed.ts N COMMAND…`. What is
 * on the disk changes at no other moment, so these are all the moments that a kill can fall on, and a number names one,
 * whatever the machine. A write in which it falls is left half done. With 'count' for N it lives, and what is saved by the
 * clock alone is left out, so that the changes counted are made on the slowest and on the fastest machine.
 */
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const [at = '0', ...args] = process.argv.slice(2);
const isCounted = at === 'count';
const left = isCounted ? Infinity : Number(at);
let made = 0;

/** Counts a change. True when it is the last. */
const isLast = (): boolean => {
  made++;
  return made === left;
};
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  // The signal comes at once, but not within this line.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

const { writeSync, writeFileSync, linkSync, rmSync, mkdirSync } = fs;
fs.writeSync = (descriptor: number, content: unknown, from: unknown = 0) => {
  const bytes = (content as Uint8Array).subarray(from as number);
  if (!isLast()) return writeSync(descriptor, bytes);
  writeSync(descriptor, bytes.subarray(0, Math.floor(bytes.length / 2)));
  return die();
};
fs.writeFileSync = (...call) => (isLast() ? die() : writeFileSync(...call));
fs.linkSync = (...call) => (isLast() ? die() : linkSync(...call));
fs.rmSync = (...call) => (isLast() ? die() : rmSync(...call));
fs.mkdirSync = ((...call: Parameters<typeof mkdirSync>) =>
  isLast() ? die() : mkdirSync(...call)) as typeof mkdirSync;

const { open, rename, rm, truncate } = promises;
promises.open = async (...call) => {
  const file = await open(...call);
  if (call[1] === 'r') return file;
  if (isLast()) die();
  const writeFile = file.writeFile.bind(file);
  file.writeFile = async (content, ...more) => {
    if (isLast()) {
      const bytes = content as Uint8Array;
      await writeFile(bytes.subarray(0, Math.floor(bytes.length / 2)), ...more);
      die();
    }
    return writeFile(content, ...more);
  };
  return file;
};
promises.rename = async (...call) => (isLast() ? die() : rename(...call));
promises.rm = async (...call) => (isLast() ? die() : rm(...call));
promises.truncate = async (...call) => (isLast() ? die() : truncate(...call));
syncBuiltinESMExports();

if (isCounted) {
  const { setTimeout } = globalThis;
  const never = (handler: () => void, ms?: number) => {
    const timer = setTimeout(handler, ms);
    if ((ms ?? 0) > 0) clearTimeout(timer);
    return timer;
  };
  globalThis.setTimeout = never as typeof setTimeout;
}

const { runCli } = await import('../run.ts');
const code = await runCli(args);
process.stdout.write(`${JSON.stringify({ code, changes: made })}\n`);
