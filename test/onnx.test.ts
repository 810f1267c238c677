/** The ONNX file in a runtime of its own (onnxruntime's wasm build) against the oracle. */
import * as ort from 'onnxruntime-web/wasm';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import type { RecapBatch } from '../src/data/recap-batch.ts';
import { initialState } from '../src/engines/init.ts';
import { OracleEngine } from '../src/engines/oracle/oracle.ts';
import { largestDifference } from '../src/engines/testing/check-fixture.ts';
import { FIXTURES, loadFixture } from '../src/engines/testing/fixture.ts';
import { readFixtureFile } from '../src/engines/testing/node.ts';
import { presetModel } from '../src/engines/testing/preset-model.ts';
import { randomBatch, SMALL_GRAPHS, SMALL_WIDTHS, smallGraph } from '../src/engines/testing/small-model.ts';
import type { ModelGraph } from '../src/graph/graph.ts';
import { INPUT_NAMES } from '../src/formats/input-names.ts';
import type { StateDict } from '../src/formats/state-dict.ts';
import { OnnxError, writeOnnx } from '../src/formats/onnx/onnx.ts';

ort.env.wasm.numThreads = 1;

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const BATCHES = [1, 3, 128];

/** The oracle and the runtime on the same batches: logits within 1e-5 of their size, probabilities within 1e-5. */
async function check(graph: ModelGraph, state: StateDict, batches: readonly RecapBatch[]): Promise<void> {
  const bytes = writeOnnx({ graph, state, metadata: { step: '7' } });
  const session = await ort.InferenceSession.create(bytes, { graphOptimizationLevel: 'all' });
  const engine = new OracleEngine({ graph, adam: ADAM, seed: 0, batchSize: 128 });
  await engine.load(state);
  try {
    for (const batch of batches) {
      const feeds: Record<string, ort.Tensor> = {};
      for (const node of graph.nodes)
        if (node.kind === 'input' && session.inputNames.includes(INPUT_NAMES[node.tensor]))
          feeds[INPUT_NAMES[node.tensor]] = new ort.Tensor('float32', batch[node.tensor], [
            batch.size,
            node.width,
          ]);
      const outputs = await session.run(feeds);
      const expected = await engine.predict(batch);
      const values = (name: string): Float32Array => {
        const data = outputs[name]?.data;
        if (!(data instanceof Float32Array)) throw new Error(`no float32 output ${name}`);
        return data;
      };
      expect(outputs['logits']?.dims).toEqual([batch.size, graph.outputs.length]);
      const scale = Math.max(1, ...expected.logits.map(Math.abs));
      expect(largestDifference(values('logits'), expected.logits) / scale).toBeLessThanOrEqual(1e-5);
      expect(largestDifference(values('probabilities'), expected.probabilities)).toBeLessThanOrEqual(1e-5);
      expect(largestDifference(values('calibrated_probabilities'), expected.calibrated)).toBeLessThanOrEqual(
        1e-5,
      );
    }
  } finally {
    engine.dispose();
    await session.release();
  }
}

/** A state whose statistics, scales and offsets are not those of the first step. */
function trainedState(graph: ModelGraph): StateDict {
  const state = new Map(initialState(graph, 3));
  for (const [name, tensor] of state) {
    if (tensor.dtype !== 'F32') continue;
    if (name.endsWith('running_var'))
      state.set(name, { ...tensor, data: tensor.data.map((v, i) => v * (0.5 + (i % 7))) });
    else if (name.endsWith('running_mean') || name.endsWith('.bias'))
      state.set(name, { ...tensor, data: tensor.data.map((v, i) => v + 0.1 * ((i % 5) - 2)) });
  }
  return state;
}

describe('ONNX in onnxruntime equals the oracle', () => {
  it.each(SMALL_GRAPHS)('small model: %s', async (name) => {
    const graph = smallGraph(name);
    await check(
      graph,
      trainedState(graph),
      BATCHES.map((size) => randomBatch(graph, size, size)),
    );
  });

  it.each(FIXTURES)('fixture: %s', async (name) => {
    const { graph, final, batches } = await loadFixture(name, readFixtureFile);
    const [first] = batches;
    if (!first) throw new Error('no batch');
    await check(
      graph,
      final,
      BATCHES.map((size) => repeated(first, size)),
    );
  });

  it.each(['playground', 'serial', 'share-none'])('preset: %s', async (name) => {
    const { options, ...preset } = presetModel(readFileSync(`configs/${name}.yaml`, 'utf8'), 16);
    await check(
      options.graph,
      trainedState(options.graph),
      BATCHES.map((size) => preset.batch(size, size)),
    );
  });

  it('preset: local_prod at an eighth of its width', async () => {
    const text = readFileSync('configs/local_prod.yaml', 'utf8')
      .replaceAll('2117', '264')
      .replaceAll('1024', '128')
      .replace('[2048]', '[256]')
      .replace('[256, 128, 1]', '[32, 16, 1]');
    const { options, ...preset } = presetModel(text, 25);
    await check(
      options.graph,
      trainedState(options.graph),
      BATCHES.map((size) => preset.batch(size, size)),
    );
  });
});

/** `size` rows of a batch, from the first on and again. */
function repeated(batch: RecapBatch, size: number): RecapBatch {
  const part = (array: Float32Array) => {
    const width = array.length / batch.size;
    return Float32Array.from({ length: size * width }, (_, at) => array[at % array.length] ?? 0);
  };
  return {
    size,
    continuous: part(batch.continuous),
    binary: part(batch.binary),
    discrete: part(batch.discrete),
    userEmbedding: part(batch.userEmbedding),
    userEngEmbedding: part(batch.userEngEmbedding),
    authorEmbedding: part(batch.authorEmbedding),
    labels: part(batch.labels),
    weights: batch.weights && part(batch.weights),
  };
}

