/** What no browser can be made to do in time: a dead writer's rename that comes late. */
import { expect, it } from 'vitest';
import { HomeError } from './home.ts';
import { OpfsHome } from './opfs-home.ts';

const gone = (): DOMException => new DOMException('It could not be found.', 'NotFoundError');

/** A folder of files, of whose renames the first `late` find that what stood aside has been taken away. */
function folderOf(files: Map<string, number[]>, late: number): FileSystemDirectoryHandle {
  let renames = 0;
  const handleOf = (name: string) => ({
    createSyncAccessHandle: async () => ({
      truncate: () => files.set(name, []),
      getSize: () => files.get(name)!.length,
      write: (bytes: Uint8Array) => (files.set(name, [...bytes]), bytes.length),
      flush: () => {},
      close: () => {},
    }),
    async move(_folder: unknown, to: string) {
      const bytes = files.get(name);
      files.delete(name);
      if (renames++ < late || !bytes) throw gone();
      files.set(to, bytes);
    },
  });
  const folder = {
    getFileHandle: async (name: string) => handleOf(name),
    getDirectoryHandle: async () => folder,
    removeEntry: async (name: string) => {
      if (!files.delete(name)) throw gone();
    },
  };
  return folder as never;
}

it('writes again what the late rename of a dead writer took away', async () => {
  const files = new Map([['model', [1]]]);
  await new OpfsHome(folderOf(files, 1)).replace('a-run/model', Uint8Array.of(9, 9));
  expect(files).toEqual(new Map([['model', [9, 9]]]));
});

it('says so when it is taken away again, and leaves the file before', async () => {
  const files = new Map([['model', [1]]]);
  await expect(new OpfsHome(folderOf(files, 2)).replace('a-run/model', Uint8Array.of(9, 9))).rejects.toThrow(
    HomeError,
  );
  expect(files).toEqual(new Map([['model', [1]]]));
});
