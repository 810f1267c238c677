/** Commands that take a trained model by its run, and runs of a table that the page's manifest describes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseManifest } from '../src/runs/manifest.ts';
import { manifestText, newManifest } from '../src/runs/new-manifest.ts';
import type { RunData } from '../src/runs/manifest.ts';
import { recipeSchemaOf } from '../src/runs/recipe-forms.ts';
import { dataHandlers } from '../src/workers/data-host.ts';
import type { MadeTable } from '../src/workers/protocol.ts';
import { cli, fixture, temporaryFolder } from './testing/run.ts';

const TIMEOUT = 120_000;
const temporary = temporaryFolder();
afterAll(() => temporary.remove());
const at = (...parts: string[]) => temporary.path(...parts);
const text = (...parts: string[]) => readFileSync(at(...parts), 'utf8');

async function run(...args: string[]): Promise<void> {
  const { code, stderr } = await cli(args);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
}

async function refused(...args: string[]): Promise<string> {
  const { code, stderr } = await cli(args);
  expect(code).not.toBe(0);
  return stderr.trim().split('\n').at(-1) ?? '';
}

describe('a model named by its run', () => {
  const config = fixture('mixed-share-none', 'config.yaml');
  const data = fixture('mixed-share-none', 'data/batches.tfrecord.gz');
  const byFiles = () => ['--config', config, '--weights', at('run', 'model.safetensors')];

  beforeAll(async () => {
    await run('train', '--config', config, '--mode', 'uniform', '--engine', 'cpu', '--steps', '3', '--out', at('run')); // prettier-ignore
  }, TIMEOUT);

  it(
    'predicts and ranks as its configuration and weights do',
    async () => {
      const engine = ['--engine', 'cpu'];
      await run('predict', ...byFiles(), ...engine, '--data', data, '--out', at('files.json'));
      await run('predict', '--run', at('run'), '--data', data, '--out', at('run.json'));
      expect(text('run.json')).toBe(text('files.json'));
      expect((JSON.parse(text('run.json')) as { logits: number[][] }).logits.length).toBeGreaterThan(10);
      await run('rank', ...byFiles(), ...engine, '--out', at('files-ranked.json'));
      await run('rank', '--run', at('run'), '--out', at('run-ranked.json'));
      expect(text('run-ranked.json')).toBe(text('files-ranked.json'));
    },
    TIMEOUT,
  );

  it('is named in one way', async () => {
    const rest = ['--data', data, '--out', at('x.json')];
    expect(await refused('predict', ...rest)).toContain('predict needs one of --run DIR and --config FILE');
    expect(await refused('predict', '--run', at('run'), ...byFiles(), ...rest)).toContain('needs one of');
    expect(await refused('rank', '--run', at('run'), '--weights', 'w', '--out', 'x')).toContain(
      "--weights can't be given here: it goes with --config",
    );
    expect(await refused('predict', '--run', at('nowhere'), ...rest)).toContain('there is no run');
  });
});

describe('a run of a table, as the page describes it', () => {
  const ROWS = 300;
  const csv = () => at('people.csv');

  /** The page's manifest: it has no paths, and has counted no content. */
  async function pageManifest(): Promise<string> {
    const lines = Array.from(
      { length: ROWS },
      (_, i) => `${20 + (i % 50)},${(i * 7) % 13},${i % 3 === 0 ? 'yes' : 'no'}`,
    );
    writeFileSync(csv(), `age,gain,rich\n${lines.join('\n')}\n`);
    const file = new File([readFileSync(csv())], 'people.csv');
    const read = { file, csv: {}, missingTexts: null };
    const asked = {
      ...read,
      columns: [],
      labels: [{ column: 'rich', value: null }],
      heads: [],
      heldOut: { by: 'row' as const, share: 0.2 },
      referenceTime: null,
    };
    // In this thread: a File that crosses Node's ports loses its name.
    const made = (await dataHandlers(() => {}).makeTable(asked, new AbortController().signal)) as MadeTable;
    const { name, schema } = made.schema;
    const data: RunData = {
      kind: 'table',
      file: { name: 'people.csv', size: file.size, sha256: null },
      columns: { ...made.columns },
    };
    return manifestText(
      newManifest({
        app: 'page',
        recipe: {
          config: made.config,
          steps: 3,
          data,
          schema: recipeSchemaOf(name, schema),
          masks: [],
          seeds: { weights: 1, data: 1 },
          engine: { choice: 'tfjs-cpu', precision: 'float32', noisyShifts: false },
          warmStart: null,
        },
      }),
    );
  }

  it(
    'is trained, gone on with, evaluated, predicted with and ranked with in the terminal',
    async () => {
      writeFileSync(at('manifest.json'), await pageManifest());
      const begin = ['train', '--manifest', at('manifest.json'), '--out', at('table-run')];
      expect(await refused(...begin)).toContain('made from people.csv');
      writeFileSync(at('other.csv'), 'age,gain,rich\n1,2,yes\n');
      expect(await refused(...begin, '--data', at('other.csv'))).toContain('bytes');
      await run(...begin, '--data', csv());
      const { recipe } = parseManifest(text('table-run', 'manifest.json'));
      expect(recipe.data).toMatchObject({
        kind: 'table',
        file: { path: csv(), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      });
      await run('train', '--resume', at('table-run'), '--steps', '5');
      const losses = text('table-run', 'metrics.jsonl').trim().split('\n');
      expect(losses.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([0, 1, 2, 3, 4]);
      await run('evaluate', '--run', at('table-run'), '--out', at('evaluation.json'));
      expect(text('evaluation.json')).toContain('"auroc"');

      await run('predict', '--run', at('table-run'), '--table', csv(), '--out', at('predicted.csv'));
      const predicted = text('predicted.csv').trim().split(/\r?\n/);
      expect(predicted).toHaveLength(ROWS + 1);
      expect(Number(predicted[7]?.split(',')[1])).toBeGreaterThan(0);
      await run('rank', '--run', at('table-run'), '--table', csv(), '--out', at('ranked.csv'));
      expect(text('ranked.csv').trim().split(/\r?\n/)).toHaveLength(ROWS + 1);
    },
    TIMEOUT,
  );
});
