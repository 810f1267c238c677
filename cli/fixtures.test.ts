/** The terminal against the reference's numbers: train gives its losses, predict its probabilities. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../src/formats/safetensors.ts';
import { cli, fixture, temporaryFolder } from './testing/run.ts';

const FIXTURES = ['parallel-share-all', 'serial-share-partial', 'mixed-share-none'];
const TIMEOUT = 120_000;
const temporary = temporaryFolder();
afterAll(() => temporary.remove());

interface MetricsLine {
  step: number;
  loss: number;
  task_losses: Record<string, number>;
  learning_rates: Record<string, number>;
}

interface Output {
  tasks: string[];
  logits: number[][];
  probabilities: number[][];
  calibrated_probabilities: number[][];
}

function expectedTensor(name: string, tensor: string): { shape: readonly number[]; data: Float32Array } {
  const bytes = new Uint8Array(readFileSync(fixture(name, 'expected.safetensors')));
  const found = readSafetensors(bytes).tensors.get(tensor);
  if (found?.dtype !== 'F32') throw new Error(`no tensor ${tensor}`);
  return found;
}

/** Largest difference, relative to the expected value. */
function worst(actual: readonly number[], expected: ArrayLike<number>): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(
    ...actual.map((value, i) => Math.abs(value - (expected[i] ?? 0)) / Math.abs(expected[i] ?? 0)),
  );
}

describe.each(FIXTURES)('%s', (name) => {
  it(
    'train gives the losses of the reference',
    async () => {
      const out = temporary.path(name);
      const args = [
        '--config',
        fixture(name, 'config.yaml'),
        '--data',
        fixture(name, 'data/batches.tfrecord.gz'),
      ];
      const weights = ['--weights', fixture(name, 'initial.safetensors'), '--shuffle', 'false', '--out', out];
      const ended = await cli(['train', ...args, ...weights]);
      expect(ended.stderr).toContain('Done');
      expect(ended).toMatchObject({ code: 0, stdout: '' });
      const text = readFileSync(temporary.path(name, 'metrics.jsonl'), 'utf8');
      const lines = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as MetricsLine);
      const losses = expectedTensor(name, 'losses').data;
      const taskLosses = expectedTensor(name, 'task_losses').data;
      expect(lines.map(({ step }) => step)).toEqual([...losses.keys()]);
      expect(
        worst(
          lines.map(({ loss }) => loss),
          losses,
        ),
      ).toBeLessThanOrEqual(1e-5);
      expect(
        worst(
          lines.flatMap((line) => Object.values(line.task_losses)),
          taskLosses,
        ),
      ).toBeLessThanOrEqual(1e-5);
      expect(lines[3]?.learning_rates['backbone']).toBeCloseTo(
        expectedTensor(name, 'learning_rate.backbone').data[3] ?? 0,
        9,
      );
      const { tensors, metadata } = readSafetensors(
        new Uint8Array(readFileSync(temporary.path(name, 'model.safetensors'))),
      );
      const reference = readSafetensors(
        new Uint8Array(readFileSync(fixture(name, 'final.safetensors'))),
      ).tensors;
      expect(new Set(tensors.keys())).toEqual(new Set(reference.keys()));
      expect(metadata['step']).toBe('12');
    },
    TIMEOUT,
  );

  it.each([
    ['initial', 'eval_before', 1e-5],
    ['final', 'eval_after', 5e-3],
  ])(
    'predict with the %s weights gives %s',
    async (weights, expected, tolerance) => {
      const out = temporary.path(`${name}-${weights}.json`);
      const args = [
        '--config',
        fixture(name, 'config.yaml'),
        '--data',
        fixture(name, 'data/batches.tfrecord.gz'),
      ];
      const ended = await cli([
        'predict',
        ...args,
        '--weights',
        fixture(name, `${weights}.safetensors`),
        '--out',
        out,
      ]);
      expect(ended).toMatchObject({ code: 0, stdout: '' });
      const output = JSON.parse(readFileSync(out, 'utf8')) as Output;
      const { shape, data } = expectedTensor(name, `${expected}.probabilities`);
      const [rows = 0, tasks = 0] = shape;
      expect(output.tasks).toHaveLength(tasks);
      // One row for each example of the twelve batches.
      expect(output.probabilities).toHaveLength(rows * 12);
      const check = (values: number[][], tensor: ArrayLike<number>) => {
        const first = values.slice(0, rows).flat();
        expect(first).toHaveLength(tensor.length);
        first.forEach((value, i) =>
          expect(Math.abs(value - (tensor[i] ?? 0))).toBeLessThanOrEqual(tolerance),
        );
      };
      check(output.probabilities, data);
      check(
        output.calibrated_probabilities,
        expectedTensor(name, `${expected}.calibrated_probabilities`).data,
      );
    },
    TIMEOUT,
  );
});
