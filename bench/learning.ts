/**
 * The learning benchmark: trains playground.yaml from nothing on data whose best possible score is known, and says how
 * close each head came. One fixed seed, so that the figures are the same from run to run.
 */
import { readFileSync } from 'node:fs';
import { parseRecapConfig } from '../src/config/parse-config.ts';
import type { DataConfig, RecapConfig } from '../src/config/recap-config.ts';
import { parseDataSchema } from '../src/data/data-schema.ts';
import type { DataSchema } from '../src/data/data-schema.ts';
import { planData } from '../src/data/layout.ts';
import { openSource, TeacherCache } from '../src/data/open-source.ts';
import type { RecapBatch } from '../src/data/recap-batch.ts';
import { teacherPresets } from '../src/data/synthesis/presets.ts';
import { synthesize } from '../src/data/synthesis/synthesize.ts';
import type { Engine } from '../src/engines/engine.ts';
import { createTfjsEngine } from '../src/engines/tfjs/engine.ts';
import { auroc } from '../src/metrics/auroc.ts';
import type { MetricValue } from '../src/metrics/metric-value.ts';
import { Rce } from '../src/metrics/rce.ts';
import { ScoredSamples } from '../src/metrics/scored-samples.ts';
import { spearman } from '../src/metrics/spearman.ts';
import { scoreFunction } from '../src/ranking/score.ts';
import { publishedWeights } from '../src/ranking/score-weights.ts';
import { adamOptions } from '../src/engines/adam-options.ts';
import { modelGraph } from '../src/graph/model-graph.ts';
import { learningRates } from '../src/training/learning-rates.ts';
import type { Benchmark, BenchOptions } from './benchmark.ts';
import { textTable } from './benchmark.ts';

const SEED = 1;
const HELD_OUT = 32768;
const CANDIDATES = 500;
/** Rate at which negatives are kept in the run that checks calibration. */
const NEGATIVES_KEPT = 0.1;

interface HeadResult {
  readonly task: string;
  readonly positive_rate: number;
  readonly auroc: number | null;
  readonly teacher_auroc: number | null;
  readonly rce: number | null;
  readonly teacher_rce: number | null;
}

interface RunResult {
  readonly heads: readonly HeadResult[];
  readonly spearman_before: number | null;
  readonly spearman_after: number | null;
  readonly steps: number;
  readonly seconds: number;
}

interface CalibrationResult {
  readonly task: string;
  readonly positives: number;
  /** The teacher's mean probability over the held-out examples. */
  readonly base_rate: number;
  readonly mean_calibrated: number;
}

interface Setup {
  readonly config: RecapConfig;
  readonly schema: DataSchema;
  readonly teachers: TeacherCache;
  readonly options: BenchOptions;
}

const numberOf = (value: MetricValue): number | null => (value.kind === 'value' ? value.value : null);

function column(matrix: Float32Array, tasks: number, task: number): Float32Array {
  return Float32Array.from({ length: matrix.length / tasks }, (_, row) => matrix[row * tasks + task]!);
}

function readSetup(options: BenchOptions): Setup {
  const read = (file: string) => readFileSync(new URL(`../configs/${file}`, import.meta.url), 'utf8');
  const { config, problems } = parseRecapConfig(read('playground.yaml'));
  if (!config) throw new Error(`playground.yaml: ${problems[0]?.message ?? 'no configuration'}`);
  const schema = parseDataSchema(read('playground-segdense.json'), 'playground-segdense.json');
  return { config, schema, teachers: new TeacherCache(), options };
}

