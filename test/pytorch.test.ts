/** The PyTorch folder as text; scripts/check-pytorch.ts runs it in PyTorch. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, fixture, temporaryFolder } from '../cli/testing/run.ts';
import { FIXTURES, loadFixture } from '../src/engines/testing/fixture.ts';
import { readFixtureFile } from '../src/engines/testing/node.ts';
import { presetModel } from '../src/engines/testing/preset-model.ts';
import { SMALL_GRAPHS, smallGraph } from '../src/engines/testing/small-model.ts';
import { modelSource } from '../src/formats/pytorch/model-source.ts';
import { pythonLiteral, PythonName } from '../src/formats/pytorch/python.ts';
import { readSafetensors } from '../src/formats/safetensors.ts';
import type { ModelGraph } from '../src/graph/graph.ts';

const STATE_NAMES = fileURLToPath(new URL('python/state_names.py', import.meta.url));
const temporary = temporaryFolder();
afterAll(() => temporary.remove());

/** A Python of any kind: neither test below needs a package. */
const python = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0,
);

async function graphs(): Promise<Map<string, ModelGraph>> {
  const found = new Map<string, ModelGraph>();
  SMALL_GRAPHS.forEach((name, index) => found.set(`small-${index}`, smallGraph(name)));
  for (const name of FIXTURES) found.set(name, (await loadFixture(name, readFixtureFile)).graph);
  for (const name of ['playground', 'serial', 'share-none', 'local_prod'])
    found.set(name, presetModel(readFileSync(`configs/${name}.yaml`, 'utf8'), 16).options.graph);
  return found;
}

describe.runIf(python)('with a Python', () => {
  it("every model.py makes the graph's state dict, its groups and its tasks", async () => {
    const all = await graphs();
    const folders = [...all].map(([name, graph]) => {
      const folder = temporary.path(name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'model.py'), modelSource(graph));
      return folder;
    });
    const text = execFileSync(python ?? '', [STATE_NAMES, ...folders], { encoding: 'utf8' });
    const made = JSON.parse(text) as Record<
      string,
      { shapes: Record<string, number[]>; groups: Record<string, string>; tasks: string[] }
    >;
    for (const [name, graph] of all) {
      const model = made[name];
      if (!model) throw new Error(`no model ${name}`);
      // PyTorch counts batches in a scalar.
      const shapes = graph.parameters.map(({ name: key, shape, dtype }) => [
        key,
        dtype === 'I64' ? [] : [...shape],
      ]);
      expect(model.shapes, name).toEqual(Object.fromEntries(shapes));
      const trained = graph.parameters.filter(({ trainable }) => trainable);
      expect(
        trained.filter(({ name: key, group }) => model.groups[key] !== group),
        name,
      ).toEqual([]);
      expect(model.tasks).toEqual(graph.outputs.map(({ task }) => task));
    }
  });

  it('every file compiles', async () => {
    const out = temporary.path('compiled');
    const ended = await cli([
      'export',
      '--config',
      fixture('serial-share-partial', 'config.yaml'),
      '--format',
      'pytorch',
      '--out',
      out,
    ]);
    expect(ended.code).toBe(0);
    const files = ['train', 'predict', 'model', 'settings', 'data', 'records', 'examples', 'evaluation'];
    const more = ['metrics', 'weights', 'state', 'schedules', 'parallel'];
    const paths = [...files, ...more].map((name) => join(out, `${name}.py`));
    execFileSync(python ?? '', ['-m', 'py_compile', ...paths], { encoding: 'utf8' });
  });
});

