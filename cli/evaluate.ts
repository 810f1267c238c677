/** `evaluate`: every metric of every head on each partition of validation_data, or on files of one's own. */
import { basename } from 'node:path';
import { TeacherCache } from '../src/data/open-source.ts';
import type { StateDict } from '../src/formats/state-dict.ts';
import type { MetricValue } from '../src/metrics/metric-value.ts';
import { MAX_SEED } from '../src/runs/new-manifest.ts';
import type { RunRecipe } from '../src/runs/manifest.ts';
import { NO_FILES } from '../src/runs/streams.ts';
import type { RunFiles } from '../src/runs/streams.ts';
import { evaluatePartition } from '../src/training/evaluation.ts';
import type { EvaluationEvent, TaskEvaluation } from '../src/training/events.ts';
import { runModel } from '../src/runs/run-model.ts';
import type { RunModel } from '../src/runs/run-model.ts';
import { CliError, UsageError } from './command.ts';
import type { Command, Options } from './command.ts';
import { ENGINE_OPTION, engineChoice, loadWeights } from './engine.ts';
import type { EngineChoice } from './engine.ts';
import { withOutputs } from './output.ts';
import { Progress } from './progress.ts';
import { configParts } from './recipe.ts';
import { loadConfig } from './run-config.ts';
import { DRAW_OPTIONS, drawnData, givenFiles, partitionFiles, recipeFiles } from './run-data.ts';
import { newestWeights, openRunFolder } from './run-folder.ts';
import { columnsFrom, tableText } from './table-text.ts';
import { engineFor, evaluatedPartitions } from './training.ts';
import { appVersion } from './version.ts';

export const evaluate: Command = {
  name: 'evaluate',
  summary:
    'Evaluates a model: every metric of every head, on each partition of validation_data or on a file.',
  options: [
    { name: 'run', value: 'DIR', help: 'Run folder: its newest weights, on what it was evaluated on.' },
    { name: 'config', value: 'FILE', help: 'In its place a configuration (YAML), with --weights.' },
    { name: 'weights', value: 'FILE', help: 'Weights of that configuration (safetensors).' },
    {
      name: 'data',
      value: 'FILE',
      help: "TFRecord file, or a pattern in quotes, in place of the partition's own; taken whole.",
    },
    {
      name: 'partition',
      value: 'NAME',
      help: 'Only this one of validation_data; with --data the one whose settings count, the first by default.',
    },
    ...DRAW_OPTIONS,
    { name: 'batches', value: 'N', help: 'Batches of each partition; without it, num_eval_steps.' },
    { name: 'seed', value: 'S', help: 'Of drawn examples and bootstrap intervals; 0, or that of the run.' },
    ENGINE_OPTION,
    { name: 'out', value: 'FILE', help: 'JSON file to write; without it, a table is printed.' },
    { name: 'json', help: 'Print the JSON on standard output.' },
  ],
  run: (options) => runEvaluation(options),
};

/** A model and what it is to be evaluated on. */
interface Subject {
  readonly name: string;
  readonly parts: RunModel;
  readonly recipe: RunRecipe;
  readonly files: RunFiles;
  readonly weights: StateDict;
  readonly step: number;
  readonly engine: EngineChoice;
}

async function runEvaluation(options: Options): Promise<void> {
  if (options.has('run') === options.has('config')) {
    throw new UsageError('evaluate needs one of --run DIR and --config FILE; see evaluate --help.');
  }
  const progress = new Progress();
  const subject = options.has('run') ? await ofRun(options, progress) : await ofConfig(options, progress);
  const { parts, recipe, files } = subject;
  const { config } = parts.recipe;
  const given = options.wholeNumber('batches', 1);
  const batches = given ?? (options.has('data') ? -1 : config.training.num_eval_steps);
  const evaluated = evaluatedPartitions(recipe, files, new TeacherCache(), batches);
  const only = options.has('data') ? null : options.text('partition');
  const partitions = evaluated.partitions.filter(({ partition }) => only === null || partition === only);
  if (partitions.length === 0) {
    const names = Object.keys(config.validation_data).join(', ');
    throw new CliError(
      only === null
        ? 'There is nothing to evaluate on: no partition of validation_data has files; give --data FILE or --mode teacher.'
        : `--partition ${only} can't be evaluated: validation_data has ${names || 'none'}, and files must match its inputs.`,
    );
  }
  const { engine } = await engineFor(parts, recipe, subject.engine);
  try {
    await engine.load(subject.weights);
    const events: EvaluationEvent[] = [];
    for (const partition of partitions) {
      progress.update(() => `evaluating ${partition.partition}`);
      const options_ = {
        engine,
        graph: parts.graph,
        step: subject.step,
        batches,
        stratifiers: config.model.stratifiers ?? [],
        seed: recipe.seeds.weights,
      };
      events.push(...(await evaluatePartition(partition, options_)));
    }
    progress.clear();
    await report(options, subject, events, progress);
  } finally {
    progress.clear();
    evaluated.close();
    engine.dispose();
  }
}

async function report(
  options: Options,
  { name, step }: Subject,
  events: readonly EvaluationEvent[],
  progress: Progress,
): Promise<void> {
  const text = `${JSON.stringify({ app: appVersion(), model: name, step, evaluations: events.map(evaluationJson) }, null, 2)}\n`;
  const out = options.text('out');
  if (out !== null) {
    await withOutputs(async (outputs) => {
      const file = await outputs.open(out);
      await file.write(text);
    });
    progress.note(`${events.length} evaluations of ${name} at step ${step} written to ${out}.`);
  }
  if (options.has('json')) process.stdout.write(text);
  else if (out === null) process.stdout.write(events.map(evaluationTable).join('\n'));
}

