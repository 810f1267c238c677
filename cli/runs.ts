/** `runs`: the runs of a folder as a table, with what each differs in from its parent. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { MetricValue } from '../src/metrics/metric-value.ts';
import type { RunManifest } from '../src/runs/manifest.ts';
import { openRecipe, recipeDifferences } from '../src/runs/recipe.ts';
import type { RecipeDifference } from '../src/runs/recipe-forms.ts';
import { keptCheckpoints } from '../src/runs/run-checkpoints.ts';
import type { KeptCheckpoint } from '../src/runs/run-checkpoints.ts';
import { RunFolder } from '../src/runs/run-folder.ts';
import type { RunStatus } from '../src/runs/run-folder.ts';
import type { EvaluationEvent } from '../src/training/events.ts';
import { CliError } from './command.ts';
import type { Command } from './command.ts';
import { reasonOf } from './output.ts';
import { HOME, runPath } from './run-folder.ts';
import { tableText } from './table-text.ts';

export const runs: Command = {
  name: 'runs',
  summary: 'Lists the runs in a folder: steps, losses, metrics, and what each differs in from its parent.',
  argument: 'DIR',
  options: [
    {
      name: 'baseline',
      value: 'RUN',
      help: "Show what differs from this run, by name or id, instead of from each one's parent.",
    },
    { name: 'json', help: 'Print JSON.' },
  ],
  async run(options) {
    const folder = options.argument();
    const found = await listRuns(folder);
    const listed = found.filter((run): run is ListedRun => 'manifest' in run);
    const baseline = options.text('baseline');
    const base =
      baseline === null
        ? null
        : listed.find(({ manifest: { id, name } }) => id === baseline || name === baseline);
    if (base === undefined) throw new CliError(`--baseline ${baseline}: there is no such run in ${folder}.`);
    const rows = listed.map((run) => {
      const parent = listed.find(({ manifest }) => manifest.id === run.manifest.parent?.run);
      const against = base ?? parent ?? null;
      const differences = against && recipeDifferences(against.manifest.recipe, run.manifest.recipe);
      return { ...run, against: against?.manifest ?? null, differences };
    });
    for (const run of found) if ('problem' in run) process.stderr.write(`${run.problem}\n`);
    if (options.has('json')) process.stdout.write(`${JSON.stringify(rows.map(runJson), null, 2)}\n`);
    else if (rows.length === 0) process.stdout.write(`There is no run in ${folder}.\n`);
    else process.stdout.write(tableText(HEAD, rows.map(cells), new Set([1, 3, 4, 5, 6, 7])));
  },
};

interface ListedRun {
  readonly path: string;
  readonly manifest: RunManifest;
  readonly status: RunStatus;
  /** Somebody is writing it now. */
  readonly live: boolean;
  readonly total: number;
  readonly checkpoints: readonly KeptCheckpoint[];
  /** The last evaluation of all examples of each partition. */
  readonly evaluations: readonly EvaluationEvent[];
}

type Row = ListedRun & {
  readonly against: RunManifest | null;
  readonly differences: readonly RecipeDifference[] | null;
};

