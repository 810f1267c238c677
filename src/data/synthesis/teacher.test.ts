import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { auroc } from '../../metrics/auroc.ts';
import { ScoredSamples } from '../../metrics/scored-samples.ts';
import { catalogue } from '../catalogue/catalogue.ts';
import { catalogueIndex } from './feature-model.ts';
import { marginals, noiseConditionals } from './labels.ts';
import { parseTeacherConfig } from './parse-teacher-config.ts';
import { rowRandom } from './streams.ts';
import { LABEL_INDEX, teacherTasks } from './tasks.ts';
import { teacherConfigSchema } from './teacher-config.ts';
import type { TeacherConfig } from './teacher-config.ts';
import { createExample, createTeacher, handMadeFeatures, teacherScores } from './teacher.ts';
import type { Teacher } from './teacher.ts';

const dims = { userEmbedding: 8, userEngEmbedding: 8, authorEmbedding: 8 };
const LABELS = teacherTasks.length;
const ROWS = 60000;
const L = LABEL_INDEX;
const HAS_VIDEO = catalogueIndex.get('recap.tweetfeature.has_video')!;

function preset(name: string): TeacherConfig {
  const text = readFileSync(new URL(`../../../configs/data/${name}.yaml`, import.meta.url), 'utf8');
  return parseTeacherConfig(text).config!;
}

interface Drawn {
  readonly teacher: Teacher;
  readonly labels: Uint8Array;
  readonly probabilities: Float64Array;
  readonly video: Uint8Array;
}

function drawMany(config: TeacherConfig): Drawn {
  const teacher = createTeacher(config, dims);
  const labels = new Uint8Array(ROWS * LABELS);
  const probabilities = new Float64Array(ROWS * LABELS);
  const video = new Uint8Array(ROWS);
  const example = createExample();
  for (let r = 0; r < ROWS; r++) {
    teacher.draw(rowRandom(99, 'train', r, 'example'), example);
    labels.set(example.labels, r * LABELS);
    probabilities.set(example.probabilities, r * LABELS);
    video[r] = example.features[HAS_VIDEO]!;
  }
  return { teacher, labels, probabilities, video };
}

const mean = (matrix: ArrayLike<number>, label: number) => {
  let sum = 0;
  for (let r = 0; r < ROWS; r++) sum += matrix[r * LABELS + label]!;
  return sum / ROWS;
};

function teacherAuroc({ labels, probabilities }: Drawn, label: number): number {
  const samples = new ScoredSamples();
  const column = (matrix: ArrayLike<number>) =>
    Float64Array.from({ length: ROWS }, (_, r) => matrix[r * LABELS + label]!);
  samples.update(column(probabilities), column(labels), null);
  const value = auroc(samples);
  if (value.kind !== 'value') throw new Error(`no AUROC of ${teacherTasks[label]}`);
  return value.value;
}

