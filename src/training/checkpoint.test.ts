/** Weights and checkpoints through bytes and back, and the errors of files that do not fit. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { initialState } from '../engines/init.ts';
import { freshOptimizerState } from '../engines/state.ts';
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import type { StateTensor } from '../formats/state-dict.ts';
import { exportCheckpoint, exportWeights, importCheckpoint, importWeights } from './checkpoint.ts';
import { modelGraph } from '../graph/model-graph.ts';

const read = (path: string) =>
  new Uint8Array(readFileSync(new URL(`../../test/fixtures/${path}`, import.meta.url)));
const { config } = parseRecapConfig(new TextDecoder().decode(read('serial-share-partial/config.yaml')));
if (!config) throw new Error('the fixture does not parse');
const graph = modelGraph(config, {
  continuous: 14,
  binary: 5,
  discrete: 0,
  userEmbedding: 5,
  userEngEmbedding: 5,
  authorEmbedding: 5,
});
const model = initialState(graph, 7);
const metadata = { config: 'model: …', step: 12, seed: 7 };

describe('weights', () => {
  it('come back equal, with the configuration, under the reference names only', () => {
    const bytes = exportWeights(model, metadata);
    const imported = importWeights(bytes, graph);
    expect(imported.model).toEqual(model);
    expect(imported.optimizer).toBeNull();
    expect(imported.metadata).toEqual({ ...metadata, counters: null });
    const reference = readSafetensors(read('serial-share-partial/initial.safetensors')).tensors;
    expect(new Set(readSafetensors(bytes).tensors.keys())).toEqual(new Set(reference.keys()));
  });

  it('of the reference are read, in the order of the model', () => {
    const imported = importWeights(read('serial-share-partial/final.safetensors'), graph);
    expect([...imported.model.keys()]).toEqual(graph.parameters.map(({ name }) => name));
    expect(imported.metadata.config).toBeUndefined();
  });

  it('of another model name the tensor', () => {
    const short = new Map(model);
    short.delete('_backbone._mask_blocks.1._hidden_layer.bias');
    expect(() => importWeights(writeSafetensors(short), graph)).toThrow(
      /"_backbone\._mask_blocks\.1\._hidden_layer\.bias" is missing/,
    );
    const wrong: StateTensor = { dtype: 'F32', shape: [3], data: new Float32Array(3) };
    const misshapen = new Map(model).set('_user_embedding_layer_norm.weight', wrong);
    expect(() => importWeights(writeSafetensors(misshapen), graph)).toThrow(
      /"_user_embedding_layer_norm\.weight" has shape \[3\], the model needs \[5\]/,
    );
    expect(() => importWeights(read('mixed-share-none/initial.safetensors'), graph)).toThrow(/Tensor "/);
  });

  it.each([
    ['module.', (name: string) => `module.${name}`],
    ['module. and model.', (name: string) => `module.model.${name}`],
    ['_orig_mod. and module.', (name: string) => `_orig_mod.module.${name}`],
    ['_orig_mod.', (name: string) => name.replace(/^(_backbone|_towers)\./, '$1._orig_mod.')],
  ])('named by a wrapper lose its "%s", with a note', (removed, rename) => {
    const wrapped = new Map([...model].map(([name, tensor]) => [rename(name), tensor]));
    const imported = importWeights(writeSafetensors(wrapped), graph);
    expect(imported.model).toEqual(model);
    expect(imported.notes).toEqual([`"${removed}" was taken off the names of the tensors.`]);
  });

  it('take what load_state_dict takes: no counters of batches, or counters of another type', () => {
    const isCounter = (name: string) => name.endsWith('num_batches_tracked');
    const counters = [...model.keys()].filter(isCounter);
    expect(counters.length).toBeGreaterThan(0);
    const without = new Map([...model].filter(([name]) => !isCounter(name)));
    const imported = importWeights(writeSafetensors(without), graph);
    expect(imported.model).toEqual(model);
    expect(imported.notes).toEqual([`num_batches_tracked is missing ${counters.length} times: 0 is taken, as in PyTorch.`]); // prettier-ignore
    const seven: StateTensor = { dtype: 'F32', shape: [], data: Float32Array.of(7) };
    const floats = new Map([...model].map(([name, tensor]) => [name, isCounter(name) ? seven : tensor]));
    expect([...importWeights(writeSafetensors(floats), graph).model.get(counters[0]!)!.data]).toEqual([7n]);
    const half = new Map([...floats, [counters[0]!, { ...seven, data: Float32Array.of(0.5) }]]);
    expect(() => importWeights(writeSafetensors(half), graph)).toThrow(/num_batches_tracked", byte .* 0\.5, is no whole number/); // prettier-ignore
  });

  it('that are not finite name the tensor and the element', () => {
    const [name] = [...model.keys()].filter((key) => key.endsWith('weight'));
    const tensor = model.get(name!)!;
    const data = Float32Array.from(tensor.data as Float32Array);
    data[1] = NaN;
    const bad = new Map<string, StateTensor>([
      ...model,
      [name!, { dtype: 'F32', shape: tensor.shape, data }],
    ]);
    expect(() => importWeights(writeSafetensors(bad), graph)).toThrow(`Tensor "${name}" is NaN at element 1`);
  });
});

describe('checkpoints', () => {
  const fresh = freshOptimizerState(graph);
  const expAvg = new Map(
    [...fresh.expAvg].map(([name, { shape, data }], i): [string, StateTensor] => [
      name,
      { dtype: 'F32', shape, data: Float32Array.from({ length: data.length }, (_, j) => i + j / 8) },
    ]),
  );
  const checkpoint = {
    step: 12,
    loss: 0.25,
    batches: 24,
    examples: 240,
    elapsedMs: 1500.5,
    position: { kind: 'uniform', used: 240, random: [1, 2, 3, -4] } as const,
    state: { model, optimizer: { step: 12, expAvg, expAvgSq: fresh.expAvgSq } },
  };

  it('come back equal, moments too, and name their step', () => {
    const imported = importWeights(exportCheckpoint(checkpoint, metadata), graph);
    expect(imported.model).toEqual(model);
    expect(imported.optimizer).toEqual(checkpoint.state.optimizer);
    expect(imported.metadata).toMatchObject(metadata);
    expect(importCheckpoint(exportCheckpoint(checkpoint, metadata), graph)).toEqual(checkpoint);
  });

  it('say what is missing in a file of weights, and refuse a position that is none', () => {
    expect(() => importCheckpoint(exportWeights(model, metadata), graph)).toThrow(
      /moments.*Import it as weights/,
    );
    const { tensors, metadata: kept } = readSafetensors(exportCheckpoint(checkpoint, metadata));
    const broken = writeSafetensors(tensors, { ...kept, position: '{"kind":"uniform"}' });
    expect(() => importCheckpoint(broken, graph)).toThrow(/position of the data.*earlier checkpoint/);
  });

  it('with a moment missing say so', () => {
    const { tensors } = readSafetensors(exportCheckpoint(checkpoint, metadata));
    const cut = new Map(tensors);
    cut.delete('optimizer.exp_avg._user_embedding_layer_norm.bias');
    expect(() => importWeights(writeSafetensors(cut), graph)).toThrow(
      /"optimizer\.exp_avg\._user_embedding_layer_norm\.bias" is missing/,
    );
  });
});
