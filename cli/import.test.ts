import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../src/config/parse-config.ts';
import { parseDataSchema } from '../src/data/data-schema.ts';
import { planData } from '../src/data/layout.ts';
import { parseColumns } from '../src/data/tables/columns-file.ts';
import { tfRecordSource } from '../src/data/tfrecord-source.ts';
import { createTfjsEngine } from '../src/engines/tfjs/engine.ts';
import { modelGraph } from '../src/graph/model-graph.ts';
import { importWeights } from '../src/training/checkpoint.ts';
import { evaluatePartition } from '../src/training/evaluation.ts';
import { dataFile, readBytes } from './files.ts';
import { cli, temporaryFolder } from './testing/run.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const ROWS = 50_000;
const DAYS = 400;
/** A day of the table as text. */
const day = (number: number) => new Date(Date.UTC(2023, 0, 1 + number)).toISOString().slice(0, 10);

/** A table whose two labels follow from its columns, and what the test knows of each row. */
function makeTable() {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const normal = () => random() + random() + random() + random() + random() + random() - 3;
  const jobs = ['Private', 'Local-gov', 'Self-emp', 'None of these, "really"'];
  const lines = ['when;age;job;gain;year;rich;single'];
  const rows: { day: number; labels: number[]; logits: number[] }[] = [];
  for (let i = 0; i < ROWS; i++) {
    const age = Math.max(17, Math.round(39 + 18 * normal()));
    const job = Math.floor(4 * random());
    const gain = random() < 0.1 ? Math.floor(Math.exp(7 + 2 * normal())) : 0;
    const year = 1990 + Math.floor(30 * random());
    const when = Math.floor(DAYS * random());
    const logits = [
      0.06 * (age - 39) + [0, -0.7, 0.9, 0.2][job]! + (gain > 900 ? 2 : 0) + 0.1 * (year - 2005) - 0.8,
      -(age - 29) / 6,
    ];
    const labels = logits.map((logit) => (random() < 1 / (1 + Math.exp(-logit)) ? 1 : 0));
    rows.push({ day: when, labels, logits });
    const gap = random() < 0.06;
    const text = jobs[job]!;
    lines.push(
      [
        day(when),
        gap ? 'NA' : `${age},5`,
        text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text,
        gain,
        year,
        labels[0] ? '>50K' : '<=50K',
        labels[1] ? 'Yes' : 'No',
      ].join(';'),
    );
  }
  return { text: `${lines.join('\r\n')}\r\n`, rows };
}

/** Share of the pairs of a positive and a negative row that the scores put in order, ties for a half; by sorting. */
function pairsInOrder(scores: readonly number[], labels: readonly number[]): number {
  const positives = scores.filter((_, i) => labels[i] === 1).sort((a, b) => a - b);
  const negatives = scores.filter((_, i) => labels[i] === 0).sort((a, b) => a - b);
  let [below, upTo, sum] = [0, 0, 0];
  for (const score of positives) {
    while (below < negatives.length && negatives[below]! < score) below++;
    while (upTo < negatives.length && negatives[upTo]! <= score) upTo++;
    sum += (below + upTo) / 2;
  }
  return sum / (positives.length * negatives.length);
}

const { text, rows } = makeTable();
const table = folder.path('people.csv');
const out = folder.path('people');

