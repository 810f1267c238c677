/** The files that a data section of a configuration names: by a pattern, or by folders of days or hours. */
import { dirname, resolve } from 'node:path';
import type { ConfigPath } from '../src/config/config-path.ts';
import type { DataConfig } from '../src/config/recap-config.ts';
import { datedFolders } from '../src/data/dated-folders.ts';
import type { DatedFolders } from '../src/data/dated-folders.ts';
import { filesMatching } from './files.ts';
import { placeOf, refuseUnset } from './run-config.ts';
import type { RunConfig } from './run-config.ts';

/** As the reference takes them: the ending in small letters or large. */
const DATA_FILES = '*.[gG][zZ]';

export interface SectionFiles {
  /** In the order of their names; empty where `problem` says why there are none. */
  readonly paths: readonly string[];
  /** Ends without a full stop, so that a mend can follow. */
  readonly problem: string | null;
  /** Where the problem stands in the configuration, where that says more than the problem. */
  readonly at: string | null;
  /** A sentence for each thing to be told all the same. */
  readonly notes: readonly string[];
}

/**
 * @param section where the data section stands, e.g. ['train_data'].
 * @throws CliError at a variable without a value in what names the files.
 */
export async function sectionFiles(
  run: RunConfig,
  data: DataConfig,
  section: ConfigPath,
): Promise<SectionFiles> {
  const dated = datedFolders(data);
  if (dated) return filesByDate(run, dated, section);
  const pattern = data.inputs ?? '';
  const paths = await filesMatching(pattern, dirname(run.path));
  if (paths.length > 0) return { paths, problem: null, at: null, notes: [] };
  refuseUnset(run, [...section, 'inputs']);
  return none(`no file matches ${section.join('.')}.inputs "${pattern}"`);
}

async function filesByDate(
  run: RunConfig,
  { key, unit, root, folders, tolerated, toleranceKey }: DatedFolders,
  section: ConfigPath,
): Promise<SectionFiles> {
  const at = [...section, key, 'data_root'];
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(root)) {
    return none(`data_root "${root}" is no folder of this machine: copy the data to one`, placeOf(run, at));
  }
  const base = resolve(dirname(run.path), root);
  const paths: string[] = [];
  const missing: string[] = [];
  for (const folder of folders) {
    const found = await filesMatching(DATA_FILES, resolve(base, folder));
    if (found.length === 0) missing.push(folder);
    paths.push(...found);
  }
  if (missing.length === 0) return { paths, problem: null, at: null, notes: [] };
  const [first, second, ...more] = missing;
  const named = [first, second].filter((folder) => folder !== undefined).join(', ');
  const some = more.length > 0 ? `${named} and ${more.length} more` : named;
  const what = `${missing.length} of ${folders.length} ${unit}s without a .gz file in their folder below ${root}: ${some}`;
  if (missing.length <= tolerated && paths.length > 0) {
    return {
      paths,
      problem: null,
      at: null,
      notes: [`${section.join('.')}.${key}: ${what}; ${toleranceKey} allows it.`],
    };
  }
  refuseUnset(run, at);
  return none(`${what}, and ${toleranceKey} is ${tolerated}`, placeOf(run, at));
}

function none(problem: string, at: string | null = null): SectionFiles {
  return { paths: [], problem, at, notes: [] };
}
