/** train --noisy-shifts: the reference's own numbers either way, and shifts that move only with it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../src/formats/safetensors.ts';
import { parseManifest } from '../src/runs/manifest.ts';
import { manifestText } from '../src/runs/new-manifest.ts';
import { recipeDifferences } from '../src/runs/recipe.ts';
import { runModel } from '../src/runs/run-model.ts';
import { cli, fixture, temporaryFolder } from './testing/run.ts';

const NAME = 'serial-share-partial';
const TIMEOUT = 120_000;
const temporary = temporaryFolder();
afterAll(() => temporary.remove());

const read = (path: string): string => readFileSync(path, 'utf8');
const manifestOf = (run: string) => parseManifest(read(temporary.path(run, 'manifest.json')));
const tensorsOf = (path: string) => readSafetensors(new Uint8Array(readFileSync(path))).tensors;

const ARGS = ['--data', fixture(NAME, 'data/batches.tfrecord.gz'), '--engine', 'wasm'];
const trained = (out: string, ...args: string[]) => cli(['train', '--out', temporary.path(out), ...args]);

beforeAll(async () => {
  const from = ['--config', fixture(NAME, 'config.yaml'), '--weights', fixture(NAME, 'initial.safetensors')];
  const fresh = [...ARGS, ...from, '--shuffle', 'false'];
  for (const [out, ...more] of [
    ['quiet'],
    ['noisy', '--noisy-shifts'],
    ['cut', '--noisy-shifts', '--steps', '5'],
  ] as const) {
    expect((await trained(out, ...fresh, ...more)).code).toBe(0);
  }
}, TIMEOUT);

describe('train --noisy-shifts', () => {
  it('moves what only a BatchNorm reads, which otherwise stays where it starts', () => {
    const { zeroGradients } = runModel(manifestOf('quiet').recipe).graph;
    expect(zeroGradients.size).toBeGreaterThan(0);
    expect(runModel(manifestOf('noisy').recipe).graph.zeroGradients.size).toBe(0);
    const initial = tensorsOf(fixture(NAME, 'initial.safetensors'));
    const [quiet, noisy] = ['quiet', 'noisy'].map((run) =>
      tensorsOf(temporary.path(run, 'model.safetensors')),
    );
    for (const name of zeroGradients) {
      expect(quiet?.get(name)?.data, name).toEqual(initial.get(name)?.data);
      expect(noisy?.get(name)?.data, name).not.toEqual(initial.get(name)?.data);
    }
  });

  it.each(['quiet', 'noisy'])('%s: has the losses of the reference', (run) => {
    const losses = read(temporary.path(run, 'metrics.jsonl'))
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { loss: number }).loss);
    const expected = tensorsOf(fixture(NAME, 'expected.safetensors')).get('losses')?.data ?? [];
    expect(losses).toHaveLength(expected.length);
    losses.forEach((loss, step) => {
      const reference = Number(expected[step]);
      expect(Math.abs(loss - reference) / reference).toBeLessThanOrEqual(1e-5);
    });
  });

  it('is what the two recipes differ in; a manifest from before it is read as without', () => {
    const [quiet, noisy] = [manifestOf('quiet'), manifestOf('noisy')];
    expect(recipeDifferences(quiet.recipe, noisy.recipe)).toEqual([
      { path: 'engine.noisyShifts', before: false, after: true },
    ]);
    const older = manifestText(quiet).replace(/,\s*"noisyShifts": false/, '');
    expect(older).not.toContain('noisyShifts');
    expect(parseManifest(older)).toEqual(quiet);
  });

  it(
    'stays with a run that goes on, and with one begun from its manifest',
    async () => {
      const resumed = await cli(['train', '--resume', temporary.path('cut'), '--steps', '12']);
      expect(resumed.code).toBe(0);
      const weights = (run: string) => readFileSync(temporary.path(run, 'model.safetensors'));
      const [whole, cut] = ['noisy', 'cut'].map((run) => tensorsOf(temporary.path(run, 'model.safetensors')));
      expect([...(cut ?? [])]).toEqual([...(whole ?? [])]);
      expect(weights('cut')).not.toEqual(weights('quiet'));
      const again = [
        '--manifest',
        temporary.path('quiet', 'manifest.json'),
        '--noisy-shifts',
        '--steps',
        '1',
      ];
      expect((await trained('again', ...ARGS, ...again)).code).toBe(0);
      expect(manifestOf('again').recipe.engine.noisyShifts).toBe(true);
      const refused = await cli(['train', '--resume', temporary.path('cut'), '--noisy-shifts']);
      expect(refused).toMatchObject({ code: 2 });
      expect(refused.stderr).toContain("--noisy-shifts can't be given here");
    },
    TIMEOUT,
  );
});