describe('numbers at the edges', () => {
  const graph = smallGraph('parallel, BatchNorm towers, dropout');

  it('a row without variance under epsilon 0, non-finite, huge and tiny features', async () => {
    const batch = randomBatch(graph, 6, 5);
    const width = batch.continuous.length / batch.size;
    batch.continuous.fill(0, 0, width);
    batch.binary.fill(0, 0, batch.binary.length / batch.size);
    batch.continuous.fill(3e38, width, 2 * width);
    batch.continuous.fill(1e-8, 2 * width, 3 * width);
    batch.continuous.fill(-Infinity, 3 * width, 4 * width);
    batch.continuous.fill(NaN, 4 * width, 5 * width);
    // Small variances, so that the digits of a tiny feature count.
    const state = new Map(initialState(graph, 1));
    const name = '_preprocessor._before_concat_layers.2.layer.running_var';
    state.set(name, { dtype: 'F32', shape: [width], data: new Float32Array(width).fill(1e-12) });
    await check(graph, state, [batch]);
  });
});

describe('the file', () => {
  const graph = smallGraph('parallel, BatchNorm towers, dropout');
  const state = initialState(graph, 1);
  const model = fromBinary(
    ModelProtoSchema,
    writeOnnx({ graph, state, metadata: { step: '12', config: 'a: 1' } }),
  );

  it('has operator set 17 and what it was made from', () => {
    expect(model.opsetImport).toMatchObject([{ domain: '', version: 17n }]);
    const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));
    expect(metadata).toEqual({ step: '12', config: 'a: 1', tasks: '["recap.a","recap.b","recap.c"]' });
  });

  it('reads discrete where a table is looked up by it, and names the table as the state dict does', () => {
    const small = smallGraph('DLRM with small embeddings');
    const made = fromBinary(
      ModelProtoSchema,
      writeOnnx({ graph: small, state: initialState(small, 1), metadata: {} }),
    );
    expect(made.graph?.input.map(({ name }) => name)).toContain('discrete');
    const tables = made.graph?.initializer.map(({ name }) => name) ?? [];
    expect(tables).toEqual(
      expect.arrayContaining(small.parameters.map(({ name }) => name).filter((name) => /embedd/.test(name))),
    );
    const weights = tables.filter((name) => /^_small_embeddings\..*\.weight$/.test(name));
    expect(weights).toHaveLength(2);
  });

  it('knows no position: another one predicts the same', async () => {
    const small = smallGraph('small embeddings and positions');
    const batch = randomBatch(small, 8, 5);
    const session = await ort.InferenceSession.create(
      writeOnnx({ graph: small, state: trainedState(small), metadata: {} }),
    );
    const width = SMALL_WIDTHS.discrete;
    const predicted = async (position: number) => {
      const discrete = batch.discrete.map((value, i) => (i % width === 1 ? position : value));
      const feeds = small.nodes.flatMap((node) =>
        node.kind === 'input'
          ? [
              [
                INPUT_NAMES[node.tensor],
                new ort.Tensor('float32', node.tensor === 'discrete' ? discrete : batch[node.tensor], [
                  batch.size,
                  node.width,
                ]),
              ],
            ]
          : [],
      );
      const outputs = await session.run(Object.fromEntries(feeds) as Record<string, ort.Tensor>);
      return outputs['probabilities']?.data;
    };
    expect(await predicted(1)).toEqual(await predicted(900));
    await session.release();
  });

  it('names inputs as the reference does, outputs, weights by the state dict, with any number of rows', () => {
    expect(model.graph?.input.map(({ name }) => name)).toEqual([
      'continuous',
      'binary',
      'user_embedding',
      'user_eng_embedding',
      'author_embedding',
    ]);
    expect(model.graph?.output.map(({ name }) => name)).toEqual([
      'logits',
      'probabilities',
      'calibrated_probabilities',
    ]);
    for (const { type } of [...(model.graph?.input ?? []), ...(model.graph?.output ?? [])]) {
      if (type?.value.case !== 'tensorType') throw new Error('no tensor');
      expect(type.value.value.shape?.dim[0]?.value).toEqual({ case: 'dimParam', value: 'batch' });
    }
    const names = new Set(model.graph?.initializer.map(({ name }) => name));
    const used = graph.parameters
      .map(({ name }) => name)
      .filter((name) => !/num_batches_tracked|_calibrators/.test(name));
    expect(used.filter((name) => !names.has(name))).toEqual([]);
    const nodes = model.graph?.node.map(({ name }) => name) ?? [];
    expect(nodes).toContain('_backbone._mask_blocks.0.gate');
    expect(new Set(nodes).size).toBe(nodes.length);
  });

  it('is refused when a tensor is missing or of another size, naming it', () => {
    const name = '_backbone._mask_blocks.0._hidden_layer.weight';
    const without = new Map([...state].filter(([key]) => key !== name));
    expect(() => writeOnnx({ graph, state: without, metadata: {} })).toThrow(OnnxError);
    expect(() => writeOnnx({ graph, state: without, metadata: {} })).toThrow(name);
    const wrong = new Map(state).set(name, { dtype: 'F32', shape: [2], data: new Float32Array(2) });
    expect(() => writeOnnx({ graph, state: wrong, metadata: {} })).toThrow(`Tensor ${name} has 2 values`);
  });
});