describe('a table of 50,000 rows', () => {
  beforeAll(() => writeFile(table, text));

  it('is imported, trained on, and predicts its held-out rows nearly as well as can be', async () => {
    const imported = await cli([
      'import', '--table', table, '--labels', 'rich,single', '--time', 'when', '--held-out', '0.2', '--out', out,
    ]); // prettier-ignore
    expect(imported).toMatchObject({ code: 0 });
    const first = rows.map(({ day: number }) => number).sort((a, b) => a - b)[0.8 * ROWS]!;
    const held = rows.filter((row) => row.day >= first);
    expect(imported.stderr).toContain(
      `${ROWS} rows: ${ROWS - held.length} to train on, ${held.length} held out.`,
    );
    const columns: unknown = JSON.parse(await readFile(`${out}/columns.json`, 'utf8'));
    expect(columns).toMatchObject({
      table: { delimiter: ';', decimal: ',', header: true },
      held_out: { by: 'time', from: `${day(first)}T00:00:00.000Z` },
      heads: [
        { name: 'rich', positive: ['>50K'] },
        { name: 'single', positive: ['Yes'] },
      ],
    });

    // The schedule is made for minutes; a test has seconds.
    const configFile = `${out}/config.yaml`;
    const config = (await readFile(configFile, 'utf8'))
      .replace(/num_train_steps: \d+/, 'num_train_steps: 240')
      .replace(/global_batch_size: 256\n {2}inputs: train/, 'global_batch_size: 64\n  inputs: train')
      .replace(/examples_shuffle_buffer_size: \d+/, 'examples_shuffle_buffer_size: 2000')
      .replace(/num_ramp_steps: \d+, final_num_steps: \d+/, 'num_ramp_steps: 20, final_num_steps: 240');
    await writeFile(configFile, config);
    const run = folder.path('run');
    const trained = await cli(['train', '--config', configFile, '--out', run, '--engine', 'wasm']);
    expect(trained).toMatchObject({ code: 0 });

    const predictions = folder.path('predictions.csv');
    const common = ['--config', configFile, '--weights', `${run}/model.safetensors`, '--engine', 'wasm'];
    const predicted = await cli([
      'predict', '--table', table, '--columns', `${out}/columns.json`, ...common, '--out', predictions,
    ]); // prettier-ignore
    expect(predicted).toMatchObject({ code: 0 });
    const lines = (await readFile(predictions, 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toBe('row,rich,single');
    expect(lines).toHaveLength(ROWS + 1);
    const scores = lines.slice(1).map((line) => line.split(',').map(Number));
    expect(scores.every(([number], i) => number === i + 1)).toBe(true);

    const evaluated = await evaluateHeldOut(configFile, `${run}/model.safetensors`);
    expect(evaluated.map(({ examples }) => examples)).toEqual([held.length, held.length]);
    for (const head of [0, 1]) {
      const labels = held.map((row) => row.labels[head]!);
      const own = scores.filter((_, i) => rows[i]!.day >= first).map((row) => row[head + 1]!);
      const counted = pairsInOrder(own, labels);
      const best = pairsInOrder(
        held.map((row) => row.logits[head]!),
        labels,
      );
      const { auroc } = evaluated[head]!;
      expect(auroc.kind === 'value' && auroc.value).toBeCloseTo(counted, 5);
      expect(best).toBeGreaterThan(0.77);
      // A gap in every sixteenth age costs the best possible order something too.
      expect(counted).toBeGreaterThan(best - 0.03);
    }
  }, 120_000);

  it('ranks rows by its own heads, all alike or by weights of a file', async () => {
    const some = folder.path('some.csv');
    await writeFile(some, text.split('\r\n').slice(0, 31).join('\n'));
    const common = [
      '--table', some, '--columns', `${out}/columns.json`, '--config', `${out}/config.yaml`,
      '--weights', folder.path('run/model.safetensors'), '--out', folder.path('ranked.csv'), '--engine', 'cpu',
    ]; // prettier-ignore
    const ranked = async (...more: string[]) => {
      expect(await cli(['rank', ...common, ...more])).toMatchObject({ code: 0 });
      const lines = (await readFile(folder.path('ranked.csv'), 'utf8')).trimEnd().split('\n');
      return { header: lines[0], rows: lines.slice(1).map((line) => line.split(',').map(Number)) };
    };
    const alike = await ranked();
    expect(alike.header).toBe('rank,row,score,weighted_sum,rich,rich × 1,single,single × 1');
    expect(alike.rows).toHaveLength(30);
    for (const [i, [place, , , sum, rich, , single]] of alike.rows.entries()) {
      expect(place).toBe(i + 1);
      expect(sum).toBeCloseTo(rich! + single!, 6);
      if (i > 0) expect(sum).toBeLessThanOrEqual(alike.rows[i - 1]![3]!);
    }
    const weights = folder.path('weights.yaml');
    await writeFile(weights, 'weights:\n  rich: -2\n');
    // Own heads that a set does not name weigh 1 each.
    expect((await ranked('--score-weights', weights)).header).toContain('rich × -2,single,single × 1');
    await writeFile(weights, 'weights:\n  rich: -2\n  single: 0\n');
    const against = await ranked('--score-weights', weights);
    expect(against.header).toContain('rich × -2,single,single × 0');
    const rich = against.rows.map((row) => row[4]!);
    expect(rich).toEqual(rich.toSorted((a, b) => a - b));
    expect(new Set(against.rows.map((row) => row[1]))).toEqual(new Set(alike.rows.map((row) => row[1])));
    expect(await cli(['rank', ...common, '--heuristics', 'none'])).toMatchObject({ code: 2 });
  }, 60_000);

  it('leaves rows empty whose missing value columns.json does not bridge, and keeps the order', async () => {
    const strict = folder.path('strict.json');
    const columns = await readFile(`${out}/columns.json`, 'utf8');
    expect(columns).toContain('"missing":"indicator"');
    await writeFile(strict, columns.replace('"missing":"indicator"', '"missing":"drop"'));
    const gaps = folder.path('gaps');
    const start = folder.path('start.csv');
    await writeFile(start, text.split('\r\n').slice(0, 2001).join('\r\n'));
    const imported = await cli(['import', '--table', start, '--columns', strict, '--out', gaps]);
    expect(imported).toMatchObject({ code: 0 });
    expect(imported.stderr).toMatch(/\d+ rows are left out for a missing value/);
    const again = parseColumns(await readFile(`${gaps}/columns.json`, 'utf8'));
    expect(again).toEqual(parseColumns(await readFile(strict, 'utf8')));
    const run = folder.path('gaps-run');
    const config = `${gaps}/config.yaml`;
    const trained = await cli([
      'train',
      '--config',
      config,
      '--out',
      run,
      '--steps',
      '2',
      '--engine',
      'wasm',
    ]);
    expect(trained).toMatchObject({ code: 0 });
    const some = folder.path('three.csv');
    await writeFile(
      some,
      'gain;year;when;job;age\n5;1999;2023-05-01;Private;NA\n5;1999;;Cook;44,5\n5;1999;;Private;44\n',
    );
    const predicted = folder.path('three-out.csv');
    const ended = await cli([
      'predict', '--table', some, '--columns', strict, '--config', config,
      '--weights', `${run}/model.safetensors`, '--out', predicted,
    ]); // prettier-ignore
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toContain(
      '"job": 1 cells have a value that the model never saw; they count as none.',
    );
    expect(ended.stderr).toContain('2 rows predicted, 1 left empty for a missing value.');
    expect(await readFile(predicted, 'utf8')).toMatch(
      /^row,rich,single\n1,,\n2,0\.\d+,0\.\d+\n3,0\.\d+,0\.\d+\n$/,
    );
  }, 60_000);
});

describe('bad input', () => {
  it.each([
    [['--labels', 'y', '--group', 'g', '--time', 't'], 2, /--group and --time exclude each other/],
    [['--labels', 'y', '--held-out', '1'], 2, /--held-out must be a share above 0 and at most 0\.9, not "1"/],
    [['--labels', 'y', '--delimiter', ';;'], 2, /--delimiter must be one character or tab/],
    [['--labels', 'z'], 1, /There is no column "z"\. There are n, y\./],
    [['--labels', 'y', '--held-out', '0.01'], 1, /of 4 rows 4 are to train on and 0 held out/],
    [['--labels', 'y', '--columns', 'none.json'], 1, /none\.json: can't be read/],
  ])('%j', async (options, code, message) => {
    const file = folder.path('small.csv');
    await writeFile(file, 'n,y\n1,0\n2,1\n3,0\n4,1\n');
    const ended = await cli(['import', '--table', file, '--out', folder.path('small'), ...options]);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
    await expect(readFile(folder.path('small', 'config.yaml'))).rejects.toThrow(/ENOENT/);
  });

  it('asks for what predicting a table needs', async () => {
    const file = folder.path('small.csv');
    const predict = (...more: string[]) =>
      cli(['predict', '--config', `${out}/config.yaml`, '--weights', 'w', '--out', 'o', ...more]);
    expect((await predict('--table', file)).stderr).toMatch(/--table needs --columns FILE/);
    expect((await predict('--table', file, '--columns', `${out}/columns.json`)).stderr).toMatch(
      /small\.csv: There is no column "age", which columns\.json reads/,
    );
    expect((await predict('--data', file, '--columns', `${out}/columns.json`)).stderr).toMatch(
      /--columns goes with --table/,
    );
  });
});

/** The evaluation that training does, on the held-out TFRecord file. */
async function evaluateHeldOut(configFile: string, weightsFile: string) {
  const { config } = parseRecapConfig(await readFile(configFile, 'utf8'));
  const schema = parseDataSchema(await readFile(`${out}/segdense.json`, 'utf8'));
  const tasks = Object.keys(config!.model.tasks);
  const data = { ...config!.validation_data['held_out']!, global_batch_size: 2048 };
  const plan = planData(data, schema, tasks);
  const graph = modelGraph(config!, plan.layout);
  const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  const engine = await createTfjsEngine({ graph, adam, seed: 0, batchSize: 2048 }, 'wasm');
  try {
    await engine.load(importWeights(await readBytes(weightsFile), graph).model);
    const files = [await dataFile(`${out}/held-out/part-0.tfrecord.gz`)];
    const [all] = await evaluatePartition(
      {
        partition: 'held_out',
        tasks: [],
        open: () => tfRecordSource(plan, { files, shuffle: null, repeat: false }),
      },
      { engine, graph, step: 0, batches: -1, stratifiers: [], seed: 0 },
    );
    return all!.tasks;
  } finally {
    engine.dispose();
  }
}
