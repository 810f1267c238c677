/** A stream that several workers make is one worker's to the last bit, whatever was foreseen wrongly. */
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { openSource, TeacherCache } from '../data/open-source.ts';
import type { SourceKind } from '../data/open-source.ts';
import { dataConfig, TEACHER_SCHEMA, TEACHER_TASKS } from '../data/plan.fixture.ts';
import type { RecapBatch } from '../data/recap-batch.ts';
import type { StreamPosition } from '../data/stream-position.ts';
import { teacherConfigSchema } from '../data/synthesis/teacher-config.ts';
import { trainingSource } from '../training/training-source.ts';
import type { TrainingSource } from '../training/training-source.ts';
import { sharedSource } from './shared-stream.ts';
import { serveStream } from './stream.ts';

const teachers = new TeacherCache();
const small = teacherConfigSchema.parse({ users: 50, authors: 50 });
const kinds: Readonly<Record<'uniform' | 'teacher', SourceKind>> = {
  uniform: { kind: 'uniform', seed: 7, rawLabels: true },
  teacher: { kind: 'teacher', seed: 7, teacher: small },
};

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

type Change = (source: TrainingSource) => TrainingSource;

function open(kind: 'uniform' | 'teacher', examples: number | null): TrainingSource {
  const data = dataConfig({
    global_batch_size: 5,
    tasks: Object.fromEntries(TEACHER_TASKS.map((task) => [task, {}])),
  });
  const options = {
    source: kinds[kind],
    data,
    schema: TEACHER_SCHEMA,
    tasks: TEACHER_TASKS,
    split: 'train',
    examples,
  } as const;
  return trainingSource((at) => openSource({ ...options, at }, teachers));
}

function shared(kind: 'uniform' | 'teacher', examples: number | null, makers: readonly Change[]) {
  const ends = makers.map((change) => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    serveStream(port2, change(open(kind, examples)));
    return port1;
  });
  return sharedSource(ends, open(kind, examples).layout);
}

async function take(source: TrainingSource, count: number): Promise<(RecapBatch | null)[]> {
  const batches = [];
  for (let i = 0; i < count; i++) batches.push(await source.next());
  return batches;
}

const honest: Change = (source) => source;
/** Foresees wrongly now and then, as a draw that is drawn again makes it. */
const wrongAt =
  (every: number): Change =>
  (source) => ({
    ...source,
    ahead(at) {
      const found = source.ahead?.(at) ?? null;
      if (found?.kind !== 'uniform' && found?.kind !== 'teacher') return found;
      return Math.floor(found.used / 5) % every === 0 ? { ...found, used: found.used - 1 } : found;
    },
  });
/** Answers late. */
const slow: Change = (source) => ({
  ...source,
  async next() {
    const batch = await source.next();
    await new Promise((resolve) => setTimeout(resolve, 3));
    return batch;
  },
});

it.each(['uniform', 'teacher'] as const)('%s: any number of workers make the same batches', (kind) =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(honest, honest, slow, wrongAt(2), wrongAt(3)), { minLength: 1, maxLength: 4 }),
      // Passes end in the middle of a batch.
      fc.option(fc.integer({ min: 1, max: 37 })),
      fc.integer({ min: 0, max: 9 }),
      async (makers, examples, place) => {
        const alone = open(kind, examples);
        const wanted = await take(alone, 14);
        const source = shared(kind, examples, makers);
        expect(await take(source, 12)).toEqual(wanted.slice(0, 12));
        // Back to a checkpoint, with batches under way.
        const at = JSON.parse(JSON.stringify(wanted[place]!.position)) as StreamPosition;
        await source.seek(at);
        expect(await take(source, 4)).toEqual(wanted.slice(place + 1, place + 5));
        await source.seek(null);
        const overlapping = [source.next(), source.next(), source.next()];
        expect(await Promise.all(overlapping)).toEqual(wanted.slice(0, 3));
        source.dispose();
        expect(await source.next()).toBeNull();
      },
    ),
    { numRuns: 12, seed: 5 },
  ),
);

it('asks no worker for more than two batches ahead', async () => {
  const made = [0, 0, 0];
  const counting = made.map((_, at): Change => (source) => ({
    ...source,
    next() {
      made[at]!++;
      return source.next();
    },
  }));
  const source = shared('uniform', null, counting);
  await take(source, 30);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(made.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(36);
  expect(Math.min(...made)).toBeGreaterThan(5);
});

it('fails what waits when a worker is gone, and refuses a place that the data has not', async () => {
  const source = shared('uniform', null, [
    honest,
    (given) => ({ ...given, next: () => new Promise(() => {}) }),
  ]);
  await expect(source.seek({ kind: 'teacher', used: 0, row: 0 })).rejects.toThrow('cannot go on');
  const waiting = Promise.all([source.next(), source.next()]);
  source.fail('the data worker stopped');
  await expect(waiting).rejects.toThrow('the data worker stopped');
  await expect(source.next()).rejects.toThrow('the data worker stopped');
});