describe.each(['easy', 'realistic'])('teacher of the preset %s', (name) => {
  let drawn: Drawn;
  beforeAll(() => {
    drawn = drawMany(preset(name));
  });

  it.each(teacherTasks.map((task, label) => [task, label] as const))(
    'hits the base rate of %s',
    (task, label) => {
      const rate = (drawn.teacher.config.base_rates as Record<string, number>)[task]!;
      expect(mean(drawn.probabilities, label) / rate).toBeGreaterThan(0.9);
      expect(mean(drawn.probabilities, label) / rate).toBeLessThan(1.1);
      // Labels scatter about the probabilities: five standard errors.
      const error = Math.sqrt(rate / ROWS);
      expect(Math.abs(mean(drawn.labels, label) - mean(drawn.probabilities, label))).toBeLessThan(5 * error);
    },
  );

  it('draws no label without the label that it implies', () => {
    let engaged = 0;
    let alone = 0;
    for (let r = 0; r < ROWS; r++) {
      const row = drawn.labels.subarray(r * LABELS, (r + 1) * LABELS);
      const implied = [
        [L.replyEngaged, row[L.replied]!],
        [L.goodClick, row[L.favorited]! | row[L.replied]!],
        [L.goodClickV2, row[L.detailDwelled]!],
        [L.video, drawn.video[r]!],
      ] as const;
      for (const [label, other] of implied) {
        engaged += row[label]!;
        if (row[label] && other !== 1) alone++;
      }
    }
    expect(alone).toBe(0);
    expect(engaged).toBeGreaterThan(100);
  });

  it('gives true marginals: in each tenth by probability as many positives as it says', () => {
    for (let label = 0; label < LABELS; label++) {
      const sorted = Float64Array.from({ length: ROWS }, (_, r) => drawn.probabilities[r * LABELS + label]!);
      sorted.sort();
      const starts = Array.from({ length: 10 }, (_, tenth) => sorted[(tenth * ROWS) / 10]!);
      const [expected, variance, positives] = [0, 1, 2].map(() => new Float64Array(10));
      for (let r = 0; r < ROWS; r++) {
        const p = drawn.probabilities[r * LABELS + label]!;
        const tenth = starts.findLastIndex((start) => p >= start);
        expected![tenth] += p;
        variance![tenth] += p * (1 - p);
        positives![tenth] += drawn.labels[r * LABELS + label]!;
      }
      for (let tenth = 0; tenth < 10; tenth++) {
        const off = Math.abs(positives![tenth]! - expected![tenth]!);
        expect(off).toBeLessThan(5 * Math.sqrt(variance![tenth]!) + 3);
      }
    }
  });

  it('can be learned from, but not perfectly', () => {
    for (let label = 0; label < LABELS; label++) {
      const value = teacherAuroc(drawn, label);
      expect(value).toBeGreaterThan(0.75);
      expect(value).toBeLessThan(0.999);
    }
    expect(teacherAuroc(drawn, L.favorited)).toBeLessThan(0.92);
  });
});

describe('teacher of the preset noise', () => {
  it('knows the base rates and nothing else, and keeps implications between labels', () => {
    const drawn = drawMany(preset('noise'));
    for (let label = 0; label < LABELS; label++) {
      const rate = (drawn.teacher.config.base_rates as Record<string, number>)[teacherTasks[label]!]!;
      for (let r = 0; r < ROWS; r += 1000)
        expect(drawn.probabilities[r * LABELS + label]).toBeCloseTo(rate, 12);
      expect(Math.abs(mean(drawn.labels, label) - rate)).toBeLessThan(5 * Math.sqrt(rate / ROWS));
    }
    let alone = 0;
    for (let r = 0; r < ROWS; r++)
      if (drawn.labels[r * LABELS + L.replyEngaged] && !drawn.labels[r * LABELS + L.replied]) alone++;
    expect(alone).toBe(0);
  });
});

describe('settings of the teacher', () => {
  /** Of one size, as those of other files: each other one takes a second to calibrate. */
  const smaller = (settings: object) =>
    createTeacher(teacherConfigSchema.parse({ users: 50, authors: 50, ...settings }), dims);
  const spread = (teacher: Teacher, label: number) => {
    const example = createExample();
    let sum = 0;
    let square = 0;
    for (let r = 0; r < 2000; r++) {
      teacher.draw(rowRandom(1, 'train', r, 'example'), example);
      const logit = Math.log(example.probabilities[label]! / (1 - example.probabilities[label]!));
      sum += logit / 2000;
      square += (logit * logit) / 2000;
    }
    return Math.sqrt(Math.max(square - sum * sum, 0));
  };

  it('makes effect_size the deviation of a logit', () => {
    expect(spread(smaller({ effect_size: 1 }), L.favorited)).toBeCloseTo(1, 1);
    expect(spread(smaller({ effect_size: 2 }), L.favorited)).toBeCloseTo(2, 0);
    expect(spread(smaller({ effect_size: 0 }), L.favorited)).toBeLessThan(1e-6);
  });

  it('mixes noise into the marginals', () => {
    const clear = smaller({});
    const noisy = smaller({ noise: 0.25 });
    const [a, b] = [createExample(), createExample()];
    clear.draw(rowRandom(1, 'train', 5, 'example'), a);
    noisy.draw(rowRandom(1, 'train', 5, 'example'), b);
    expect(b.features).toEqual(a.features);
    for (let label = 0; label < LABELS; label++) {
      const rate = (clear.config.base_rates as Record<string, number>)[teacherTasks[label]!]!;
      expect(b.probabilities[label]).toBeCloseTo(0.75 * a.probabilities[label]! + 0.25 * rate, 12);
    }
  });

  it('listens to affinity as much as it is told', () => {
    const range = (strength: number) => {
      const teacher = smaller({ affinity: strength });
      const out = new Float64Array(LABELS);
      const features = new Float32Array(catalogue.length);
      handMadeFeatures({ features: {}, userId: 0, authorId: 0 }, features);
      const values = Array.from({ length: 50 }, (_, author) => {
        teacher.probabilities(features, 0, author, out);
        return out[L.favorited]!;
      });
      return Math.max(...values) / Math.min(...values);
    };
    expect(range(0)).toBeCloseTo(1, 9);
    expect(range(1)).toBeGreaterThan(2);
  });

  it('works with one user, one author and one community', () => {
    const teacher = createTeacher(teacherConfigSchema.parse({ users: 1, authors: 1, clusters: 1 }), dims);
    const example = createExample();
    teacher.draw(rowRandom(1, 'train', 0, 'example'), example);
    expect(example.probabilities.every((p) => p >= 0 && p < 1)).toBe(true);
    expect(example.probabilities[L.favorited]).toBeGreaterThan(0);
  });
});

