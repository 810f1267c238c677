/**
 * What an addition costs: five small ones, kept as patches. Each applies to the program as it is, touches no more files
 * than docs/architecture.md says, and works in a copy. When one no longer applies because a list has grown, make the
 * patch anew: apply it with `git apply --reject`, mend, and write `git diff` back.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as CommandModule from '../../cli/command.ts';
import type * as CommandsModule from '../../cli/commands.ts';
import type * as SchemaModule from '../../src/config/schema/model.ts';
import type * as OracleModule from '../../src/engines/oracle/oracle.ts';
import type * as SmallModule from '../../src/engines/testing/small-model.ts';
import type * as BuildModule from '../../src/graph/build.ts';
import type * as OpsModule from '../../src/graph/ops/registry.ts';
import type * as HeuristicsModule from '../../src/ranking/heuristics/registry.ts';
import type * as EvaluationModule from '../../src/training/task-evaluation.ts';
import { OPS } from '../../src/graph/ops/registry.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '../..');
/** Below the project, so that its packages are found. */
const COPY = join(ROOT, 'test-results/examples');

const EXAMPLES = ['gelu', 'cross-layer', 'metric', 'heuristic', 'command'] as const;
type Example = (typeof EXAMPLES)[number];

const patchOf = (name: Example) => join(HERE, `${name}.patch`);
const filesOf = (name: Example) =>
  [...readFileSync(patchOf(name), 'utf8').matchAll(/^diff --git a\/(\S+)/gm)].map(([, file = '']) => file);

/** The rows of the table "What an addition touches": name of the patch → files. */
function documented(): Map<string, number> {
  const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const rows = [...text.matchAll(/^\| [^|]+\| [^|]+\| (\d+) \| \[([\w-]+)\]\([^)]+\) \|$/gm)];
  return new Map(rows.map(([, files, name = '']) => [name, Number(files)]));
}

beforeAll(() => {
  rmSync(COPY, { recursive: true, force: true });
  for (const folder of ['src', 'cli'])
    cpSync(join(ROOT, folder), join(COPY, folder), {
      recursive: true,
      filter: (path) => !path.endsWith('.test.ts'),
    });
  // Not as a part of the repository around it, whose ignored folders git would leave alone.
  const env = { ...process.env, GIT_DIR: join(COPY, 'none') };
  for (const name of EXAMPLES) execFileSync('git', ['apply', patchOf(name)], { cwd: COPY, env });
});

afterAll(() => rmSync(COPY, { recursive: true, force: true }));

/** A module of the copy. */
const load = async <T>(path: string): Promise<T> => (await import(join(COPY, path))) as T;

it.each(EXAMPLES)('%s touches no more files than the documentation says, of which one is new', (name) => {
  const files = filesOf(name);
  expect(files).toHaveLength(documented().get(name) ?? NaN);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toHaveLength(1);
});

describe('in a copy', () => {
  it('an element-wise operation has the slope of its value', async () => {
    type Registry = typeof OpsModule;
    const { OPS: ops, OP_NAMES: names } = await load<Registry>('src/graph/ops/registry.ts');
    expect(names).toHaveLength(Object.keys(OPS).length + 1);
    const added = names.find((each) => !(each in OPS));
    if (!added) throw new Error('nothing was added');
    for (const x of [-4, -0.5, 0, 0.7, 3]) {
      const op = ops[added];
      const value = (at: number) => op.value(at, []);
      expect(value(x)).toBeCloseTo(OPS.gelu.value(x, []), 2);
      expect(op.slope(x, [])).toBeCloseTo((value(x + 1e-5) - value(x - 1e-5)) / 2e-5, 6);
    }
  });

  it('an architecture is built from the configuration and trains on an engine that knows nothing of it', async () => {
    const { modelSchema } = await load<typeof SchemaModule>('src/config/schema/model.ts');
    const { buildGraph } = await load<typeof BuildModule>('src/graph/build.ts');
    const { OracleEngine } = await load<typeof OracleModule>('src/engines/oracle/oracle.ts');
    const small = await load<typeof SmallModule>('src/engines/testing/small-model.ts');
    const model = {
      featurization_config: { log1p_abs_config: {} },
      tasks: { a: { vector_cross_config: { layers: 2, output_mlp: { layer_sizes: [1] } } } },
    };
    const graph = buildGraph(modelSchema.parse(model), small.SMALL_WIDTHS);
    const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    const engine = new OracleEngine({ graph, adam, seed: 1, batchSize: 32 });
    const rates = Object.fromEntries(graph.groups.map((group) => [group, 0.01]));
    const batch = small.randomBatch(graph, 32, 1);
    const first = await engine.step(batch, rates);
    let last = first;
    for (let step = 0; step < 20; step++) last = await engine.step(batch, rates);
    expect(last.loss).toBeLessThan(first.loss);
  });

  it('a metric is in the evaluation of every head', async () => {
    type Evaluation = typeof EvaluationModule;
    const { HeadEvaluator } = await load<Evaluation>('src/training/task-evaluation.ts');
    const head = new HeadEvaluator('a', 1);
    const of = (...values: number[]) => Float32Array.from(values);
    head.update({
      logits: of(0, 0),
      probabilities: of(0.5, 0.5),
      calibrated: of(0.5, 0.5),
      labels: of(0, 1),
      weights: null,
      teacher: null,
    });
    expect(head.summary(1).more['brier']).toEqual({ kind: 'value', value: 0.25 });
  });

  it('a heuristic can be asked for by its id', async () => {
    type Registry = typeof HeuristicsModule;
    const { heuristicById } = await load<Registry>('src/ranking/heuristics/registry.ts');
    const fresh = heuristicById('fresh');
    if (fresh.kind !== 'scale') throw new Error('it scales');
    const candidate = { id: 't', authorId: 'a', inNetwork: true, isReply: false, isRetweet: false };
    const more = { verified: false, creator: false, feedbackFatigueDays: null };
    const entries = [1, 30].map((ageHours, index) => ({
      candidate: { ...candidate, ...more, ageHours },
      index,
      baseScore: 1,
      score: 1,
    }));
    expect(fresh.scale(entries, { factor: 2, hours: 3 }).map((scaling) => scaling?.factor)).toEqual([
      2,
      undefined,
    ]);
  });

  it('a command runs', async () => {
    const { commands } = await load<typeof CommandsModule>('cli/commands.ts');
    const { Options } = await load<typeof CommandModule>('cli/command.ts');
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      const config = join(ROOT, 'configs/playground.yaml');
      await commands.find(({ name }) => name === 'heads')?.run(new Options({ config }));
      expect(String(written.mock.calls[0]?.[0]).trim().split('\n')).toHaveLength(10);
    } finally {
      written.mockRestore();
    }
  });
});
