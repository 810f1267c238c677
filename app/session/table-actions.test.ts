/** "Use this table": what comes into the stores, and the names that own heads have everywhere on the page. */
import { readFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { parseDataSchema } from '../../src/data/data-schema.ts';
import { TableCache } from '../../src/data/tables/table-cache.ts';
import { newManifest } from '../../src/runs/new-manifest.ts';
import { tableHandlers } from '../../src/workers/table-host.ts';
import type { MadeTable } from '../../src/workers/protocol.ts';
import { headStyle, setOwnHeads } from '../heads.ts';
import { createConfigStore } from '../stores/config.ts';
import { createDataStore } from '../stores/data.ts';
import { createRunStore } from '../stores/run.ts';
import { createSettingsStore } from '../stores/settings.ts';
import { createDraftStore } from './draft.ts';
import { followHeads } from './follow-heads.ts';
import { TableActions } from './table-actions.ts';
import { storesOnly } from './testing.ts';

const read = (file: string) => readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');
const schemas = new Map([['playground-segdense.json', parseDataSchema(read('playground-segdense.json'))]]);

const rows = Array.from({ length: 60 }, (_, i) => `${i},${['free', 'pro', 'team'][i % 3]},${i % 2}`);
const file = new File([`age,plan,leaves\n${rows.join('\n')}\n`], 'our customers.csv');

/** What the data worker makes of the dialog's choices. */
async function made(): Promise<MadeTable> {
  const handlers = tableHandlers(() => undefined, new TableCache());
  const choices = {
    columns: [],
    labels: [
      { column: 'leaves', value: null },
      { column: 'plan', value: 'pro' },
    ],
    heads: [],
    heldOut: { by: 'row', share: 0.2 } as const,
    referenceTime: null,
  };
  return handlers.makeTable(
    { file, csv: {}, missingTexts: null, ...choices },
    new AbortController().signal,
  ) as Promise<MadeTable>;
}

function page() {
  const preset = { file: 'a.yaml', title: '', description: '', text: read('playground.yaml') };
  const config = createConfigStore([preset], null);
  const settings = createSettingsStore(null);
  const data = createDataStore([{ id: 'easy', text: 'effect_size: 2\n' }], null);
  const run = createRunStore();
  const draft = createDraftStore({ config, settings, data, run }, schemas);
  followHeads({ run, draft, data });
  const tables = new TableActions({ data, config, run, open: () => Promise.resolve(true) }, () => {
    throw new Error('Nothing here asks a worker.');
  });
  return { config, settings, data, run, draft, tables };
}

beforeEach(() => setOwnHeads([]));

it('makes the table the draft: data, configuration, schema, and heads with their own names', async () => {
  const { config, data, draft, tables } = page();
  const table = await made();
  tables.use(file, table);
  expect(data.getState()).toMatchObject({ kind: 'table', tableFile: file });
  expect(config.getState()).toMatchObject({ name: 'our customers.yaml', text: table.config, problems: [] });
  const { recipe, missing } = draft.getState();
  expect(missing).toBeNull();
  expect(recipe?.data).toMatchObject({ kind: 'table', file: { name: 'our customers.csv' } });
  expect(recipe?.schema.name).toBe('our customers-segdense.json');
  const [leaves, plan] = ['leaves', 'plan_pro'].map(headStyle);
  expect(leaves).toMatchObject({ label: 'leaves', meaning: 'The probability that leaves.' });
  expect(plan).toMatchObject({ label: 'plan is pro', meaning: 'The probability that plan is pro.' });
  expect(leaves!.color).not.toBe(plan!.color);
  expect(headStyle('recap.engagement.is_favorited').label).toBe('Like');
});

it("keeps the names of a run's heads while the draft is another model, and forgets those that are nowhere", async () => {
  const { config, data, run, draft, tables } = page();
  tables.use(file, await made());
  const { recipe } = draft.getState();
  run.getState().begin(newManifest({ recipe: recipe!, app: 'test' }));
  config.getState().choosePreset('a.yaml');
  data.getState().choose({ kind: 'teacher' });
  expect(headStyle('plan_pro').label).toBe('plan is pro');
  run.getState().begin(newManifest({ recipe: draft.getState().recipe!, app: 'test' }));
  expect(headStyle('plan_pro')).toMatchObject({ label: 'plan_pro', color: 'var(--head-other)' });
});

it('takes the file back after a reload, and no other', async () => {
  const { data, tables } = page();
  const { columns, schema, counts } = await made();
  const { name, size } = file;
  data.setState({ table: { name, size, columns, schema, counts }, tableFile: null });
  expect(await tables.bringBack(new File(['age\n1\n'], name))).toBe(false);
  expect(data.getState().tableFile).toBeNull();
  expect(await tables.bringBack(file)).toBe(true);
  expect(data.getState().tableFile).toBe(file);
});

it('counts the rows of a table that only a manifest has told of, once its file is there', async () => {
  const { config, data, run } = page();
  const { columns, schema, counts } = await made();
  const { name, size } = file;
  const handlers = tableHandlers(() => undefined, new TableCache());
  const worker = {
    call: (_name: string, params: never) => handlers.countRows(params, new AbortController().signal),
    on: () => () => undefined,
  };
  const tables = new TableActions(
    { data, config, run, open: () => Promise.resolve(true) },
    () => ({ data: worker }) as never,
  );
  data.getState().setTable({ name, size, columns, schema, counts: null }, null);
  await expect(tables.counts()).rejects.toThrow('Choose the table first.');
  expect(await tables.bringBack(file)).toBe(true);
  expect(await tables.counts()).toEqual(counts);
  expect(counts.train + counts.heldOut + counts.dropped).toBe(60);
});

it('is one edit: undo brings configuration and data back as they were, redo the table', async () => {
  const session = storesOnly();
  const { config, data, run, history } = session;
  const before = { text: config.getState().text, name: config.getState().name, kind: data.getState().kind };
  const table = await made();
  new TableActions({ config, data, run, open: () => Promise.resolve(true) }, () => {
    throw new Error('Nothing here asks a worker.');
  }).use(file, table);
  await Promise.resolve();
  expect(await history.undo()).toBe(true);
  expect(config.getState()).toMatchObject({ text: before.text, name: before.name });
  expect(data.getState()).toMatchObject({ kind: before.kind, table: null, tableFile: null });
  expect(await history.redo()).toBe(true);
  expect(config.getState()).toMatchObject({ text: table.config, name: 'our customers.yaml' });
  expect(data.getState()).toMatchObject({ kind: 'table', tableFile: file });
});
