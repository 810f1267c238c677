/** `inspect`: the model that a configuration describes: parameters, operations, memory, shapes layer by layer. */
import { factsOf, layerFacts } from '../src/runs/model-facts.ts';
import type { LayerFacts, ModelFacts } from '../src/runs/model-facts.ts';
import { UsageError } from './command.ts';
import type { Command, Options } from './command.ts';
import { buildModel, loadConfig, loadPlan } from './run-config.ts';
import { openRunFolder } from './run-folder.ts';
import { tableText } from './table-text.ts';

export const inspect: Command = {
  name: 'inspect',
  summary: 'Prints what a model is made of and costs: parameters, FLOPs a step, memory, shapes by layer.',
  options: [
    { name: 'config', value: 'FILE', help: 'Configuration (YAML).' },
    { name: 'run', value: 'DIR', help: 'In its place a run folder.' },
    { name: 'json', help: 'Print JSON.' },
  ],
  run: (options) => runInspection(options),
};

async function runInspection(options: Options): Promise<void> {
  if (options.has('run') === options.has('config')) {
    throw new UsageError('inspect needs one of --config FILE and --run DIR; see inspect --help.');
  }
  const { graph, batchSize } = options.has('run') ? await ofRun(options) : await ofConfig(options);
  const facts = factsOf(graph, batchSize);
  const layers = layerFacts(graph, batchSize);
  if (options.has('json')) {
    const { parameters, backbone, inputs, tasks, stepFlops, trainingBytes } = facts;
    const printed = {
      batch_size: batchSize,
      parameters,
      backbone_parameters: backbone,
      inputs,
      tasks,
      step_flops: stepFlops,
      training_bytes: trainingBytes,
      layers: layers.map(({ stepFlops: flops, activationBytes, ...layer }) => ({
        ...layer,
        step_flops: flops,
        activation_bytes: activationBytes,
      })),
    };
    process.stdout.write(`${JSON.stringify(printed, null, 2)}\n`);
  } else process.stdout.write(`${factsText(facts, batchSize)}\n${layersText(layers, batchSize)}`);
}

async function ofConfig(options: Options) {
  const run = await loadConfig(options.required('config'));
  const plan = await loadPlan(run, run.config.train_data, ['train_data']);
  return { graph: buildModel(run, plan), batchSize: run.config.train_data.global_batch_size };
}

async function ofRun(options: Options) {
  const { graph, recipe } = await openRunFolder(options.required('run'));
  return { graph, batchSize: recipe.config.train_data.global_batch_size };
}

const count = (value: number): string => value.toLocaleString('en');

function factsText(
  { parameters, backbone, inputs, tasks, stepFlops, trainingBytes }: ModelFacts,
  batch: number,
): string {
  return [
    `parameters    ${count(parameters)} (${count(backbone)} outside the towers)`,
    `inputs        ${count(inputs)} columns`,
    `heads         ${tasks}`,
    `batch         ${count(batch)} examples`,
    `FLOPs a step  ${scaled(stepFlops, 'FLOP')}`,
    `memory        ${scaled(trainingBytes, 'B')} while training: weights, gradients, moments, activations`,
    '',
  ].join('\n');
}

/** Three digits with a prefix: "1.23 G". */
function scaled(value: number, unit: string): string {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];
  const at = value < 1000 ? 0 : Math.min(prefixes.length - 1, Math.floor(Math.log10(value) / 3));
  return `${Number((value / 1000 ** at).toPrecision(3))} ${prefixes[at]}${unit}`;
}

function layersText(layers: readonly LayerFacts[], batch: number): string {
  const rows = layers.map(({ id, kind, inputs, output, parameters, stepFlops, tensors }) => [
    id,
    kind,
    inputs.join(' + ') || '–',
    `${batch} × ${output}`,
    count(parameters),
    scaled(stepFlops, ''),
    tensors.map(({ shape }) => `[${shape.join(', ')}]`).join(' '),
  ]);
  const head = ['layer', 'kind', 'in', 'out', 'parameters', 'FLOPs', 'tensors'];
  return tableText(head, rows, new Set([2, 3, 4, 5]));
}
