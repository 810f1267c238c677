/** Data files by day and hour: what lies in the folders is trained on, what is missing is told or refused. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseManifest } from '../src/runs/manifest.ts';
import { loadConfig } from './run-config.ts';
import { sectionFiles } from './section-files.ts';
import { cli, fixture, temporaryFolder } from './testing/run.ts';

const NAME = 'mixed-share-none';
const temporary = temporaryFolder();
afterAll(() => temporary.remove());

const place = (name: string, content: string | null = null): string => {
  const path = temporary.path(name);
  mkdirSync(dirname(path), { recursive: true });
  if (content === null) copyFileSync(fixture(NAME, 'data/batches.tfrecord.gz'), path);
  else writeFileSync(path, content);
  return path;
};
place('segdense.json', readFileSync(fixture(NAME, 'segdense.json'), 'utf8'));
const text = readFileSync(fixture(NAME, 'config.yaml'), 'utf8');

for (const name of ['2024/02/28/b.gz', '2024/02/28/a.GZ', '2024/03/01/a.gz', '2024/03/01/05/h.gz'])
  place(`data [1]/${name}`);
for (const name of ['2024/02/28/_SUCCESS', '2024/02/28/.a.gz', '2024/02/29/notes.txt', '2024/03/02/a.gz'])
  place(`data [1]/${name}`, '');

/** What train_data names, below the folder of data, with `dated` in the place of its inputs. */
async function found(name: string, dated: string) {
  const run = await loadConfig(place(`${name}.yaml`, text.replace(/^  inputs: &?.*$/m, `  ${dated}`)));
  const { paths, ...rest } = await sectionFiles(run, run.config.train_data, ['train_data']);
  const root = temporary.path('data [1]');
  return { paths: paths.map((path) => path.slice(root.length + 1).replaceAll('\\', '/')), ...rest };
}

const days = (end: string, count: number, tolerated = 0, root = 'data [1]') =>
  `explicit_date_inputs: { data_root: "${root}", end_date: ${end}, days: ${count}, num_missing_days_tol: ${tolerated} }`;

describe('explicit_date_inputs', () => {
  it('are the .gz files of each day, oldest first, and tell of days that may be missing', async () => {
    expect(await found('days', days('2024-03-01', 3, 1))).toEqual({
      paths: ['2024/02/28/a.GZ', '2024/02/28/b.gz', '2024/03/01/a.gz'],
      problem: null,
      at: null,
      notes: [
        'train_data.explicit_date_inputs: 1 of 3 days without a .gz file in their folder below data [1]: 2024/02/29; num_missing_days_tol allows it.',
      ],
    });
  });

  it('are refused at their place where more are missing than may be, or all', async () => {
    const refused = await found('refused', days('2024-03-01', 5, 2));
    expect(refused.paths).toEqual([]);
    expect(refused.at).toMatch(/refused\.yaml:\d+:\d+$/);
    expect(refused.problem).toMatch(
      /^3 of 5 days .*: 2024\/02\/26, 2024\/02\/27 and 1 more, and num_missing_days_tol is 2$/,
    );
    expect((await found('none', days('2023-03-01', 2, 9))).problem).toMatch(/^2 of 2 days/);
    expect((await found('cloud', days('2024-03-01', 1, 0, 'gs://bucket/data'))).problem).toMatch(
      /"gs:\/\/bucket\/data" is no folder of this machine: copy/,
    );
    await expect(found('unset', days('2024-03-01', 1, 0, '${NOT_SET_HERE}/data'))).rejects.toThrow(
      /unset\.yaml:\d+:\d+: .*NOT_SET_HERE/,
    );
  });
});

describe('explicit_datetime_inputs', () => {
  it('are the .gz files of each hour', async () => {
    const hours =
      'explicit_datetime_inputs: { data_root: "data [1]", end_datetime: 2024-03-01T06, hours: 2, num_missing_hours_tol: 1 }';
    const { paths, notes } = await found('hours', hours);
    expect(paths).toEqual(['2024/03/01/05/h.gz']);
    expect(notes).toEqual([expect.stringContaining('1 of 2 hours')]);
  });
});

it('train reads them, and so do partitions', async () => {
  const both = text
    .replace(/^  inputs: &?.*$/m, `  ${days('2024-03-01', 3, 1)}`)
    .replace(/^    inputs: .*$/m, `    ${days('2024/03/01', 1)}`);
  const config = place('train.yaml', both);
  const out = temporary.path('run');
  const ended = await cli(['train', '--config', config, '--steps', '1', '--engine', 'cpu', '--out', out]);
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stderr).toContain('Note: train_data.explicit_date_inputs: 1 of 3 days');
  const { data } = parseManifest(readFileSync(temporary.path('run', 'manifest.json'), 'utf8')).recipe;
  expect(data).toMatchObject({
    kind: 'files',
    files: [{ name: 'a.GZ' }, { name: 'b.gz' }, { name: 'a.gz' }],
  });
  expect(Object.values(data.kind === 'files' ? data.validation : {})).toMatchObject([[{ name: 'a.gz' }]]);
}, 120_000);
