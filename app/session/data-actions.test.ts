/** What the data panel asks for, and what becomes of it when another question or a person comes between. */
import { beforeEach, expect, it } from 'vitest';
import type { RunData } from '../../src/runs/manifest.ts';
import type { DataProtocol } from '../../src/workers/protocol.ts';
import type { RpcClient } from '../../src/workers/rpc.ts';
import { createDataStore } from '../stores/data.ts';
import { DataActions, PAGE_ROWS } from './data-actions.ts';
import { storesOnly } from './testing.ts';

interface Asked {
  readonly name: string;
  readonly params: Record<string, unknown>;
  readonly signal: AbortSignal;
  readonly answer: (result: unknown) => Promise<void>;
  readonly fail: (message: string) => Promise<void>;
}

const settled = () => new Promise<void>((done) => setTimeout(done));
const session = storesOnly();
const { recipe } = session.draft.getState();
const teachers = session.data.getState();

/** Actions over a worker that answers when told to; a question that is withdrawn fails at once. */
function play(files: readonly File[] = []) {
  const asked: Asked[] = [];
  const heard = new Map<string, (payload: unknown) => void>();
  const store = createDataStore([{ id: teachers.teacher, text: teachers.teacherText }], null);
  const worker = {
    call: (name: string, params: Record<string, unknown>, { signal }: { signal: AbortSignal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        asked.push({
          name,
          params,
          signal,
          answer: (result) => (resolve(result), settled()),
          fail: (message) => (reject(new Error(message)), settled()),
        });
      }),
    on: (name: string, listen: (payload: unknown) => void) => void heard.set(name, listen),
  };
  if (!recipe) throw new Error('the preset is no recipe');
  const data: RunData = { kind: 'files', files: [], shuffle: true, heldOut: true, validation: {} };
  const parts = {
    recipe: files.length > 0 ? { ...recipe, data } : recipe,
    files: { train: files, validation: {} },
  };
  const actions = new DataActions(
    store,
    () => worker as unknown as RpcClient<DataProtocol>,
    () => parts,
    'test',
  );
  actions.listen(worker as unknown as RpcClient<DataProtocol>);
  const tell = (name: string, payload: unknown): void => heard.get(name)?.(payload);
  return { actions, asked, state: () => store.getState(), tell };
}

let played: ReturnType<typeof play>;
beforeEach(() => (played = play()));

it('shows the first rows at once and the counts when they are there', async () => {
  const { actions, asked, state } = played;
  actions.refresh();
  expect(state()).toMatchObject({ busy: true, page: 0, problem: null });
  expect(asked[0]).toMatchObject({ name: 'preview', params: { count: PAGE_ROWS } });
  await asked[0]?.answer('rows');
  expect(state()).toMatchObject({ busy: true, preview: 'rows' });
  expect(asked[1]).toMatchObject({ name: 'statistics', params: { examples: 8192 } });
  await asked[1]?.answer('counts');
  expect(state()).toMatchObject({ busy: false, statistics: 'counts', reading: null });
});

it('withdraws an older question, whose failure is nobody’s business', async () => {
  const { actions, asked, state } = played;
  actions.refresh();
  actions.refresh();
  await settled();
  expect(asked[0]?.signal.aborted).toBe(true);
  expect(state()).toMatchObject({ busy: true, problem: null });
  await asked[1]?.answer('rows');
  await asked[2]?.fail('broken at record 3');
  expect(state()).toMatchObject({
    busy: false,
    statistics: null,
    problem: 'broken at record 3',
    preview: 'rows',
  });
});

it('takes rows of other data away when theirs cannot be read', async () => {
  const { actions, asked, state } = played;
  actions.refresh();
  await asked[0]?.answer('rows');
  await asked[1]?.answer('counts');
  actions.refresh();
  await asked[2]?.fail('gone');
  expect(state()).toMatchObject({ preview: null, statistics: null, problem: 'gone' });
});

it('keeps a page until the next is there, and the newest of those asked for', async () => {
  const { actions, asked, state } = played;
  void actions.turnTo(3);
  void actions.turnTo(4);
  await settled();
  expect(asked[0]?.signal.aborted).toBe(true);
  expect(state().page).toBe(0);
  await asked[1]?.answer('page 4');
  expect(state()).toMatchObject({ page: 4, preview: 'page 4', problem: null });
  void actions.turnTo(5);
  await asked[2]?.fail('cut');
  expect(state()).toMatchObject({ page: 4, preview: 'page 4', problem: 'cut' });
});

it('counts all of own files, tells how far it is, and keeps no half a count when it is cancelled', async () => {
  const { actions, asked, state, tell } = play([new File(['12345'], 'a.gz')]);
  actions.refresh();
  expect(state().reading).toEqual({ done: 0, total: 5, unit: 'bytes' });
  await asked[0]?.answer('rows');
  expect(asked[1]?.params).toMatchObject({ examples: null });
  tell('progress', { task: 'statistics', progress: { done: 3, total: 5, unit: 'bytes' } });
  expect(state().reading?.done).toBe(3);
  actions.cancelReading();
  await settled();
  expect(state()).toMatchObject({ busy: false, reading: null, statistics: null });
  expect(state().problem).toContain('cancelled');
  // What the worker still tells of it is of no reading any more.
  tell('progress', { task: 'statistics', progress: { done: 4, total: 5, unit: 'bytes' } });
  expect(state().reading).toBeNull();
});

it('exports until it is cancelled, which is no failure', async () => {
  const { actions, asked, state, tell } = played;
  const done = actions.exportTfRecords(100);
  expect(state().exporting).toEqual({ done: 0, total: 100, unit: 'examples' });
  tell('progress', { task: 'export', progress: { done: 40, total: 100, unit: 'examples' } });
  expect(state().exporting?.done).toBe(40);
  await asked[0]?.answer('blob');
  expect([await done, state().exporting]).toEqual(['blob', null]);
  const cancelled = actions.exportTfRecords(100, 'held-out');
  expect(asked[1]?.params).toMatchObject({
    stream: { section: { kind: 'partition' } },
    examples: 100,
    app: 'test',
  });
  actions.cancelExport();
  expect([await cancelled, state().exporting]).toEqual([null, null]);
  const failed = actions.exportTfRecords(1);
  await Promise.all([expect(failed).rejects.toThrow('full'), asked[2]?.fail('full')]);
});

it('tells which record was left out last', () => {
  const { state, tell } = played;
  tell('skipped', { total: 2, record: { file: 'a.gz', record: 7, offset: 90, message: 'bad crc' } });
  tell('noted', { notes: ['labels are 0 and 1'] });
  expect(state()).toMatchObject({
    skipped: { total: 2, last: 'a.gz, record 7 at byte 90: bad crc' },
    notes: ['labels are 0 and 1'],
  });
});