/** One run: what a preset teaches the configuration's model, with `evaluate` called on the trained engine. */
async function train<T>(
  setup: Setup,
  preset: string,
  data: DataConfig,
  evaluate: (engine: Engine, heldOut: RecapBatch[], tasks: readonly string[]) => Promise<T>,
): Promise<{ before: number | null; after: number | null; steps: number; seconds: number; evaluation: T }> {
  const { schema, teachers, options } = setup;
  const config = { ...setup.config, train_data: data };
  const teacherConfig = teacherPresets.find(({ id }) => id === preset)!.config;
  const tasks = Object.keys(config.model.tasks);
  const { layout } = planData(data, schema, tasks);
  const graph = modelGraph(config, layout);
  const batchSize = data.global_batch_size;
  const engine = await createTfjsEngine({ graph, adam: adamOptions(config), seed: SEED, batchSize }, 'wasm');
  try {
    const source = { kind: 'teacher', seed: SEED, teacher: teacherConfig } as const;
    const open = (split: 'train' | 'validation', section: DataConfig) =>
      openSource({ source, data: section, schema, tasks, split, examples: null }, teachers);
    const teacher = teachers.get(teacherConfig, layout);
    const candidates = synthesize({ teacher, layout, seed: SEED, split: 'candidates' }).next(CANDIDATES);
    const score = scoreFunction(tasks, publishedWeights('2023-04-05'));
    const scores = (values: Float32Array) =>
      Float64Array.from({ length: CANDIDATES }, (_, row) => score.weightedSum(values, row));
    const wanted = scores(candidates.teacher);
    const agreement = async () =>
      numberOf(spearman(scores((await engine.predict(candidates)).calibrated), wanted));

    const before = await agreement();
    const rates = learningRates(config);
    const batches = open('train', data);
    const steps = config.training.num_train_steps;
    const start = performance.now();
    for (let step = 0; step < steps; step++) {
      const batch = await batches.next();
      if (!batch) throw new Error('The teacher ran out of examples.');
      const { loss } = await engine.step(batch, rates(step));
      if ((step + 1) % 250 === 0) {
        const seconds = (performance.now() - start) / 1000;
        options.log(`${preset} step ${step + 1}/${steps} loss ${loss.toFixed(4)} ${seconds.toFixed(0)} s`);
      }
    }
    batches.dispose();
    const seconds = (performance.now() - start) / 1000;
    const after = await agreement();

    const natural = { ...setup.config.train_data, global_batch_size: 1024 };
    const validation = open('validation', natural);
    const heldOut: RecapBatch[] = [];
    for (let i = 0; i < HELD_OUT / 1024; i++) heldOut.push((await validation.next())!);
    validation.dispose();
    return { before, after, steps, seconds, evaluation: await evaluate(engine, heldOut, tasks) };
  } finally {
    engine.dispose();
  }
}

async function headResults(
  engine: Engine,
  heldOut: RecapBatch[],
  tasks: readonly string[],
): Promise<HeadResult[]> {
  const heads = tasks.map(() => ({
    model: new ScoredSamples(),
    teacher: new ScoredSamples(),
    modelRce: new Rce(),
    teacherRce: new Rce(),
    positives: 0,
  }));
  for (const batch of heldOut) {
    const { calibrated } = await engine.predict(batch);
    heads.forEach((head, task) => {
      const labels = column(batch.labels, tasks.length, task);
      const model = column(calibrated, tasks.length, task);
      const teacher = column(batch.teacher!, tasks.length, task);
      head.model.update(model, labels, null);
      head.teacher.update(teacher, labels, null);
      head.modelRce.update(model, labels, null);
      head.teacherRce.update(teacher, labels, null);
      for (const label of labels) head.positives += label;
    });
  }
  return heads.map((head, i) => ({
    task: tasks[i]!,
    positive_rate: head.positives / HELD_OUT,
    auroc: numberOf(auroc(head.model)),
    teacher_auroc: numberOf(auroc(head.teacher)),
    rce: numberOf(head.modelRce.compute()),
    teacher_rce: numberOf(head.teacherRce.compute()),
  }));
}

async function calibrationResults(
  engine: Engine,
  heldOut: RecapBatch[],
  tasks: readonly string[],
): Promise<CalibrationResult[]> {
  const sums = tasks.map(() => ({ positives: 0, teacher: 0, calibrated: 0 }));
  for (const batch of heldOut) {
    const { calibrated } = await engine.predict(batch);
    calibrated.forEach((p, i) => {
      const sum = sums[i % tasks.length]!;
      sum.calibrated += p;
      sum.teacher += batch.teacher![i]!;
      sum.positives += batch.labels[i]!;
    });
  }
  return sums.map(({ positives, teacher, calibrated }, i) => ({
    task: tasks[i]!,
    positives,
    base_rate: teacher / HELD_OUT,
    mean_calibrated: calibrated / HELD_OUT,
  }));
}

async function run(setup: Setup, preset: string): Promise<RunResult> {
  const { before, after, steps, seconds, evaluation } = await train(
    setup,
    preset,
    setup.config.train_data,
    headResults,
  );
  return { heads: evaluation, spearman_before: before, spearman_after: after, steps, seconds };
}

