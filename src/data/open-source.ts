/**
 * One way to open any kind of data: uniform random, synthetic with a planted signal, or files, as batches to train on or
 * as raw blocks to write. Callers say what they want; the kinds differ only here.
 */
import type { DataConfig } from '../config/recap-config.ts';
import type { DataSchema } from './data-schema.ts';
import { DataConfigError } from './data-problem.ts';
import { appendBatch, RawBlock } from './example.ts';
import { planData, type DataPlan } from './layout.ts';
import { masksOf, type MaskFiles } from './mask-files.ts';
import type { BatchLayout, BatchSource } from './recap-batch.ts';
import type { StreamPosition } from './stream-position.ts';
import { HELD_OUT, TRAIN } from './tables/encode.ts';
import { TableCache, type TableSourceFile } from './tables/table-cache.ts';
import { exampleBlocks, tableSource } from './tables/table-rows.ts';
import type { EmbeddingDims } from './synthesis/population.ts';
import { createTeacher, type Teacher } from './synthesis/teacher.ts';
import type { TeacherConfig } from './synthesis/teacher-config.ts';
import { teacherProblems } from './teacher-problems.ts';
import { synthesisOf, teacherSource } from './teacher-source.ts';
import { tfRecordBlocks, tfRecordSource, type ReadProgress, type RecordFile } from './tfrecord-source.ts';
import { uniformBlocks, uniformSource } from './uniform.ts';

export type SourceKind =
  /** The reference's draw: labels 0/1, or 0…9 as the reference writes them. */
  | { readonly kind: 'uniform'; readonly seed: number; readonly rawLabels: boolean }
  /** Synthetic data with a planted signal. */
  | { readonly kind: 'teacher'; readonly seed: number; readonly teacher: TeacherConfig }
  | {
      readonly kind: 'files';
      readonly seed: number;
      readonly files: readonly RecordFile[];
      /** Whether training shuffles them, true by default. */
      readonly shuffle?: boolean;
      /** Whether every tenth record is kept out of training, true by default. */
      readonly heldOut?: boolean;
    }
  /** A table of one's own, by its columns.json. */
  | {
      readonly kind: 'table';
      readonly seed: number;
      readonly file: TableSourceFile;
      readonly columns: Readonly<Record<string, unknown>>;
    };

/**
 * `validation` shares no example with `train`: synthetic data draws others, files keep every tenth record out of
 * training (held-out.ts). `all` is to look at: files whole, once and in order; of synthetic data, which has no end,
 * what is trained on.
 */
export type DataSplit = 'train' | 'validation' | 'all';

export interface OpenOptions {
  readonly source: SourceKind;
  readonly data: DataConfig;
  readonly schema: DataSchema;
  /** The model's tasks, whose order the labels take. */
  readonly tasks: readonly string[];
  /** The files that the data section's masks name. */
  readonly masks?: MaskFiles;
  readonly split: DataSplit;
  /** Examples in all; null for no end. Training begins again at the end, whatever repeat_files says, as in the reference. */
  readonly examples: number | null;
  /** Where to go on: the position of a batch of the same data, read earlier. Null for the beginning. */
  readonly at?: StreamPosition | null;
  readonly onProgress?: (progress: ReadProgress) => void;
  readonly signal?: AbortSignal;
}

/** Streams of one seed that share no example. */
const STREAM = { train: 0, validation: 1, all: 0 } as const;
const TEACHER_SPLIT = { train: 'train', validation: 'validation', all: 'train' } as const;
const TABLE_SIDE = { train: TRAIN, validation: HELD_OUT, all: null } as const;
const FILE_SHARE = { train: 'train', validation: 'heldOut', all: 'all' } as const;

/** Teachers cost a second to calibrate, and one serves every stream of its settings. */
export class TeacherCache {
  private readonly teachers = new Map<string, Teacher>();

  get(config: TeacherConfig, dims: EmbeddingDims): Teacher {
    const key = JSON.stringify([config, dims.userEmbedding, dims.userEngEmbedding, dims.authorEmbedding]);
    const teacher = this.teachers.get(key) ?? createTeacher(config, dims);
    this.teachers.delete(key);
    this.teachers.set(key, teacher);
    const [oldest] = this.teachers.keys();
    if (this.teachers.size > 3 && oldest !== undefined) this.teachers.delete(oldest);
    return teacher;
  }
}

function planOf({ data, schema, tasks, masks }: OpenOptions): DataPlan {
  return planData(data, schema, tasks, masksOf(data, masks));
}

