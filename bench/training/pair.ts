/**
 * Training steps, this checkout against another one, in pairs: `npx tsx bench/training/pair.ts OTHER_FOLDER [PRESET]`, with
 * the package `webgpu` in both. Each has a process of its own, in which Dawn and a software adapter do all of their work, and
 * they take turns of some steps; so processor time is what a step costs, whatever else the machine does. A ratio above 1
 * means that this checkout takes less.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textTable } from '../benchmark.ts';
import type { Turn } from './pair-child.ts';

/** Turns of each side, and steps of a turn: a production step takes a software adapter ten seconds. */
const EFFORT: Readonly<Record<string, { readonly rounds: number; readonly steps: number }>> = {
  playground: { rounds: 30, steps: 10 },
  'local_prod/4': { rounds: 12, steps: 2 },
  local_prod: { rounds: 4, steps: 1 },
};
const WARM_UP_TURNS = 2;

const [other, preset = 'playground'] = process.argv.slice(2);
const effort = EFFORT[preset];
if (other === undefined || !effort)
  throw new Error(`npx tsx bench/training/pair.ts OTHER_FOLDER [${Object.keys(EFFORT).join('|')}]`);
const { rounds, steps } = effort;

function start(root: string): ChildProcess {
  const child = fileURLToPath(new URL('./pair-child.ts', import.meta.url));
  return fork(child, [root, preset], { execArgv: process.execArgv, cwd: root });
}

/** Asks a process for so many steps. @throws Error when it dies. */
function turn(child: ChildProcess, steps: number): Promise<Turn> {
  return new Promise((done, failed) => {
    const died = (code: number | null) => failed(new Error(`A process ended with ${code}.`));
    child.once('exit', died);
    child.once('message', (message) => {
      child.off('exit', died);
      done(message as Turn);
    });
    child.send(steps);
  });
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Turn by turn, there ÷ here. */
function ratios(turns: readonly [readonly Turn[], readonly Turn[]], of: (turn: Turn) => number): number[] {
  const [here, there] = turns;
  return here.map((mine, at) => {
    const theirs = there[at];
    return theirs ? of(theirs) / of(mine) : NaN;
  });
}

const children = [start(fileURLToPath(new URL('../..', import.meta.url))), start(resolve(other))] as const;
try {
  // One after the other: each compiles, and chooses its kernels.
  for (const child of children) await turn(child, WARM_UP_TURNS * steps);
  const turns: [Turn[], Turn[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const who of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
      turns[who].push(await turn(children[who], steps));
    // What there is when it is ended early.
    const ratio = (of: (turn: Turn) => number) => median(ratios(turns, of)).toFixed(3);
    console.error(
      `round ${round + 1} of ${rounds}: there ÷ here, median, processor ${ratio(({ cpu }) => cpu)}, fastest step ${ratio(({ fastest }) => fastest)}`,
    );
  }
  const row = (what: string, of: (turn: Turn) => number): string[] => {
    const [here, there] = turns.map((all) => all.map(of));
    if (!here || !there) throw new Error('unreachable');
    const [mine, theirs] = [Math.min(...here), Math.min(...there)];
    const pairs = median(ratios(turns, of));
    return [what, mine.toFixed(2), theirs.toFixed(2), (theirs / mine).toFixed(3), pairs.toFixed(3)];
  };
  const columns = [preset, 'here, least', 'there, least', 'there ÷ here, least', 'median of pairs'];
  const rows = [
    row('processor ms a step', ({ cpu }) => cpu),
    row('ms a step, the fastest of a turn', ({ fastest }) => fastest),
    row('dispatches a step', ({ dispatches }) => dispatches),
    row('MB moved a step', ({ moved }) => moved / 1e6),
  ];
  console.log(textTable(columns, rows));
} finally {
  for (const child of children) child.kill();
}