describe('labels', () => {
  it('gives back the base rates from the conditionals of noise', () => {
    const rates = Float64Array.from(
      teacherTasks,
      (_, i) => [0.3, 0.2][i % 2]! / (i === L.replyEngaged ? 5 : 1),
    );
    rates[L.goodClick] = 0.1;
    rates[L.goodClickV2] = 0.1;
    const out = new Float64Array(LABELS);
    marginals(noiseConditionals(rates), 1, out);
    out.forEach((p, i) => expect(p).toBeCloseTo(rates[i]!, 12));
    rates[L.replyEngaged] = 0.9;
    expect(() => noiseConditionals(rates)).toThrow(/more frequent/);
  });
});

describe('rows made by hand', () => {
  let made: Teacher;
  beforeAll(() => {
    made = createTeacher(teacherConfigSchema.parse({ users: 50, authors: 50 }), dims);
  });
  const likes = 'recap.earlybird.fav_count_v2';

  it('score as the teacher scores the same features', () => {
    const example = createExample();
    made.draw(rowRandom(1, 'candidates', 3, 'example'), example);
    const features = Object.fromEntries(catalogue.map((feature, i) => [feature.name, example.features[i]!]));
    const scores = teacherScores(
      made,
      [{ features, userId: example.user, authorId: example.author }],
      teacherTasks,
    );
    scores.forEach((p, i) => expect(p).toBeCloseTo(example.probabilities[i]!, 6));
  });

  it('take typical values for what is not given, and no video without the flag', () => {
    const out = new Float32Array(catalogue.length);
    handMadeFeatures({ features: { [likes]: 77 }, userId: 0, authorId: 0 }, out);
    expect(out[catalogueIndex.get(likes)!]).toBe(77);
    expect(out[catalogueIndex.get('recap.earlybird.reply_count_v2')!]).toBe(5);
    expect(out[catalogueIndex.get('tweetsource.tweet.media.video_duration')!]).toBe(0);
    handMadeFeatures({ features: { 'recap.tweetfeature.has_video': 1 }, userId: 0, authorId: 0 }, out);
    expect(out[catalogueIndex.get('tweetsource.tweet.media.video_duration')!]).toBeCloseTo(35, 3);
  });

  it('name what is wrong with them', () => {
    const score = (row: object, tasks = teacherTasks) =>
      teacherScores(made, [{ features: {}, userId: 0, authorId: 0, ...row }], tasks);
    expect(() => score({ userId: 50 })).toThrow('There is no user 50: ids go from 0 to 49.');
    expect(() => score({ features: { likes: 3 } })).toThrow(/"likes"/);
    expect(() => score({ features: { [likes]: NaN } })).toThrow(/fav_count_v2 must be a finite number/);
    expect(() => score({}, ['recap.engagement.is_poked'])).toThrow(/is_poked/);
  });
});
