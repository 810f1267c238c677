/** Files that people really have, in the terminal: each of test/cases gives its right value (see its README). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../src/formats/safetensors.ts';
import { cli, temporaryFolder } from './testing/run.ts';

const temporary = temporaryFolder();
afterAll(() => temporary.remove());
let runs = 0;

interface MetricsLine {
  step: number;
  loss: number;
}

interface Predicted {
  records: number[];
  logits: number[][];
}

const caseFile = (name: string, file: string) =>
  fileURLToPath(new URL(`../test/cases/${name}/${file}`, import.meta.url));

/** Trains and gives what was said and the losses by step. */
async function trained(name: string, options: Record<string, string>, config = 'config.yaml') {
  const out = temporary.path(`train-${runs++}`);
  const args = Object.entries({ config, ...options }).flatMap(([option, value]) => [
    `--${option}`,
    option === 'config' || option === 'data' ? caseFile(name, value) : value,
  ]);
  const ended = await cli(['train', ...args, '--out', out]);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const lines = readFileSync(`${out}/metrics.jsonl`, 'utf8').trim().split('\n');
  return {
    stderr: ended.stderr,
    losses: lines.map((line) => (JSON.parse(line) as MetricsLine).loss),
    weights: readSafetensors(new Uint8Array(readFileSync(`${out}/model.safetensors`))).tensors,
  };
}

/** Predicts and gives what was said and the file. */
async function predicted(name: string, data: string, weights = 'model.safetensors', config = 'config.yaml') {
  const out = temporary.path(`predict-${runs++}.json`);
  const files = { config, weights, data };
  const args = Object.entries(files).flatMap(([option, file]) => [`--${option}`, caseFile(name, file)]);
  const ended = await cli(['predict', ...args, '--out', out]);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return { stderr: ended.stderr, ...(JSON.parse(readFileSync(out, 'utf8')) as Predicted) };
}

const notes = (stderr: string) =>
  stderr.split('\n').filter((line) => line.startsWith('Note: ') && !line.includes('is not evaluated'));
const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];

describe('01 ids beyond 2^53', () => {
  const name = '01-snowflake-ids';

  it('are read, and nothing depends on them', async () => {
    const { losses, stderr } = await trained(name, {
      data: 'data.tfrecord.gz',
      steps: '2',
      shuffle: 'false',
    });
    const plain = await trained('08-missing-feature', { data: 'absent-label.tfrecord.gz', steps: '2', shuffle: 'false' }); // prettier-ignore
    expect(losses).toEqual(plain.losses);
    expect(notes(stderr)).toEqual([]);
  });

  it('lose no record of the predictions', async () => {
    const strict = await predicted(name, 'data.tfrecord.gz');
    expect(strict.records).toEqual(EIGHT);
    expect(strict.logits).toHaveLength(8);
    const lenient = await predicted(name, 'data.tfrecord.gz', 'model.safetensors', 'config-ignore.yaml');
    expect(lenient).toEqual(strict);
  });
});

describe('03 a feature that renamed_features does not name', () => {
  const name = '03-embedding-not-renamed';

  it('is no part of the model, whether records have it or not', async () => {
    const { weights } = await trained(name, { data: 'data.tfrecord.gz', steps: '1' });
    expect(weights.get('_towers.recap__engagement__is_favorited.layers.0.weight')?.shape).toEqual([4, 5]);
    expect([...weights.keys()].filter((key) => key.includes('embedding'))).toEqual([]);
    expect((await predicted(name, 'data.tfrecord.gz')).records).toEqual(EIGHT);
    expect((await predicted(name, 'no-embedding.tfrecord.gz')).records).toEqual(EIGHT);
  });
});

describe('08 a feature that a record lacks', () => {
  const name = '08-missing-feature';
  const losses = (data: string) => trained(name, { data, shuffle: 'false', steps: '2', seed: '1' });

  it.each(['absent.tfrecord.gz', 'unset.tfrecord.gz'])('reads as zeros: %s', async (data) => {
    const found = await losses(data);
    const other = await losses('absent.tfrecord.gz');
    expect(found.losses).toEqual(other.losses);
    expect(notes(found.stderr)).toHaveLength(1);
    expect(notes(found.stderr)[0]).toMatch(/"b" is not in every record \(first met in record 5 of .*gz\)/);
  });

  it('reads as zeros where it is a label', async () => {
    const found = await losses('absent-label.tfrecord.gz');
    expect(found.losses[1]).toBeCloseTo(1.23292, 5);
    expect(notes(found.stderr)[0]).toMatch(/"recap\.engagement\.is_replied" is not in every record/);
  });
});

describe('15 labels other than 0 and 1', () => {
  it('are trained on, with one note a label', async () => {
    const { stderr } = await trained('15-labels-beyond-one', { data: 'data.tfrecord.gz', steps: '2' });
    expect(notes(stderr)).toHaveLength(1);
    expect(notes(stderr)[0]).toMatch(
      /recap\.engagement\.is_favorited has labels other than 0 and 1, such as \d/,
    );
  });
});

describe('16 repeat_files: false', () => {
  it('has no effect, as in the reference', async () => {
    const { losses, stderr } = await trained('16-repeat-files-false', { steps: '10' });
    expect(losses).toHaveLength(10);
    expect(stderr).toContain('repeat_files');
  });
});

describe('05 gzip of several members', () => {
  it('is read whole, whether errors are ignored or not', async () => {
    const name = '05-multi-member-gzip';
    const strict = await predicted(name, 'data.tfrecord.gz');
    expect(strict.records).toEqual(EIGHT);
    expect(await predicted(name, 'data.tfrecord.gz', 'model.safetensors', 'config-ignore.yaml')).toEqual(
      strict,
    );
  });
});

describe('14 other compression', () => {
  const name = '14-other-compression';

  it.each(['zlib.tfrecord', 'twice.tfrecord.gz'])('is undone: %s', async (data) => {
    const { losses } = await trained(name, { data, steps: '2', shuffle: 'false' });
    const plain = await trained('01-snowflake-ids', {
      data: 'data.tfrecord.gz',
      steps: '2',
      shuffle: 'false',
    });
    expect(losses).toEqual(plain.losses);
  });
});

describe('07 weights with a wrapper’s prefix', () => {
  const name = '07-state-dict-prefix';

  it.each([
    ['reference-loop.safetensors', 'model.'],
    ['ddp.safetensors', 'module.'],
    ['compiled.safetensors', '_orig_mod.'],
  ])('%s predicts as the weights without it', async (weights, prefix) => {
    const plain = await predicted(name, 'data.tfrecord.gz');
    const wrapped = await predicted(name, 'data.tfrecord.gz', weights);
    expect(wrapped.logits).toEqual(plain.logits);
    expect(notes(wrapped.stderr)).toHaveLength(1);
    expect(notes(wrapped.stderr)[0]).toContain(`${weights}: "${prefix}" was taken off the names`);
    expect(notes(plain.stderr)).toEqual([]);
  });
});