/** The runs in a folder, itself included where it is one, the oldest first; those that can't be read say why. */
async function listRuns(folder: string): Promise<(ListedRun | { readonly problem: string })[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new CliError(`${folder}: can't be read (${reasonOf(error)}).`);
  });
  const paths = [
    folder,
    ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)),
  ];
  const found: (ListedRun | { readonly problem: string })[] = [];
  for (const path of paths.map(runPath)) {
    if ((await HOME.size(join(path, 'manifest.json'))) === null) continue;
    try {
      found.push(await readRun(path));
    } catch (error) {
      found.push({ problem: `${path}: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
  const created = (run: (typeof found)[number]) => ('manifest' in run ? run.manifest.times.created : '');
  return found.sort((a, b) => (created(a) < created(b) ? -1 : 1));
}

async function readRun(path: string): Promise<ListedRun> {
  const folder = await RunFolder.open(HOME, path, 'read');
  const { manifest } = folder;
  const { config } = openRecipe(manifest.recipe);
  return {
    path,
    manifest,
    status: await folder.status(),
    live: HOME.holder(path) !== null,
    total: config.training.num_train_steps,
    checkpoints: await keptCheckpoints(folder),
    evaluations: await folder.newestEvaluations(Object.keys(config.validation_data)),
  };
}

/** Whether it runs is what its lock says: a process that was killed wrote no last word. */
function phaseOf({ status, live }: ListedRun): string {
  if (live) return 'running';
  return status.phase === 'running' || status.phase === 'preparing' ? 'interrupted' : status.phase;
}

function valueOf(value: MetricValue | undefined): number | null {
  return value?.kind === 'value' ? value.value : null;
}

/** The partition that judges a run: not the one that looks at the training examples. */
function judged({ evaluations }: ListedRun): EvaluationEvent | undefined {
  return evaluations.find(({ partition }) => partition !== 'train') ?? evaluations[0];
}

function meanOf(event: EvaluationEvent | undefined, metric: 'rce' | 'auroc'): number | null {
  const values = (event?.tasks ?? []).flatMap((task) => valueOf(task[metric]) ?? []);
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

const HEAD = [
  'run',
  'steps',
  'state',
  'loss',
  'held out',
  'mean RCE',
  'mean AUROC',
  'checkpoints',
  'differs in',
];

function cells(run: Row): string[] {
  const event = judged(run);
  const number = (value: number | null, digits: number) => (value === null ? '–' : value.toFixed(digits));
  return [
    run.manifest.name,
    `${run.status.step}/${run.total}`,
    phaseOf(run),
    number(run.status.loss, 5),
    number(valueOf(event?.loss), 5),
    number(meanOf(event, 'rce'), 2),
    number(meanOf(event, 'auroc'), 4),
    checkpointsText(run),
    differenceText(run),
  ];
}

/** How many are kept, and of which size together. */
function checkpointsText({ checkpoints }: ListedRun): string {
  const total = checkpoints.reduce((sum, { bytes }) => sum + bytes, 0);
  return checkpoints.length === 0 ? '–' : `${checkpoints.length}, ${(total / 1e6).toFixed(1)} MB`;
}

const MAX_SHOWN = 3;

function differenceText({ differences, against, manifest }: Row): string {
  if (!differences || !against) return manifest.parent ? 'its parent is not here' : '–';
  if (against.id === manifest.id) return 'the baseline';
  if (differences.length === 0) return `nothing (${against.name})`;
  const shown = differences
    .slice(0, MAX_SHOWN)
    .map(({ path, before, after }) => `${path} ${short(before)} → ${short(after)}`);
  const more = differences.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? `, ${more} more` : ''}`;
}

function short(value: unknown): string {
  const text = value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

function runJson(run: Row) {
  const { path, manifest, status, total, checkpoints, evaluations, differences, against } = run;
  const { id, name, note, parent, times, ran } = manifest;
  return {
    path,
    id,
    name,
    note,
    parent,
    state: phaseOf(run),
    step: status.step,
    steps: total,
    loss: status.loss,
    task_losses: status.taskLosses,
    elapsed_ms: status.elapsedMs,
    times,
    engine: ran.at(-1)?.engine ?? null,
    checkpoints,
    evaluations: evaluations.map(({ step, partition, examples, loss, tasks }) => ({
      step,
      partition,
      examples,
      loss: valueOf(loss),
      tasks: Object.fromEntries(
        tasks.map((task) => [
          task.task,
          { loss: valueOf(task.loss), rce: valueOf(task.rce), auroc: valueOf(task.auroc) },
        ]),
      ),
    })),
    compared_with: against?.id ?? null,
    differences,
  };
}
