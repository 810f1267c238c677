/** The model taken to other programs: what each download holds, and that ONNX predicts what the weights do. */
import { expect } from '@playwright/test';
import * as ort from 'onnxruntime-web/wasm';
import { OracleEngine } from '../src/engines/oracle/oracle.ts';
import { INPUT_NAMES } from '../src/formats/input-names.ts';
import { readSafetensors } from '../src/formats/safetensors.ts';
import { readZip } from '../src/formats/zip.ts';
import { parseManifest } from '../src/runs/manifest.ts';
import { runModel } from '../src/runs/run-model.ts';
import type { PlaygroundPage } from './page.ts';

const ROWS = 24;

/**
 * Takes the weights of a run that has finished to PyTorch, ONNX and the reference.
 * @param yaml what the run was configured by.
 * @param step its last.
 */
export async function checkExports(playground: PlaygroundPage, yaml: string, step: number): Promise<void> {
  const taken = async (button: string) => new Uint8Array(await playground.download(button));
  const filesOf = async (button: string) =>
    new Map(readZip(await taken(button)).map(({ path, bytes }) => [path, bytes]));
  const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

  const { tensors: weights } = readSafetensors(await taken('Export weights'));
  const pytorch = await filesOf('Export as PyTorch');
  const folder = `model-step-${step}-pytorch`;
  const inside = [...pytorch.keys()].map((path) => path.replace(`${folder}/`, ''));
  expect(inside).toEqual(
    expect.arrayContaining(['README.md', 'model.py', 'train.py', 'predict.py', 'data.py', 'settings.py']),
  );
  const [signature, ...lines] = text(pytorch.get(`${folder}/config.yaml`)).split('\n');
  expect(signature).toMatch(/^# Heavy Ranker Playground \d/);
  expect(lines.join('\n')).toBe(yaml);
  const manifest = parseManifest(text(pytorch.get(`${folder}/manifest.json`)));
  const { graph } = runModel(manifest.recipe);
  const exported = readSafetensors(pytorch.get(`${folder}/weights.safetensors`) ?? new Uint8Array());
  expect([...exported.tensors.keys()]).toEqual(graph.parameters.map(({ name }) => name));
  expect([...exported.tensors]).toEqual([...weights]);
  expect(exported.metadata['step']).toBe(String(step));

  const reference = await filesOf('Export as Reference');
  const other = `model-step-${step}-reference`;
  expect([...reference.keys()]).toContain(`${other}/to_reference.py`);
  expect(text(reference.get(`${other}/config.yaml`))).toContain('initial_checkpoint_dir: checkpoint/0');
  const handed = readSafetensors(reference.get(`${other}/weights.safetensors`) ?? new Uint8Array());
  expect([...handed.tensors]).toEqual([...weights]);

  ort.env.wasm.numThreads = 1;
  const runtime = await ort.InferenceSession.create(await taken('Export as ONNX'));
  const oracle = new OracleEngine({
    graph,
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    seed: 0,
    batchSize: ROWS,
  });
  await oracle.load(weights);
  const values = (width: number) =>
    Float32Array.from({ length: ROWS * width }, (_, i) => 3 * Math.sin(1.7 * i));
  const features = Object.fromEntries(
    graph.nodes.flatMap((node) => (node.kind === 'input' ? [[node.tensor, values(node.width)]] : [])),
  );
  const none = new Float32Array(0);
  const batch = {
    size: ROWS,
    continuous: none,
    binary: none,
    discrete: none,
    userEmbedding: none,
    userEngEmbedding: none,
    authorEmbedding: none,
    ...features,
    labels: new Float32Array(ROWS * graph.outputs.length),
    weights: null,
  };
  const feeds = graph.nodes.flatMap((node) =>
    node.kind === 'input'
      ? [[INPUT_NAMES[node.tensor], new ort.Tensor('float32', batch[node.tensor], [ROWS, node.width])]]
      : [],
  );
  const outputs = await runtime.run(Object.fromEntries(feeds) as Record<string, ort.Tensor>);
  const found = outputs['probabilities']?.data as Float32Array;
  const { probabilities } = await oracle.predict(batch);
  expect(found).toHaveLength(probabilities.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(probabilities[i] ?? Number.NaN, 5));
}