describe('export --format pytorch', () => {
  const name = 'parallel-share-all';
  const out = temporary.path('folder', 'inside');
  const read = (file: string) => readFileSync(join(out, file), 'utf8');
  beforeAll(async () => {
    const ended = await cli([
      'export',
      '--config',
      fixture(name, 'config.yaml'),
      '--weights',
      fixture(name, 'final.safetensors'),
      '--format',
      'pytorch',
      '--out',
      out,
    ]);
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(ended.stderr).toContain(`files written to ${out}`);
  });

  it('writes the weights as they were, the configuration and the schema', () => {
    const tensors = (path: string) => readSafetensors(new Uint8Array(readFileSync(path))).tensors;
    const own = tensors(join(out, 'weights.safetensors'));
    for (const [key, tensor] of tensors(fixture(name, 'final.safetensors')))
      expect(own.get(key)?.data, key).toEqual(tensor.data);
    const [signature, ...lines] = read('config.yaml').split('\n');
    expect(signature).toMatch(/^# Heavy Ranker Playground \d/);
    expect(lines.join('\n')).toBe(readFileSync(fixture(name, 'config.yaml'), 'utf8'));
    expect(read('segdense.json')).toBe(readFileSync(fixture(name, 'segdense.json'), 'utf8'));
  });

  it('names tasks, rates and schedules in settings.py', () => {
    const settings = read('settings.py');
    expect(settings).toContain('"recap.engagement.is_report_tweet_clicked": [1, 1.4e-5]');
    expect(settings).toContain('"linear_ramp_to_constant"');
    expect(settings).toContain('"columns": COLUMNS');
  });

  it('names the parameters that no loss depends on', async () => {
    const { graph } = await loadFixture(name, readFixtureFile);
    const [, frozen = ''] = /^FROZEN = (\[[^\]]*\])/m.exec(read('settings.py')) ?? [];
    expect(graph.zeroGradients.size).toBeGreaterThan(0);
    expect(JSON.parse(frozen.replace(/,\s*\]/, ']'))).toEqual([...graph.zeroGradients]);
  });

  it('takes configuration, schema, weights and manifest from the folder of a run', async () => {
    const run = temporary.path('run');
    const trained = await cli([
      'train',
      '--config',
      fixture('serial-share-partial', 'config.yaml'),
      '--data',
      fixture('serial-share-partial', 'data/batches.tfrecord.gz'),
      '--steps',
      '3',
      '--out',
      run,
    ]);
    expect(trained.code).toBe(0);
    const folder = temporary.path('from-run');
    const ended = await cli(['export', '--run', run, '--format', 'pytorch', '--out', folder]);
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    const bytes = (...path: string[]) => new Uint8Array(readFileSync(join(...path)));
    const exported = readSafetensors(bytes(folder, 'weights.safetensors'));
    const { tensors } = readSafetensors(bytes(run, 'model.safetensors'));
    expect(exported.metadata['step']).toBe('3');
    expect([...exported.tensors]).toEqual([...tensors]);
    // The order of its keys says nothing.
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toEqual(
      JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8')),
    );
    const predictions = await cli([
      'predict',
      '--config',
      join(folder, 'config.yaml'),
      '--weights',
      join(folder, 'weights.safetensors'),
      '--data',
      fixture('serial-share-partial', 'data/batches.tfrecord.gz'),
      '--out',
      temporary.path('predictions.json'),
    ]);
    expect(predictions.code).toBe(0);
  });

  it('says what is missing', async () => {
    const ended = await cli(['export', '--config', 'none.yaml', '--format', 'tensorflow', '--out', out]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toBe('--format must be pytorch or onnx or reference, not "tensorflow".\n');
    const neither = await cli(['export', '--format', 'onnx', '--out', out]);
    expect(neither).toMatchObject({
      code: 2,
      stderr: 'export needs one of --run DIR and --config FILE; see export --help.\n',
    });
  });
});

describe('pythonLiteral', () => {
  it('writes what Python reads', () => {
    expect(pythonLiteral({ a: null, b: [true, 1e-5, 2, 'ü"\\'], c: new PythonName('X') })).toBe(
      '{"a": None, "b": [True, 1e-5, 2, "ü\\"\\\\"], "c": X}',
    );
    expect(() => pythonLiteral([Number.NaN])).toThrow(RangeError);
  });

  it('breaks what is too long for a line, numbers many to a line', () => {
    const text = pythonLiteral({ numbers: Array.from({ length: 60 }, (_, i) => i), name: 'x' });
    expect(text.split('\n').every((line) => line.length <= 100)).toBe(true);
    expect(text.split('\n').length).toBeLessThan(10);
  });
});