/**
 * Batches of `options.source`, after preprocessing.
 * @throws DataConfigError with every problem between the data section and its schema, or what it asks of a teacher that
 * a teacher cannot give; RangeError for a task the teacher does not know; StreamPositionError for a position of other
 * data (for files, what only reading them shows comes from `next`).
 */
export function openSource(
  options: OpenOptions,
  teachers: TeacherCache,
  tables: TableCache = new TableCache(),
): BatchSource {
  const { source, data, split, examples, at = null } = options;
  const plan = planOf(options);
  switch (source.kind) {
    case 'uniform':
      return uniformSource(plan, {
        at,
        seed: source.seed,
        stream: STREAM[split],
        labels: source.rawLabels ? 'raw' : 'binary',
        examples,
        repeat: examples !== null,
        dropRemainder: split === 'train',
      });
    case 'teacher': {
      const problems = teacherProblems(plan);
      if (problems.length > 0) throw new DataConfigError(problems);
      return teacherSource(plan, {
        at,
        teacher: teachers.get(source.teacher, plan.layout),
        seed: source.seed,
        split: TEACHER_SPLIT[split],
        dropRemainder: split === 'train',
        ...(examples === null ? {} : { examples, repeat: true }),
      });
    }
    case 'files': {
      const shuffle = { seed: source.seed, bufferSize: data.examples_shuffle_buffer_size };
      return tfRecordSource(plan, {
        at,
        files: source.files,
        share: source.heldOut === false && split === 'train' ? 'all' : FILE_SHARE[split],
        shuffle: split === 'train' && source.shuffle !== false && shuffle.bufferSize > 0 ? shuffle : null,
        repeat: split === 'train',
        dropRemainder: split === 'train',
        ...(options.onProgress ? { onProgress: options.onProgress } : {}),
        ...(options.signal ? { signal: options.signal } : {}),
      });
    }
    case 'table':
      return lateSource(plan.layout, async () =>
        tableSource(plan, await tables.get(source.file, source.columns), {
          at,
          side: TABLE_SIDE[split],
          shuffle: split === 'train' ? { seed: source.seed } : null,
          repeat: split === 'train',
          dropRemainder: split === 'train',
        }),
      );
  }
}

/** A source that is opened by its first batch. */
function lateSource(layout: BatchLayout, open: () => Promise<BatchSource>): BatchSource {
  let source: Promise<BatchSource> | null = null;
  return {
    layout,
    next: async () => (await (source ??= open())).next(),
    dispose: () => void source?.then((opened) => opened.dispose()).catch(() => {}),
  };
}

/** Rows of a raw block: large enough that a block's overhead does not count, small enough at production's 7,432 values a row. */
const ROWS = 64;

/** `examples` raw examples before preprocessing, to write to a file. One block is filled again and again. */
export async function* openRawBlocks(
  options: OpenOptions & { readonly examples: number },
  teachers: TeacherCache,
  tables: TableCache = new TableCache(),
): AsyncGenerator<RawBlock, void, undefined> {
  const { source, split, examples } = options;
  const plan = planOf(options);
  switch (source.kind) {
    case 'uniform':
      yield* uniformBlocks(plan, {
        seed: source.seed,
        stream: STREAM[split],
        labels: source.rawLabels ? 'raw' : 'binary',
        examples,
        rowsPerBlock: ROWS,
      });
      return;
    case 'teacher': {
      const teacher = teachers.get(source.teacher, plan.layout);
      const draw = { teacher, seed: source.seed, split: TEACHER_SPLIT[split] };
      const synthesis = synthesisOf(plan, draw, 'rawLength');
      const block = new RawBlock(plan, ROWS, { stored: 'all' });
      for (let left = examples; left > 0; left -= ROWS) {
        block.reset();
        appendBatch(block, synthesis.next(Math.min(left, ROWS)), synthesis.layout.tasks);
        yield block;
      }
      return;
    }
    case 'files': {
      let left = examples;
      for await (const block of tfRecordBlocks(plan, { files: source.files, shuffle: null, repeat: false })) {
        block.filled = Math.min(block.filled, left);
        left -= block.filled;
        yield block;
        if (left === 0) return;
      }
      return;
    }
    case 'table': {
      const rows = await tables.get(source.file, source.columns);
      let left = examples;
      for (const block of exampleBlocks(plan, rows, split === 'validation' ? HELD_OUT : TRAIN)) {
        block.filled = Math.min(block.filled, left);
        left -= block.filled;
        yield block;
        if (left === 0) return;
      }
    }
  }
}
