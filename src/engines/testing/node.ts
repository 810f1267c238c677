/** Reads fixture files from disk, for tests that run in Node. */
import { readFile } from 'node:fs/promises';
import type { ReadFixtureFile } from './fixture.ts';

const ROOT = new URL('../../../test/fixtures/', import.meta.url);

export const readFixtureFile: ReadFixtureFile = async (path) =>
  new Uint8Array(await readFile(new URL(path, ROOT)));
