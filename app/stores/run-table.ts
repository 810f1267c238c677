/** The list of runs as a table: which numbers, found by words, sorted by any of them, pinned ones on top. */
import type { RunSummary } from '../../src/runs/run-summary.ts';
import type { RunEntry, StorageUse } from '../../src/workers/runs-protocol.ts';

export const RUN_METRICS = [
  { id: 'auroc', higher: true },
  { id: 'rce', higher: true },
  { id: 'loss', higher: false },
] as const;

export type RunMetric = (typeof RUN_METRICS)[number]['id'];

/** 'metric' is the mean over heads; 'head:TASK' one head's. */
export type SortKey =
  'created' | 'name' | 'steps' | 'loss' | 'metric' | 'agreement' | 'bytes' | `head:${string}`;

export interface Sorting {
  readonly key: SortKey;
  readonly down: boolean;
}

/** A metric of one head, or the mean over all that have it; null where none does. */
export function metricOf(summary: RunSummary | null, metric: RunMetric, task: string | null): number | null {
  const values = (summary?.heads ?? [])
    .filter((head) => task === null || head.task === task)
    .map((head) => head[metric])
    .filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface TableChoice {
  /** Words that must all occur in name, note, state or differences. */
  readonly text: string;
  readonly metric: RunMetric;
  readonly sorting: Sorting;
  readonly pinned: readonly string[];
  /** By run: Spearman's correlation with the teacher's order. */
  readonly agreement: ReadonlyMap<string, number | null>;
  readonly differences: ReadonlyMap<string, readonly string[] | null>;
}

export function tableRows(runs: readonly RunEntry[], choice: TableChoice): RunEntry[] {
  const words = choice.text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = runs.filter(({ manifest, status }) => {
    const differences = choice.differences.get(manifest.id) ?? [];
    const text = [manifest.name, manifest.note, status.phase, ...differences].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const { key, down } = choice.sorting;
  const value = (entry: RunEntry): number | string | null => sortValue(entry, key, choice);
  const order = (a: RunEntry, b: RunEntry): number => {
    const [first, second] = [value(a), value(b)];
    // What has no number stands last either way.
    if (first === null || second === null) return (first === null ? 1 : 0) - (second === null ? 1 : 0);
    const sign = first < second ? -1 : first > second ? 1 : 0;
    return down ? -sign : sign;
  };
  const isPinned = ({ manifest }: RunEntry): boolean => choice.pinned.includes(manifest.id);
  const sorted = found.toSorted(order);
  return [...sorted.filter(isPinned), ...sorted.filter((entry) => !isPinned(entry))];
}

function sortValue(
  { manifest, status, summary, bytes }: RunEntry,
  key: SortKey,
  { metric, agreement }: Pick<TableChoice, 'metric' | 'agreement'>,
): number | string | null {
  switch (key) {
    case 'created':
      return manifest.times.created;
    case 'name':
      return manifest.name.toLowerCase();
    case 'steps':
      return status.step;
    case 'loss':
      return status.loss;
    case 'metric':
      return metricOf(summary, metric, null);
    case 'agreement':
      return agreement.get(manifest.id) ?? null;
    case 'bytes':
      return bytes;
    default:
      return metricOf(summary, metric, key.slice('head:'.length));
  }
}

/** Every head that any of the runs was evaluated on, in their order. */
export function headsOfRuns(runs: readonly RunEntry[]): string[] {
  return [...new Set(runs.flatMap(({ summary }) => summary?.heads.map(({ task }) => task) ?? []))];
}

/** Below so many runs of the newest one's size, room is short. */
const FEW = 5;

type Sized = Pick<RunEntry, 'bytes'>;

/** Bytes left, and how many more runs of the newest one's size go into them; null where the browser does not say. */
export function roomOf(
  storage: StorageUse | null,
  [newest]: readonly Sized[],
): { readonly left: number; readonly more: number | null } | null {
  const { used, quota } = storage ?? { used: null, quota: null };
  if (used === null || quota === null) return null;
  const left = Math.max(0, quota - used);
  return { left, more: newest && newest.bytes > 0 ? Math.floor(left / newest.bytes) : null };
}

/** Whether few more runs find room. */
export function isShort(storage: StorageUse | null, runs: readonly Sized[]): boolean {
  return (roomOf(storage, runs)?.more ?? FEW) < FEW;
}