function table(runs: Readonly<Record<string, RunResult>>, calibration: readonly CalibrationResult[]): string {
  const text = (value: number | null, digits = 4) => (value === null ? '–' : value.toFixed(digits));
  const short = (task: string) => task.replace('recap.engagement.', '');
  const heads = Object.entries(runs).map(([preset, result]) => {
    const rows = result.heads.map((head) => [
      short(head.task),
      text(head.positive_rate),
      text(head.auroc),
      text(head.teacher_auroc),
      text(head.rce, 2),
      text(head.teacher_rce, 2),
    ]);
    const title = `${preset}: Spearman ${text(result.spearman_before, 3)} before, ${text(result.spearman_after, 3)} after ${result.steps} steps in ${result.seconds.toFixed(0)} s`;
    return `${title}\n${textTable(['head', 'positive rate', 'AUROC', "teacher's", 'RCE', "teacher's"], rows)}`;
  });
  const rows = calibration.map((head) => [
    short(head.task),
    String(head.positives),
    text(head.base_rate, 5),
    text(head.mean_calibrated, 5),
    text(head.mean_calibrated / head.base_rate, 3),
  ]);
  const title = `realistic with ${NEGATIVES_KEPT * 100} % of the negatives, calibrated, on held-out data as it is`;
  return [
    ...heads,
    `${title}\n${textTable(['head', 'positives', 'base rate', 'mean calibrated', 'ratio'], rows)}`,
  ].join('\n\n');
}

/** What a run must show: close to the teacher where a head has positives enough, and like it in the order it gives. */
const PROMISES = {
  aurocGap: 0.03,
  leastPositiveRate: 0.01,
  untrainedSpearman: 0.3,
  spearman: { easy: 0.9, realistic: 0.75 },
  noiseAuroc: 0.03,
  calibration: 0.1,
  calibrationPositives: 200,
};

function brokenBy(
  runs: Readonly<Record<'easy' | 'realistic', RunResult>>,
  noise: RunResult,
  calibration: readonly CalibrationResult[],
): string[] {
  const broken: string[] = [];
  for (const preset of ['easy', 'realistic'] as const) {
    const { heads, spearman_before: before, spearman_after: after } = runs[preset];
    for (const { task, positive_rate: rate, auroc: own, teacher_auroc: best } of heads) {
      if (rate >= PROMISES.leastPositiveRate && !((best ?? NaN) - (own ?? NaN) <= PROMISES.aurocGap))
        broken.push(`${preset}: AUROC of ${task} is ${own}, the teacher's ${best}`);
    }
    if (!(Math.abs(before ?? NaN) < PROMISES.untrainedSpearman))
      broken.push(`${preset}: Spearman before training is ${before}`);
    if (!((after ?? NaN) >= PROMISES.spearman[preset])) broken.push(`${preset}: Spearman is ${after}`);
  }
  for (const { task, auroc: own } of noise.heads)
    if (!(Math.abs((own ?? NaN) - 0.5) <= PROMISES.noiseAuroc))
      broken.push(`noise: AUROC of ${task} is ${own}`);
  for (const { task, positives, base_rate: rate, mean_calibrated: mean } of calibration)
    if (positives >= PROMISES.calibrationPositives && !(Math.abs(mean / rate - 1) <= PROMISES.calibration))
      broken.push(`calibration of ${task}: mean ${mean} for a base rate of ${rate}`);
  return broken;
}

/** The AUROC of the head that strayed farthest from chance. */
function farthestFromChance({ heads }: RunResult): number {
  return heads
    .map((head) => head.auroc ?? 0.5)
    .reduce((worst, value) => (Math.abs(value - 0.5) > Math.abs(worst - 0.5) ? value : worst), 0.5);
}

export const learningBenchmark: Benchmark = {
  name: 'learning',
  title: "Learning: held-out scores of playground.yaml against the teacher's own, the best possible",
  async run(options) {
    const setup = readSetup(options);
    const easy = await run(setup, 'easy');
    const realistic = await run(setup, 'realistic');
    const noise = await run(setup, 'noise');
    const rates = { pos_downsampling_rate: 1, neg_downsampling_rate: NEGATIVES_KEPT };
    const data = setup.config.train_data;
    const sampled = {
      ...data,
      tasks: Object.fromEntries(
        Object.entries(data.tasks).map(([task, task_rates]) => [task, { ...task_rates, ...rates }]),
      ),
    };
    const { evaluation: calibration } = await train(setup, 'realistic', sampled, calibrationResults);
    const noise_auroc = farthestFromChance(noise);
    return {
      json: { ...easy, noise_auroc, realistic: { ...realistic, noise_auroc }, noise, calibration },
      broken: brokenBy({ easy, realistic }, noise, calibration),
      table: table({ easy, realistic, noise }, calibration),
    };
  },
};
