/** What the page gets for each format, made of a run's manifest and its weights. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseDataSchema } from '../data/data-schema.ts';
import { initialState } from '../engines/init.ts';
import type { ExportFormat } from '../formats/export.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import { StateDictError } from '../formats/state-dict-error.ts';
import { readZip } from '../formats/zip.ts';
import { MemoryHome } from '../runs/homes/memory-home.ts';
import { parseManifest } from '../runs/manifest.ts';
import { newManifest } from '../runs/new-manifest.ts';
import { recipeSchemaOf } from '../runs/recipe-forms.ts';
import { runModel } from '../runs/run-model.ts';
import { exportWeights } from '../training/checkpoint.ts';
import type { ExportedModel } from './runs-protocol.ts';
import { runsHandlers } from './runs-host.ts';

const read = (file: string) => readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');
const config = read('playground.yaml');
const manifest = newManifest({
  app: 'test',
  recipe: {
    config,
    steps: null,
    data: { kind: 'uniform', labels: 'binary', examples: null },
    schema: recipeSchemaOf('playground-segdense.json', parseDataSchema(read('playground-segdense.json'))),
    masks: [],
    seeds: { weights: 3, data: 4 },
    engine: { choice: 'auto', precision: 'float32', noisyShifts: false },
    warmStart: null,
  },
});
const { graph } = runModel(manifest.recipe);
const state = initialState(graph, 9);
const weights = new Blob([exportWeights(state, { config, step: 12, seed: 3 })]);
const handlers = runsHandlers(() => Promise.resolve(new MemoryHome()));

async function made(format: ExportFormat, file = weights) {
  const params = { format, manifest, weights: file };
  const answer = await handlers.exportModel(params, new AbortController().signal);
  return answer as ExportedModel;
}

const bytesOf = async ({ file }: ExportedModel) => new Uint8Array(await file.arrayBuffer());

it.each(['pytorch', 'reference'] as const)(
  '%s is a zip of one folder with the run’s weights',
  async (format) => {
    const exported = await made(format);
    expect(exported.name).toBe(`model-step-12-${format}.zip`);
    const files = new Map(
      readZip(await bytesOf(exported)).map(({ path, bytes }) => [
        path.replace(`model-step-12-${format}/`, ''),
        bytes,
      ]),
    );
    const { tensors, metadata } = readSafetensors(files.get('weights.safetensors') ?? new Uint8Array());
    expect([...tensors]).toEqual([...state]);
    expect(metadata).toMatchObject({ step: '12', seed: '3' });
    const text = (path: string) => new TextDecoder().decode(files.get(path));
    if (format === 'pytorch') {
      expect(text('config.yaml')).toBe(`# Heavy Ranker Playground test\n${config}`);
      expect(parseManifest(text('manifest.json'))).toEqual(manifest);
      expect([...files.keys()]).toEqual(expect.arrayContaining(['model.py', 'train.py', 'predict.py']));
    } else expect([...files.keys()]).toContain('to_reference.py');
  },
);

it('onnx is one file that says what it was made from', async () => {
  const exported = await made('onnx');
  expect(exported.name).toBe('model-step-12.onnx');
  const text = new TextDecoder('latin1').decode(await bytesOf(exported));
  expect(text).toContain(manifest.id);
  const missing = graph.parameters.filter(({ name, trainable }) => trainable && !text.includes(name));
  expect(missing).toEqual([]);
});

it('refuses weights of another model', async () => {
  const other = new Blob([exportWeights(new Map([...state].slice(1)), { config, step: 12, seed: 3 })]);
  await expect(made('onnx', other)).rejects.toThrow(StateDictError);
});
