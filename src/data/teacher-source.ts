/** The teacher's examples through the same preprocessing as records of a file, with the teacher's own probabilities. */
import { blockSource, type BlockSourceOptions, type RowStream } from './batching.ts';
import { appendBatch, type RawBlock } from './example.ts';
import { tensorWidths, type DataPlan } from './layout.ts';
import type { BatchSource } from './recap-batch.ts';
import { positionFor, StreamPositionError, type StreamPosition } from './stream-position.ts';
import type { Split } from './synthesis/streams.ts';
import { synthesize, type Synthesis, type TeacherBatch } from './synthesis/synthesize.ts';
import { teacherTasks } from './synthesis/tasks.ts';
import type { Teacher } from './synthesis/teacher.ts';

export interface TeacherDraw {
  readonly teacher: Teacher;
  readonly seed: number;
  readonly split: Split;
}

/**
 * What a teacher draws for a plan, before preprocessing: columns `kept` by truncation or of the record's `rawLength`.
 * Labels are the model's tasks and then the data's others, which downsample_negatives may ask for; the rates of the
 * model's tasks decide which rows there are.
 * @throws RangeError for a task of the model that the teacher does not know.
 */
export function synthesisOf(plan: DataPlan, draw: TeacherDraw, width: 'kept' | 'rawLength'): Synthesis {
  const { config, columns, layout } = plan;
  const widthOf = (name: string): number =>
    columns.find((column) => column.name === name && column.role === 'tensor')?.[width] ?? 0;
  const others = columns.filter(
    ({ role, name }) => role === 'label' && !layout.tasks.includes(name) && teacherTasks.includes(name),
  );
  return synthesize({
    ...draw,
    layout: {
      ...tensorWidths(widthOf),
      tasks: [...layout.tasks, ...others.map(({ name }) => name)],
    },
    rates: Object.fromEntries(
      layout.tasks.flatMap((task) => (config.tasks[task] ? [[task, config.tasks[task]]] : [])),
    ),
    keepFor: config.evaluation_tasks.length > 0 ? config.evaluation_tasks : layout.tasks,
  });
}

/** Appends drawn rows, with their weights and probabilities for the model's tasks, which are the first of all. */
function append(block: RawBlock, batch: TeacherBatch, { layout: { tasks: all } }: Synthesis, tasks: number) {
  const first = block.filled;
  appendBatch(block, batch, all);
  const copy = (from: Float32Array, to: Float32Array) => {
    for (let r = 0; r < batch.size; r++) {
      to.set(from.subarray(r * all.length, r * all.length + tasks), (first + r) * tasks);
    }
  };
  copy(batch.teacher, (block.teacher ??= new Float32Array(block.capacity * tasks)));
  if (batch.weights) copy(batch.weights, (block.weights ??= new Float32Array(block.capacity * tasks)));
}

export interface TeacherSourceOptions extends TeacherDraw, Pick<BlockSourceOptions, 'dropRemainder'> {
  /** How many examples there are in all, before preprocessing; without end when absent. */
  readonly examples?: number;
  /** Whether the same examples come again after the last (repeat_files), batches running across the seam. */
  readonly repeat?: boolean;
  /** Where to go on. */
  readonly at?: StreamPosition | null;
}

/** About 40 ms of drawing: then messages to the worker get their turn. */
const DRAWS_AT_ONCE = 4096;

/**
 * A stream of the teacher's examples, with `teacher` probabilities in each batch. The same options give the same bytes
 * in a page, a worker and Node.
 * @throws RangeError for a task that the teacher does not know, or a number of examples that makes no sense;
 * StreamPositionError for a position of other data.
 */
export function teacherSource(plan: DataPlan, options: TeacherSourceOptions): BatchSource {
  const { examples = Infinity, repeat = false, ...draw } = options;
  if (!(examples >= 1)) throw new RangeError(`A source needs at least one example, got ${examples}.`);
  const begin = () => synthesisOf(plan, draw, 'kept');
  let synthesis = begin();
  let used = 0;
  const checked = (at: StreamPosition | null | undefined) => {
    const position = positionFor('teacher', at);
    if (position && position.used > examples)
      throw new StreamPositionError(`example ${position.used} is behind the last of ${examples}.`);
    return position;
  };
  const seek = (to: StreamPosition | null | undefined) => {
    const position = checked(to);
    used = position?.used ?? 0;
    synthesis.seek(position?.row ?? 0);
  };
  seek(options.at);
  let open = true;

  const fill = async (block: RawBlock): Promise<void> => {
    while (block.filled < block.capacity) {
      if (used >= examples) {
        if (!repeat) break;
        synthesis = begin();
        used = 0;
      }
      const filling = synthesis.begin(Math.min(block.capacity - block.filled, examples - used));
      while (!filling.advance(DRAWS_AT_ONCE)) {
        await new Promise((resume) => setTimeout(resume, 0));
        if (!open) return;
      }
      used += filling.batch.size;
      append(block, filling.batch, synthesis, plan.layout.tasks.length);
    }
    // Weights go into the batch as they are: no longer than its rows.
    if (block.weights) block.weights = block.weights.slice(0, block.filled * plan.layout.tasks.length);
  };
  const rows: RowStream = {
    fill,
    position: () => ({ kind: 'teacher', used, row: synthesis.row }),
    seek,
    // Which rows downsampling drops is known only when they are drawn.
    ...(!synthesis.sampled &&
      (repeat || examples === Infinity) && {
        ahead(from: StreamPosition | null, count: number) {
          const at = checked(from);
          const total = (at?.used ?? 0) + count;
          if (total <= examples) return { kind: 'teacher', used: total, row: (at?.row ?? 0) + count };
          const over = ((total - 1) % examples) + 1;
          return { kind: 'teacher', used: over, row: over };
        },
      }),
    dispose: () => {
      open = false;
    },
  };
  return blockSource(plan, rows, options);
}
