/** What is seen inside a model: gates that are what the formula says, slopes that are the model's own, health that adds up. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDataSchema } from '../data/data-schema.ts';
import { parseTeacherConfig } from '../data/synthesis/parse-teacher-config.ts';
import { adamOptions } from '../engines/adam-options.ts';
import { initialState } from '../engines/init.ts';
import { slopes } from '../engines/oracle/backward.ts';
import { forward } from '../engines/oracle/forward.ts';
import { OracleEngine } from '../engines/oracle/oracle.ts';
import { vectors } from '../engines/oracle/predict.ts';
import { equalRates } from '../engines/testing/check-engine.ts';
import { randomBatch, SMALL_GRAPHS, smallGraph } from '../engines/testing/small-model.ts';
import { sampleTweets } from '../ranking/scenarios/index.ts';
import type { RunRecipe } from '../runs/manifest.ts';
import { recipeSchemaOf } from '../runs/recipe-forms.ts';
import { runModel } from '../runs/run-model.ts';
import { exportCheckpoint, exportWeights } from '../training/checkpoint.ts';
import { healthWarnings, modelHealth } from '../training/model-health.ts';
import { healthOf, lookInto } from './model-host.ts';

const read = (path: string) => readFileSync(new URL(`../../configs/${path}`, import.meta.url));
const text = (path: string) => read(path).toString();
const { config: teacher } = parseTeacherConfig(text('data/easy.yaml'));
if (!teacher) throw new Error('the teacher is broken');

const recipe: RunRecipe = {
  config: text('playground.yaml'),
  steps: null,
  data: { kind: 'teacher', preset: 'easy', settings: teacher, examples: null },
  schema: recipeSchemaOf('playground-segdense.json', parseDataSchema(text('playground-segdense.json'))),
  masks: [],
  seeds: { weights: 1, data: 1 },
  engine: { choice: 'auto', precision: 'float32', noisyShifts: false },
  warmStart: null,
};
const about = { config: '', step: 0, seed: 1 };
const [tweet, ...others] = sampleTweets.slice(0, 9);
if (!tweet) throw new Error('no tweet');

describe('a look into the pretrained model', () => {
  const weights = () => Uint8Array.from(read('pretrained/playground.safetensors')).buffer;
  const task = 'recap.engagement.is_favorited';
  const look = lookInto({ recipe, weights: weights(), tweet, others, task });

  it('shows the gates: what comes through is the feature times its gate', () => {
    expect(look.blocks).toHaveLength(4);
    for (const { input, mask, gated, names, hidden } of look.blocks) {
      expect(names).toHaveLength(input.length);
      expect(hidden.every((value) => value >= 0)).toBe(true);
      gated.forEach((value, i) => expect(value).toBeCloseTo((input[i] ?? NaN) * (mask[i] ?? NaN), 5));
    }
  });

  it('names the gates that differ most from other tweets, furthest first, with features that people know', () => {
    for (const { gates, mask, names } of look.blocks) {
      const distances = gates.map(({ mask: own, typical }) => Math.abs(own - typical));
      expect(distances).toEqual(distances.toSorted((a, b) => b - a));
      for (const gate of gates) {
        expect(gate.mask).toBeCloseTo(mask[gate.column] ?? NaN, 5);
        expect(gate.name).toBe(names[gate.column]);
      }
    }
    expect(look.blocks[0]?.names.some((name) => /like/i.test(name))).toBe(true);
    expect(look.blocks[0]?.names.at(-1)).toMatch(/^author \d+$/);
  });

  it('gives the probabilities of the ranking, and refuses a head that there is not', () => {
    expect(look.probabilities).toHaveLength(look.tasks.length);
    expect(look.probabilities.every((p) => p > 0 && p < 1)).toBe(true);
    expect(() => lookInto({ recipe, weights: weights(), tweet, others: [], task: 'x' })).toThrow(/no head x/);
  });

  it('orders features by their gradient', () => {
    const largest = look.tasks.map((each) => {
      const { slopes: found } = lookInto({ recipe, weights: weights(), tweet, others: [], task: each });
      const sizes = found.map(({ slope }) => Math.abs(slope));
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      return sizes[0];
    });
    expect(Math.max(...largest.map((size) => size ?? NaN))).toBeGreaterThan(0.01);
    // This tweet leaves every unit of the like tower's last layer off.
    expect(largest[look.tasks.indexOf(task)]).toBe(0);
  });
});

describe('slopes of a logit', () => {
  it.each(SMALL_GRAPHS)('%s: are what finite differences give, row by row', (model) => {
    const graph = smallGraph(model);
    const parameters = vectors(initialState(graph, 5));
    const batch = randomBatch(graph, 3, 9, true);
    const mode = { training: false, seed: 0, step: 0, microStep: 0 };
    const logit = graph.outputs[0]?.logit ?? '';
    const of = slopes(graph, batch, parameters, forward(graph, batch, parameters, mode), logit);
    const slope = of.get('userEmbedding');
    if (!slope) return;
    const h = 2 ** -8;
    for (const at of [0, 1, slope.length - 1]) {
      const value = (by: number): number => {
        const userEmbedding = batch.userEmbedding.slice();
        userEmbedding[at] = (userEmbedding[at] ?? 0) + by;
        const { values } = forward(graph, { ...batch, userEmbedding }, parameters, mode);
        return values.get(logit)?.[Math.floor(at / (slope.length / batch.size))] ?? NaN;
      };
      const found = (value(h) - value(-h)) / (2 * h);
      expect(Math.abs(found - (slope[at] ?? NaN))).toBeLessThanOrEqual(2e-3 + 2e-2 * Math.abs(found));
    }
  });
});

describe('the health of a model', () => {
  it('has the length of the update that was made', async () => {
    const graph = smallGraph(SMALL_GRAPHS[0] ?? '');
    const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    const engine = new OracleEngine({ graph, adam, seed: 4, batchSize: 6 });
    const rates = equalRates(graph.groups, 0.01);
    for (let step = 0; step < 3; step++) await engine.step(randomBatch(graph, 6, step), rates);
    const before = await engine.state();
    await engine.step(randomBatch(graph, 6, 3), rates);
    const after = await engine.state();
    const parts = modelHealth(graph, after, rates, adam, null);
    expect(parts.length).toBeGreaterThan(2);
    let [moved, told] = [0, 0];
    for (const { name, trainable } of graph.parameters) {
      if (!trainable) continue;
      const [a, b] = [before.model.get(name)?.data, after.model.get(name)?.data];
      b?.forEach((value, i) => (moved += (Number(value) - Number(a?.[i])) ** 2));
    }
    for (const { weightNorm, updateRatio, gradientNorm } of parts) {
      told += ((updateRatio ?? NaN) * weightNorm) ** 2;
      expect(gradientNorm).toBeGreaterThan(0);
    }
    expect(Math.sqrt(told) / Math.sqrt(moved)).toBeCloseTo(1, 4);
  });

  it('is read from a checkpoint, with dead units and gates that were made so', () => {
    const { graph, recipe: opened } = runModel(recipe);
    const state = new Map(initialState(graph, 1));
    const zeros = (name: string) => {
      const tensor = state.get(name);
      if (tensor?.dtype !== 'F32') throw new Error(name);
      state.set(name, { ...tensor, data: new Float32Array(tensor.data.length) });
    };
    const block = '_backbone._mask_blocks.1._mask_layer';
    for (const name of ['0.weight', '0.bias', '2.bias']) zeros(`${block}.${name}`);
    const none = new Map(
      graph.parameters
        .filter(({ trainable }) => trainable)
        .map(({ name, shape }) => {
          const length = shape.reduce((product, each) => product * each, 1);
          return [name, { dtype: 'F32' as const, shape, data: new Float32Array(length) }];
        }),
    );
    const bytes = exportCheckpoint(
      {
        step: 0,
        loss: null,
        batches: 0,
        examples: 0,
        elapsedMs: 0,
        position: null,
        state: { model: state, optimizer: { step: 0, expAvg: none, expAvgSq: none } },
      },
      about,
    );
    const rates = equalRates(graph.groups, 0.01);
    const { parts } = healthOf({ recipe, checkpoint: bytes.buffer, rates, tweets: others });
    const of = (id: string) => parts.find((part) => part.id === id);
    const shut = of('backbone/mask_blocks.1');
    expect(shut?.deadUnits).toMatchObject({ count: shut?.deadUnits?.of });
    expect(shut?.closedGates).toMatchObject({ count: shut?.closedGates?.of });
    expect(shut?.updateRatio).toBeNull();
    const other = of('backbone/mask_blocks.0');
    expect(other?.closedGates?.count).toBeLessThan(other?.closedGates?.of ?? 0);
    expect(shut && healthWarnings(shut).join(' ')).toMatch(/never fire.*gates are shut/);
    expect(other && healthWarnings(other)).toEqual([]);
    expect(adamOptions(opened.config).beta1).toBeGreaterThan(0);
    const weightsOnly = exportWeights(state, about);
    expect(() => healthOf({ recipe, checkpoint: weightsOnly.buffer, rates, tweets: [] })).toThrow(
      /weights without the optimizer/,
    );
  });
});
