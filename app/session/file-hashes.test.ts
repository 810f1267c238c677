import { expect, it, vi } from 'vitest';
import type { RunData } from '../../src/runs/manifest.ts';
import { NO_FILES } from '../../src/runs/streams.ts';
import type { RunFiles } from '../../src/runs/streams.ts';
import { MemoryHome } from '../../src/runs/homes/memory-home.ts';
import { runsHandlers } from '../../src/workers/runs-host.ts';
import type { Said } from '../stores/page.ts';
import { createDataStore } from '../stores/data.ts';
import { FileHashes } from './file-hashes.ts';
import type { KeptRuns } from './kept-runs.ts';

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const asked: Blob[] = [];

const runs: KeptRuns = {
  async call(name, params) {
    if (name === 'hash') asked.push((params as { file: Blob }).file);
    const handlers = runsHandlers(() => Promise.resolve(new MemoryHome()));
    return (await handlers[name](params, new AbortController().signal)) as never;
  },
};

const filesOf = (text: string): RunFiles => ({ ...NO_FILES, train: [new File([text], 'a.tfrecord')] });
const dataOf = (sha256: string | null): RunData => ({
  kind: 'files',
  files: [{ name: 'a.tfrecord', size: 3, sha256 }],
  shuffle: true,
  heldOut: true,
  validation: {},
});

it('takes the files whose content a manifest names, and no other of their name and size', async () => {
  const hashes = new FileHashes(runs);
  const files = filesOf('abc');
  await hashes.check(dataOf(null), filesOf('abd'));
  expect(asked).toEqual([]);
  await hashes.check(dataOf(ABC), files);
  await expect(hashes.check(dataOf(ABC), filesOf('abd'))).rejects.toThrow(
    'a.tfrecord is not the file that this run was made from',
  );
  expect(await hashes.of(files)).toEqual([ABC]);
  // Each file once.
  expect(asked).toHaveLength(2);
  const table = { kind: 'table', file: { name: 't.csv', size: 3, sha256: ABC }, columns: {} } as const;
  await hashes.check(table, { ...NO_FILES, table: new File(['abc'], 't.csv') });
});

it('says of a file that an opened manifest names and that has another content, and takes it for what it is', async () => {
  const data = createDataStore([{ id: 'easy', text: 'effect_size: 2\n' }], null);
  const said: (Said | null)[] = [];
  const stop = new FileHashes(runs).follow(data, (text) => said.push(text));
  const wanted = [
    { name: 'a.tfrecord', size: 3, sha256: ABC },
    { name: 'b.tfrecord', size: 3, sha256: ABC },
  ];
  data.getState().set({ wanted });
  data.getState().setFiles([new File(['abc'], 'a.tfrecord'), new File(['abd'], 'b.tfrecord')]);
  await vi.waitFor(() => expect(said).toHaveLength(1));
  expect(said[0]).toMatchObject({
    tone: 'error',
    title: expect.stringContaining('b.tfrecord is not the file') as string,
  });
  expect(data.getState()).toMatchObject({ wanted: [wanted[0]], files: [{ size: 3 }, { size: 3 }] });
  stop();
});
