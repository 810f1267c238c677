/**
 * The reference's random data: integers uniform in 0…9, floats uniform in [0, 1). Labels are 0 or 1 by default, since
 * 0…9 makes the loss unbounded. Every used feature is drawn whole, in the schema's order, so that a seed means the same
 * examples whether they are trained on or written to a file, and whatever is truncated.
 */
import type { BatchSource } from './recap-batch.ts';
import { blockSource, type BlockSourceOptions } from './batching.ts';
import { RawBlock } from './example.ts';
import type { DataPlan } from './layout.ts';
import { Random } from './random.ts';
import { RandomJump } from './random-jump.ts';
import { positionFor, StreamPositionError, type StreamPosition } from './stream-position.ts';

const INTEGERS = 10;

export type UniformLabels = 'binary' | 'raw';

export interface UniformOptions {
  readonly seed: number;
  /** Picks one of many independent sequences of the seed: held-out data is another stream. */
  readonly stream?: number;
  /** Labels 0/1, or `raw` for the reference's 0…9. */
  readonly labels?: UniformLabels;
}

/** Appends `count` drawn rows to a block. */
export function drawUniform(
  block: RawBlock,
  random: Random,
  count: number,
  labels: UniformLabels = 'binary',
): void {
  for (let row = block.filled, end = row + count; row < end; row++) {
    for (const { kind, role, length, stride, data } of block.recordColumns) {
      const start = row * stride;
      if (kind === 'float_list') {
        random.fillFloats(data as Float32Array, start, start + stride);
        random.skipFloats(length - stride);
      } else {
        const bound = role === 'label' && labels === 'binary' ? 2 : INTEGERS;
        random.fillInts(data, bound, start, start + stride);
        random.skipInts(length - stride, bound);
      }
    }
  }
  block.filled += count;
}

export interface UniformSourceOptions extends UniformOptions, Pick<BlockSourceOptions, 'dropRemainder'> {
  /** Number of examples, or null for no end. */
  readonly examples: number | null;
  /** Whether the same examples come again after the last, batches running across the seam. */
  readonly repeat?: boolean;
  /** Where to go on. */
  readonly at?: StreamPosition | null;
}

/**
 * Batches of uniform random examples.
 * @throws RangeError when `examples` is no positive whole number, or the seed none; StreamPositionError for a position of
 * other data.
 */
export function uniformSource(plan: DataPlan, options: UniformSourceOptions): BatchSource {
  const { seed, stream = 0, labels = 'binary', examples, repeat = false } = options;
  if (examples !== null && !(Number.isSafeInteger(examples) && examples > 0)) {
    throw new RangeError(`The number of examples must be a positive whole number, it is ${examples}.`);
  }
  const end = examples ?? Infinity;
  let used = 0;
  let random = new Random(seed, stream);
  const checked = (at: StreamPosition | null | undefined) => {
    const position = positionFor('uniform', at);
    if (position && position.used > end)
      throw new StreamPositionError(`example ${position.used} is behind the last of ${end}.`);
    return position;
  };
  const seek = (to: StreamPosition | null | undefined) => {
    const position = checked(to);
    used = position?.used ?? 0;
    random = position ? Random.restore(position.random) : new Random(seed, stream);
  };
  seek(options.at);
  const fill = (block: RawBlock) => {
    while (block.filled < block.capacity) {
      if (used === end) {
        if (!repeat) return;
        random = new Random(seed, stream);
        used = 0;
      }
      const count = Math.min(end - used, block.capacity - block.filled);
      drawUniform(block, random, count, labels);
      used += count;
    }
  };
  const position = () => ({ kind: 'uniform', used, random: random.getState() }) as const;
  const jump = new RandomJump();
  const draws = plan.columns.reduce((sum, { rawLength }) => sum + rawLength, 0);
  // A whole number below 10 draws again in one case of 700 million: then the position is off, which its user sees.
  const ahead = (from: StreamPosition | null, count: number) => {
    const begin = checked(from);
    const [before, state] = begin ? [begin.used, begin.random] : [0, new Random(seed, stream).getState()];
    const total = before + count;
    if (total <= end)
      return { kind: 'uniform', used: total, random: jump.from(state, count * draws) } as const;
    const over = ((total - 1) % end) + 1;
    const again = new Random(seed, stream).getState();
    return { kind: 'uniform', used: over, random: jump.from(again, over * draws) } as const;
  };
  return blockSource(
    plan,
    { fill, position, seek, ...((repeat || examples === null) && { ahead }) },
    options,
  );
}

/**
 * The same examples as raw blocks, for writing files. One block is filled again and again: use it before the next.
 * @throws RangeError when the seed is no safe integer.
 */
export function* uniformBlocks(
  plan: DataPlan,
  options: UniformOptions & { readonly examples: number; readonly rowsPerBlock?: number },
): Generator<RawBlock, void, undefined> {
  const random = new Random(options.seed, options.stream);
  const block = new RawBlock(plan, Math.min(options.rowsPerBlock ?? 64, options.examples), { stored: 'all' });
  for (let left = options.examples; left > 0; left -= block.filled) {
    block.reset();
    drawUniform(block, random, Math.min(left, block.capacity), options.labels);
    yield block;
  }
}