async function ofRun(options: Options, progress: Progress): Promise<Subject> {
  options.refuse(['weights'], 'it goes with --config.');
  const run = await openRunFolder(options.required('run'));
  const seed = options.wholeNumber('seed', 0, MAX_SEED);
  const { recipe } = run.manifest;
  const { model, step } = await newestWeights(run);
  const found = await dataOf(options, recipe, Object.keys(run.recipe.config.validation_data));
  const seeds = seed === null ? recipe.seeds : { weights: seed, data: seed };
  const files = found?.files ?? (await recipeFiles(recipe.data, null, progress, 'validation'));
  return {
    name: run.manifest.name,
    parts: run,
    recipe: { ...recipe, data: found?.data ?? recipe.data, seeds },
    files,
    weights: model,
    step,
    engine: options.has('engine') ? engineChoice(options) : (run.manifest.ran.at(-1)?.engine ?? 'auto'),
  };
}

async function ofConfig(options: Options, progress: Progress): Promise<Subject> {
  const run = await loadConfig(options.required('config'));
  const path = options.required('weights');
  const { recipe: parts, graph } = await configParts(run);
  const weights = await loadWeights(path, graph);
  const seed = options.wholeNumber('seed', 0, MAX_SEED) ?? 0;
  const own = await dataOf(options, null, Object.keys(run.config.validation_data));
  const configured = own ?? (await partitionFiles(run));
  for (const note of configured.notes) progress.note(`Note: ${note}`);
  const recipe: RunRecipe = {
    ...parts,
    steps: null,
    data: configured.data,
    seeds: { weights: seed, data: seed },
    engine: { choice: engineChoice(options), precision: 'float32', noisyShifts: false },
    warmStart: null,
  };
  const { model, metadata } = weights;
  return {
    name: basename(path),
    parts: runModel(recipe),
    recipe,
    files: configured.files,
    weights: model,
    step: metadata.step ?? 0,
    engine: recipe.engine.choice,
  };
}

/** What the command line says to evaluate on; null where it says nothing. */
async function dataOf(options: Options, recipe: RunRecipe | null, partitions: readonly string[]) {
  const given = options.text('data');
  const drawn = await drawnData(options);
  if (drawn) return { data: drawn, files: NO_FILES, notes: [] };
  if (given === null) return null;
  const named = options.text('partition') ?? partitions.find((name) => name !== 'train');
  if (named === undefined || !partitions.includes(named)) {
    throw new UsageError(`--partition must be ${partitions.join(' or ') || 'in validation_data'}.`);
  }
  const files: RunFiles = { train: [], validation: { [named]: await givenFiles(given) } };
  const before = recipe?.data.kind === 'files' ? recipe.data : null;
  const data: RunRecipe['data'] = {
    kind: 'files',
    files: before?.files ?? [],
    shuffle: false,
    heldOut: false,
    validation: {},
  };
  return { data, files, notes: [] };
}

/** A metric as a number, or null; why there is none stands in `undefined`. */
function evaluationJson({ step, partition, stratum, examples, loss, tasks }: EvaluationEvent) {
  return {
    step,
    partition,
    stratum,
    examples,
    loss: numberOf(loss),
    tasks: Object.fromEntries(tasks.map((task) => [task.task, taskJson(task)])),
  };
}

const METRICS = ['loss', 'rce', 'nrce', 'auroc', 'ctr', 'pctr', 'meanCalibrated'] as const;
const JSON_NAMES = {
  loss: 'loss',
  rce: 'rce',
  nrce: 'nrce',
  auroc: 'auroc',
  ctr: 'ctr',
  pctr: 'pctr',
  meanCalibrated: 'mean_calibrated',
} as const;

function taskJson(task: TaskEvaluation) {
  const { examples, positives, intervals, calibration, roc, teacher } = task;
  const missing = METRICS.flatMap((name) => {
    const value = task[name];
    return value.kind === 'undefined' ? [[JSON_NAMES[name], value.reason] as const] : [];
  });
  return {
    examples,
    positives,
    ...Object.fromEntries(METRICS.map((name) => [JSON_NAMES[name], numberOf(task[name])])),
    ...(missing.length > 0 ? { undefined: Object.fromEntries(missing) } : {}),
    intervals: Object.fromEntries(
      Object.entries(intervals).map(([name, interval]) => [
        name === 'meanCalibrated' ? JSON_NAMES.meanCalibrated : name,
        interval,
      ]),
    ),
    calibration,
    roc,
    teacher: teacher && {
      loss: numberOf(teacher.loss),
      rce: numberOf(teacher.rce),
      auroc: numberOf(teacher.auroc),
    },
  };
}

function numberOf(value: MetricValue): number | null {
  return value.kind === 'value' ? value.value : null;
}

const HEAD = ['head', 'positives', 'loss', 'RCE', 'NRCE', 'AUROC', 'CTR', 'pCTR', 'calibrated'];

function evaluationTable({ partition, stratum, examples, loss, tasks }: EvaluationEvent): string {
  const rows = tasks.map((task) => [
    task.task,
    String(task.positives),
    ...METRICS.map((name) => {
      const value = numberOf(task[name]);
      return value === null ? '–' : value.toFixed(name === 'rce' || name === 'nrce' ? 2 : 5);
    }),
  ]);
  const mean = numberOf(loss);
  const title = `${partition}${stratum === null ? '' : `, ${stratum}`}: ${examples} examples, loss ${mean === null ? '–' : mean.toFixed(5)}`;
  return `${title}\n${tableText(HEAD, rows, columnsFrom(1, HEAD.length))}`;
}
