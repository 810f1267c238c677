import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue, featureColumn } from '../catalogue/catalogue.ts';
import { authorEmbedding, userEmbedding } from './population.ts';
import { MAX_EXAMPLES, rowRandom } from './streams.ts';
import { synthesize } from './synthesize.ts';
import type { SynthesisOptions } from './synthesize.ts';
import { LABEL, teacherTasks } from './tasks.ts';
import { teacherConfigSchema } from './teacher-config.ts';
import { createTeacher } from './teacher.ts';
import type { Teacher } from './teacher.ts';
import { batchHash, PINNED_HASH, pinnedBatch, smallLayout } from './testing.ts';

let teacher: Teacher;
beforeAll(() => {
  teacher = createTeacher(teacherConfigSchema.parse({ users: 50, authors: 50 }), smallLayout);
});

const options = (changes: Partial<SynthesisOptions> = {}): SynthesisOptions => ({
  teacher,
  layout: smallLayout,
  seed: 5,
  split: 'train',
  ...changes,
});

describe('synthesize', () => {
  it('gives the pinned bytes', () => {
    expect(batchHash(pinnedBatch())).toBe(PINNED_HASH);
  });

  it('gives the same examples whatever the batch sizes', () => {
    const whole = synthesize(options()).next(30);
    const parts = synthesize(options());
    const first = parts.next(7);
    expect(parts.row).toBe(7);
    parts.seek(10);
    const last = parts.next(20);
    expect(first.continuous).toEqual(whole.continuous.slice(0, 7 * 40));
    expect(last.continuous).toEqual(whole.continuous.slice(10 * 40));
    expect(last.labels).toEqual(whole.labels.slice(10 * teacherTasks.length));
    expect([...last.tweetIds]).toEqual(Array.from({ length: 20 }, (_, i) => 10 + i));
  });

  it('goes on from a row where rows are downsampled', () => {
    const rates = { [LABEL.favorited]: { pos_downsampling_rate: 1, neg_downsampling_rate: 0.1 } };
    const sampled = options({ rates, keepFor: [LABEL.favorited] });
    const whole = synthesize(sampled).next(30);
    const begun = synthesize(sampled);
    begun.next(12);
    const parts = synthesize(sampled);
    parts.seek(begun.row);
    expect(parts.next(18).tweetIds).toEqual(whole.tweetIds.slice(12));
    expect(whole.tweetIds[29]).toBeGreaterThan(100);
  });

  it('gives other examples for another seed and for each split', () => {
    const hashes = [
      batchHash(synthesize(options()).next(20)),
      batchHash(synthesize(options({ seed: 6 })).next(20)),
      batchHash(synthesize(options({ split: 'validation' })).next(20)),
      batchHash(synthesize(options({ split: 'candidates' })).next(20)),
    ];
    expect(new Set(hashes).size).toBe(4);
  });

  it('begins a wide tensor with the columns of a narrow one', () => {
    const wide = synthesize(options({ layout: { ...smallLayout, continuous: 60, binary: 45 } })).next(5);
    const narrow = synthesize(options()).next(5);
    for (let r = 0; r < 5; r++) {
      expect(wide.continuous.slice(r * 60, r * 60 + 40)).toEqual(
        narrow.continuous.slice(r * 40, (r + 1) * 40),
      );
      expect(wide.binary.slice(r * 45, r * 45 + 30)).toEqual(narrow.binary.slice(r * 30, (r + 1) * 30));
    }
  });

  it('cuts named columns where a layout is narrower than the catalogue', () => {
    const tiny = synthesize(
      options({ layout: { ...smallLayout, continuous: 3, binary: 1, discrete: 0 } }),
    ).next(4);
    const narrow = synthesize(options()).next(4);
    expect(tiny.continuous.slice(3, 6)).toEqual(narrow.continuous.slice(40, 43));
    expect(tiny.binary[1]).toBe(narrow.binary[30]);
    expect(tiny.labels).toEqual(narrow.labels);
  });

  it('gathers the columns that masks choose', () => {
    const masks = { continuous: Int32Array.of(0, 18, 33), binary: Int32Array.of(1, 29) };
    const masked = synthesize(options({ layout: { ...smallLayout, continuous: 3, binary: 2, masks } })).next(
      6,
    );
    const whole = synthesize(options()).next(6);
    for (let r = 0; r < 6; r++) {
      expect(Array.from(masked.continuous.subarray(r * 3, r * 3 + 3))).toEqual(
        [0, 18, 33].map((c) => whole.continuous[r * 40 + c]),
      );
      expect(Array.from(masked.binary.subarray(r * 2, r * 2 + 2))).toEqual(
        [1, 29].map((c) => whole.binary[r * 30 + c]),
      );
    }
    expect(() => synthesize(options({ layout: { ...smallLayout, masks } }))).toThrow(
      /3 columns and the batch has 40/,
    );
  });

  it("fills embeddings of the row's viewer and author, and labels of 0 and 1", () => {
    const batch = synthesize(options()).next(50);
    for (const r of [0, 49]) {
      expect(batch.userEmbedding.slice(r * 12, (r + 1) * 12)).toEqual(
        userEmbedding(teacher.population, batch.userIds[r]!),
      );
      expect(batch.authorEmbedding.slice(r * 12, (r + 1) * 12)).toEqual(
        authorEmbedding(teacher.population, batch.authorIds[r]!),
      );
    }
    expect(new Set(batch.labels)).toEqual(new Set([0, 1]));
    expect(batch.weights).toBeNull();
  });

  it('fills the columns without a name with heavy-tailed noise, finite and not constant', () => {
    const size = 2000;
    const batch = synthesize(options()).next(size);
    const named = catalogue.filter((feature) => feature.tensor === 'continuous').length;
    let tails = 0;
    for (let c = named; c < 40; c++) {
      const values = Float64Array.from({ length: size }, (_, r) => batch.continuous[r * 40 + c]!);
      expect(values.every(Number.isFinite)).toBe(true);
      const mean = values.reduce((sum, x) => sum + x / size, 0);
      const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2 / size, 0));
      expect(deviation).toBeGreaterThan(0);
      if (values.some((x) => Math.abs(x - mean) > 6 * deviation)) tails++;
    }
    expect(tails).toBeGreaterThan(5);
  });

  it('matches labels to tasks by name', () => {
    const tasks = [LABEL.video, LABEL.favorited];
    const two = synthesize(options({ layout: { ...smallLayout, tasks } })).next(200);
    const all = synthesize(options()).next(200);
    for (let r = 0; r < 200; r++) {
      tasks.forEach((task, t) => {
        expect(two.labels[r * 2 + t]).toBe(all.labels[r * 13 + teacherTasks.indexOf(task)]);
        expect(two.teacher[r * 2 + t]).toBe(all.teacher[r * 13 + teacherTasks.indexOf(task)]);
      });
      if (two.labels[r * 2])
        expect(two.binary[r * 30 + featureColumn('recap.tweetfeature.has_video')]).toBe(1);
    }
  });

  it('names what does not fit', () => {
    expect(() => synthesize(options({ layout: { ...smallLayout, tasks: ['is_x'] } }))).toThrow(/"is_x"/);
    expect(() => synthesize(options({ layout: { ...smallLayout, userEmbedding: 16 } }))).toThrow(
      /userEmbedding is 16 wide/,
    );
    expect(() => rowRandom(1, 'train', MAX_EXAMPLES, 'coin')).toThrow(/2\d{8}|1\d{8}/);
  });
});
