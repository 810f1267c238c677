/** `npm run fuzz`: reads made-up and damaged inputs of every kind for as long as it is told to, and counts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { textTable } from '../benchmark.ts';
import type { FuzzKind } from './kind.ts';
import { kinds } from './registry.ts';

/** Inputs of one kind before the next has its turn. */
const BATCH = 200;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    runs: { type: 'string' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const usage = `npm run fuzz -- [--minutes N] [--runs N] [--only ${kinds.map(({ name }) => name).join('|')}] [--seed S] [--json FILE]
  Ends after N minutes (1 by default) or N inputs of each kind. Exit code 1 when an input is not read as it must be: the
  smallest one is kept as a file.`;

function number(name: 'minutes' | 'runs' | 'seed'): number | null {
  const text = values[name];
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new Error(`--${name} is a number, not "${text}".\n${usage}`);
  return value;
}

function chosen(): readonly FuzzKind[] {
  const names = values.only?.split(',') ?? kinds.map(({ name }) => name);
  return names.map((name) => {
    const kind = kinds.find((candidate) => candidate.name === name);
    if (!kind) throw new Error(`No kind is called "${name}".\n${usage}`);
    return kind;
  });
}

interface Count {
  inputs: number;
  readonly outcomes: Map<string, number>;
  failures: number;
}

/** Keeps the input of a failure beside the benchmarks' results, which are not committed. */
function keep(kind: string, seed: number, bytes: Uint8Array): string {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'results', 'fuzz');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${kind}-${seed}.bin`);
  writeFileSync(file, bytes);
  return file;
}

async function main(): Promise<void> {
  if (values.help) {
    console.log(usage);
    return;
  }
  const all = chosen();
  const first = number('seed') ?? 1;
  const runs = number('runs') ?? Infinity;
  const minutes = number('minutes') ?? (runs === Infinity ? 1 : Infinity);
  const until = performance.now() + minutes * 60_000;
  const counts = new Map(
    all.map(({ name }): [string, Count] => [
      name,
      { inputs: 0, outcomes: new Map<string, number>(), failures: 0 },
    ]),
  );
  for (let round = 0; performance.now() < until && round * BATCH < runs; round++) {
    for (const kind of all) {
      if (performance.now() >= until) break;
      const count = counts.get(kind.name)!;
      const seed = first + round;
      const {
        runs: done,
        outcomes,
        failure,
      } = await kind.run(seed, Math.min(BATCH, runs - round * BATCH), true);
      count.inputs += done;
      for (const [outcome, n] of outcomes)
        count.outcomes.set(outcome, (count.outcomes.get(outcome) ?? 0) + n);
      if (!failure) continue;
      count.failures++;
      const file = keep(kind.name, seed, failure.bytes);
      console.log(
        `✘ ${kind.name}, seed ${seed}, path ${failure.path}: ${failure.message}\n  kept in ${file}`,
      );
    }
  }
  const rows = [...counts].map(([name, { inputs, outcomes, failures }]) => {
    const refused = [...outcomes].filter(([outcome]) => outcome !== 'value');
    const words = refused.map(([outcome, n]) => `${outcome} ${n.toLocaleString('en')}`).join(', ');
    return [
      name,
      inputs.toLocaleString('en'),
      (outcomes.get('value') ?? 0).toLocaleString('en'),
      words,
      String(failures),
    ];
  });
  console.log(textTable(['kind', 'inputs', 'values', 'refused', 'failures'], rows));
  if (values.json) {
    const json = [...counts].map(([name, { inputs, outcomes, failures }]) => ({ name, inputs, outcomes: Object.fromEntries(outcomes), failures })); // prettier-ignore
    writeFileSync(values.json, `${JSON.stringify(json, null, 2)}\n`);
  }
  if ([...counts.values()].some(({ failures }) => failures > 0)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
