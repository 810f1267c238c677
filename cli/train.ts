/** `train`: runs the training loop and writes the losses of each logged step and the trained weights. */
import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { exportWeights } from '../src/training/checkpoint.ts';
import type { StepEvent } from '../src/training/events.ts';
import { TrainingSession } from '../src/training/session.ts';
import { initialState } from '../src/engines/init.ts';
import type { StateDict } from '../src/formats/state-dict.ts';
import type { ModelGraph } from '../src/graph/graph.ts';
import { CliError } from './command.ts';
import type { Command, Options } from './command.ts';
import { MODE_OPTION, trainingData } from './data.ts';
import { createEngine, ENGINE_OPTION, loadWeights } from './engine.ts';
import { besideConfig } from './files.ts';
import { withOutputs } from './output.ts';
import { noteTeller, Progress } from './progress.ts';
import { buildModel, loadConfig, loadPlan } from './run-config.ts';
import type { RunConfig } from './run-config.ts';

export const train: Command = {
  name: 'train',
  summary: 'Trains a model and writes DIR/metrics.jsonl and DIR/model.safetensors.',
  options: [
    { name: 'config', value: 'FILE', help: 'Configuration (YAML).', required: true },
    { name: 'out', value: 'DIR', help: 'Folder for the results; made if it is not there.', required: true },
    {
      name: 'data',
      value: 'FILE',
      help: 'TFRecord file to train on; without it, the files of train_data.inputs.',
    },
    { name: 'examples', value: 'N', help: 'Draw N examples instead of reading a file.' },
    MODE_OPTION,
    { name: 'weights', value: 'FILE', help: 'Start from these weights (safetensors), at step 0.' },
    { name: 'steps', value: 'N', help: 'Steps to train; without it, num_train_steps.' },
    {
      name: 'seed',
      value: 'S',
      help: 'Of the initial weights, dropout, shuffling and drawn examples; 0 by default.',
    },
    {
      name: 'shuffle',
      value: 'true|false',
      help: 'Whether to shuffle the records of files; true by default.',
    },
    ENGINE_OPTION,
  ],
  run: (options) => runTraining(options),
};

async function runTraining(options: Options): Promise<void> {
  const seed = options.wholeNumber('seed', 0) ?? 0;
  const steps = options.wholeNumber('steps', 1);
  const folder = options.required('out');
  const run = await loadConfig(options.required('config'));
  const training = { ...run.config.training, num_train_steps: steps ?? run.config.training.num_train_steps };
  const plan = await loadPlan(run, run.config.train_data, ['train_data']);
  const graph = buildModel(run, plan);
  const weights = await startingWeights(options, run, graph, seed);
  const data = await trainingData(options, run, plan, seed);
  const engine = await createEngine(options, run, graph, seed);
  const progress = new Progress();
  progress.note(`Training ${training.num_train_steps} steps on ${engine.info.name}, ${data.description}.`);
  try {
    await engine.load(weights);
    await withOutputs(async (outputs) => {
      const metrics = await outputs.open(join(folder, 'metrics.jsonl'));
      const model = await outputs.open(join(folder, 'model.safetensors'));
      const lines: string[] = [];
      const tellNotes = noteTeller(progress, () => data.notes());
      let diverged: string | null = null;
      let last: StepEvent | null = null;
      const session = new TrainingSession({
        engine,
        graph,
        config: { ...run.config, training },
        source: { ...data.source, seek: () => Promise.resolve() },
        seed,
        callbacks: {
          onStep: (event) => {
            last = event;
            progress.update(() => progressLine(event, training.num_train_steps));
          },
          onLog: (event) => lines.push(metricsLine(event, run.tasks, graph)),
          onDivergence: ({ advice }) => {
            diverged = advice;
          },
        },
      });
      // In pieces, so that a long run's lines do not pile up in memory.
      while (session.phase === 'paused') {
        await session.steps(500);
        tellNotes();
        await metrics.write(lines.splice(0).join(''));
      }
      progress.clear();
      if (diverged !== null) throw new CliError(diverged);
      const { model: trained } = await engine.state();
      await model.write(exportWeights(trained, { config: run.text, step: session.step, seed }));
      progress.note(summary(last, session.step, data.skipped()));
    });
  } finally {
    progress.clear();
    data.source.dispose();
    engine.dispose();
  }
}

/** --weights, else the configuration's initial_checkpoint_dir, else a fresh initialisation. */
async function startingWeights(
  options: Options,
  run: RunConfig,
  graph: ModelGraph,
  seed: number,
): Promise<StateDict> {
  const given = options.text('weights');
  if (given !== null) return (await loadWeights(given, graph)).model;
  const configured = run.config.training.initial_checkpoint_dir;
  if (configured === null) return initialState(graph, seed);
  const path = besideConfig(run.path, configured);
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  return (await loadWeights(isFolder ? join(path, 'model.safetensors') : path, graph)).model;
}

/** One line of metrics.jsonl. */
function metricsLine(
  { step, loss, taskLosses, learningRates }: StepEvent,
  tasks: readonly string[],
  graph: ModelGraph,
): string {
  const line = {
    step,
    loss,
    task_losses: Object.fromEntries(tasks.map((task, i) => [task, taskLosses[i]])),
    learning_rates: Object.fromEntries(graph.groups.map((group, i) => [group, learningRates[i]])),
  };
  return `${JSON.stringify(line)}\n`;
}

function progressLine({ step, loss, elapsedMs }: StepEvent, total: number): string {
  const perStep = elapsedMs / (step + 1);
  const left = Math.round(((total - step - 1) * perStep) / 1000);
  return `step ${step + 1}/${total}  loss ${loss.toFixed(5)}  ${(1000 / perStep).toFixed(1)} steps/s  ${left} s left`;
}

function summary(last: StepEvent | null, steps: number, skipped: number): string {
  const loss = last ? `, loss ${last.loss.toFixed(5)}` : '';
  const bad = skipped > 0 ? `, ${skipped} bad records skipped` : '';
  return `Done: ${steps} steps${loss}${bad}.`;
}
