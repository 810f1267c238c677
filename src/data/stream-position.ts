/**
 * StreamPosition: where a stream of examples goes on behind a batch, as plain JSON, so that a checkpoint keeps it and a
 * run goes on with the very next example. Generators go there by counters, files by record numbers. It says nothing of
 * the data itself, which the run's manifest does: the same source, opened at it, gives the same batches.
 */
import { z } from '../config/zod.ts';

const count = () => z.int().min(0);

/** What `Random.getState()` gives. */
const randomState = z
  .array(z.int().min(-0x80000000).max(0xffffffff))
  .length(4)
  .refine((words) => words.some((word) => word !== 0), 'A random state is never all zero.')
  .readonly();

const uniformPosition = z.object({
  kind: z.literal('uniform'),
  /** Examples drawn since the stream last began. */
  used: count(),
  random: randomState,
});

const teacherPosition = z.object({
  kind: z.literal('teacher'),
  /** Examples given since the stream last began. */
  used: count(),
  /** Examples drawn for them: more, where downsampling drops some. */
  row: count(),
});

const filesPosition = z
  .object({
    kind: z.literal('files'),
    /** Before the first file, within a pass, or behind the last record (the shuffle buffer may still hold some). */
    phase: z.enum(['start', 'reading', 'end']),
    /** How many files the stream reads; files go by their place among them. */
    files: z.int().min(1),
    /** Complete passes. */
    epoch: count(),
    /** The files still to open in this pass, in order. */
    queue: z.array(count()).readonly(),
    /** The file being read, or null between two. */
    file: count().nullable(),
    /** The next record to read of it. */
    record: count(),
    /** Of the shuffling; null for files in order. */
    random: randomState.nullable(),
    /** The shuffle buffer's records in its order: file, record, file, record and so on. */
    buffer: z.array(count()).readonly(),
    /** Stored bytes of the files of this pass that are behind. */
    bytesBehind: count(),
    /** The reader's account: records read and not readable in all, and good ones in this pass. */
    records: count(),
    badCount: count(),
    goodInEpoch: count(),
    /** Records since the last one that could be decoded. */
    badInARow: count(),
  })
  .refine(
    ({ files, queue, file, buffer }) =>
      buffer.length % 2 === 0 &&
      [...queue, ...(file === null ? [] : [file]), ...buffer.filter((_, i) => i % 2 === 0)].every(
        (number) => number < files,
      ),
    'The position names files beyond its own count.',
  );

const tablePosition = z.object({
  kind: z.literal('table'),
  /** Rows that the stream gives in one pass. */
  rows: count(),
  /** Rows given since the stream last began, over all passes. */
  used: count(),
});

/** To read a position from a checkpoint. */
export const streamPositionSchema = z.discriminatedUnion('kind', [
  uniformPosition,
  teacherPosition,
  filesPosition,
  tablePosition,
]);

export type UniformPosition = z.infer<typeof uniformPosition>;
export type TeacherPosition = z.infer<typeof teacherPosition>;
export type FilesPosition = z.infer<typeof filesPosition>;
export type TablePosition = z.infer<typeof tablePosition>;
export type StreamPosition = z.infer<typeof streamPositionSchema>;

/** A position that the data cannot be opened at: of another kind of data, or of files that are not these. */
export class StreamPositionError extends Error {
  override readonly name = 'StreamPositionError';

  constructor(what: string, cause?: unknown) {
    super(`The data cannot go on where the run stopped: ${what}`, { cause });
  }
}

const NAMES: Readonly<Record<StreamPosition['kind'], string>> = {
  uniform: 'uniform random data',
  teacher: 'synthetic data of a teacher',
  files: 'files',
  table: 'a table',
};

/**
 * The position, if it is of a source of this kind.
 * @throws StreamPositionError for a position of another kind.
 */
export function positionFor<K extends StreamPosition['kind']>(
  kind: K,
  at: StreamPosition | null | undefined,
): Extract<StreamPosition, { kind: K }> | null {
  if (!at) return null;
  const isOfKind = (position: StreamPosition): position is Extract<StreamPosition, { kind: K }> =>
    position.kind === kind;
  if (isOfKind(at)) return at;
  throw new StreamPositionError(
    `its position is one in ${NAMES[at.kind]}, the source is ${NAMES[kind]}. Choose the run's own data, or begin a new run.`,
  );
}
