/** Looks into a model: what its blocks, gates and heads make of one tweet, and how its parts are doing. */
import { defaultTeacherConfig } from '../data/synthesis/teacher-config.ts';
import { adamOptions } from '../engines/adam-options.ts';
import { slopes } from '../engines/oracle/backward.ts';
import { forward } from '../engines/oracle/forward.ts';
import type { ForwardPass } from '../engines/oracle/forward.ts';
import { predictionsOf, vectors } from '../engines/oracle/predict.ts';
import type { GraphNode, ModelGraph } from '../graph/graph.ts';
import { modelParts } from '../graph/parts.ts';
import { createTweetEncoder, createTweetWorld } from '../ranking/tweet-features.ts';
import type { TweetEncoder } from '../ranking/tweet-features.ts';
import { columnNames } from '../runs/column-names.ts';
import type { RunRecipe } from '../runs/manifest.ts';
import { runModel } from '../runs/run-model.ts';
import type { RunModel } from '../runs/run-model.ts';
import { importCheckpoint, importWeights } from '../training/checkpoint.ts';
import { modelHealth } from '../training/model-health.ts';
import type {
  BlockLook,
  FeatureSlope,
  Gate,
  HealthRequest,
  LookRequest,
  ModelLook,
} from './model-protocol.ts';

const EVALUATION = { training: false, seed: 0, step: 0, microStep: 0 } as const;
const GATES = 12;
const SLOPES = 24;

interface OpenModel extends RunModel {
  readonly encoder: TweetEncoder;
}

/** The last model asked for: a view asks for the same one again and again. */
let opened: { readonly key: string; readonly model: OpenModel } | null = null;

function open(recipe: RunRecipe): OpenModel {
  const { data, config, schema, masks, engine } = recipe;
  const key = JSON.stringify([data, config, schema, masks, engine]);
  if (opened?.key === key) return opened.model;
  const model = runModel(recipe);
  // Data without a teacher has no population of its own: the default one stands in.
  const teacher = data.kind === 'teacher' ? data.settings : defaultTeacherConfig;
  const { layout } = model.plan;
  opened = {
    key,
    model: { ...model, encoder: createTweetEncoder(createTweetWorld(teacher, layout), layout) },
  };
  return opened.model;
}

/** @throws SafetensorsError or StateDictError when the weights are of another model; RangeError for an unknown head. */
export function lookInto({ recipe, weights, tweet, others, task }: LookRequest): ModelLook {
  const { graph, encoder, plan } = open(recipe);
  const output = graph.outputs.find((each) => each.task === task);
  if (!output) throw new RangeError(`This model has no head ${task}.`);
  const parameters = vectors(importWeights(new Uint8Array(weights), graph).model);
  const batch = encoder.encode([tweet]);
  const pass = forward(graph, batch, parameters, EVALUATION);
  const around = others.length > 0 ? forward(graph, encoder.encode(others), parameters, EVALUATION) : pass;
  const { logits, calibrated } = predictionsOf(graph, batch, pass);
  const parts = modelParts(graph, 1);
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  return {
    tasks: graph.outputs.map((each) => each.task),
    logits,
    probabilities: calibrated,
    blocks: graph.nodes
      .filter((node) => node.kind === 'multiply')
      .map((node) => blockLook(graph, node, { pass, around, parameters, layout: plan.layout })),
    outputs: parts
      .filter(({ kind }) => kind !== 'inputs' && kind !== 'tower')
      .map(({ id, nodes }) => {
        const inside = new Set(nodes.flatMap(({ inputs }) => inputs));
        const last = nodes.findLast((node) => !inside.has(node.id) && read.has(node.id)) ?? nodes.at(-1);
        return { part: id, values: Float32Array.from(pass.values.get(last?.id ?? '') ?? []) };
      }),
    slopes: featureSlopes(columnNames(graph, plan.layout, 'features'), {
      values: pass.values.get('features') ?? new Float64Array(0),
      slope: slopes(graph, batch, parameters, pass, output.logit).get('features') ?? new Float64Array(0),
    }),
  };
}

interface Looked {
  readonly pass: ForwardPass;
  readonly around: ForwardPass;
  readonly parameters: ReadonlyMap<string, Float64Array>;
  readonly layout: RunModel['plan']['layout'];
}

/** @param gate the block's multiply: its inputs are what is gated, and the mask. */
function blockLook(
  graph: ModelGraph,
  gate: GraphNode,
  { pass, around, parameters, layout }: Looked,
): BlockLook {
  const node = (id: string): GraphNode | undefined => graph.nodes.find((each) => each.id === id);
  const valuesOf = (id: string): Float64Array => pass.values.get(id) ?? new Float64Array(0);
  const [inputId = '', maskId = ''] = gate.inputs;
  const second = node(maskId);
  const hiddenId = second?.inputs[0] ?? '';
  const first = node(node(hiddenId)?.inputs[0] ?? '');
  const projected = graph.nodes.find((each) => each.inputs[0] === gate.id);
  const normed = graph.nodes.find((each) => each.inputs[0] === projected?.id);
  const mask = valuesOf(maskId);
  const input = valuesOf(inputId);
  const names = columnNames(graph, layout, inputId);
  const typical = columnMeans(around.values.get(maskId) ?? mask, mask.length);
  const hidden = valuesOf(hiddenId);
  const weight = (linear: GraphNode | undefined): Float64Array =>
    (linear?.kind === 'linear' ? parameters.get(linear.weight) : undefined) ?? new Float64Array(0);
  const maskInputId = first?.inputs[0] ?? '';
  const maskInput = valuesOf(maskInputId);
  const driverNames = columnNames(graph, layout, maskInputId);
  const [down, up] = [weight(first), weight(second)];
  const gates = [...mask.keys()]
    .toSorted((a, b) => distance(b) - distance(a))
    .slice(0, GATES)
    .map((column): Gate => {
      const { at: unit, value: byUnit } = strongest(
        hidden.length,
        (j) => (up[column * hidden.length + j] ?? 0) * (hidden[j] ?? 0),
      );
      const { at: driver } = strongest(
        maskInput.length,
        (f) => (down[unit * maskInput.length + f] ?? 0) * (maskInput[f] ?? 0),
      );
      return {
        column,
        name: names[column] ?? String(column),
        value: input[column] ?? Number.NaN,
        mask: mask[column] ?? Number.NaN,
        typical: typical[column] ?? Number.NaN,
        unit,
        byUnit,
        driver: driverNames[driver] ?? String(driver),
      };
    });
  function distance(column: number): number {
    return Math.abs((mask[column] ?? 0) - (typical[column] ?? 0));
  }
  return {
    part: gate.scope.join('/'),
    input: Float32Array.from(input),
    mask: Float32Array.from(mask),
    gated: Float32Array.from(valuesOf(gate.id)),
    hidden: Float32Array.from(hidden),
    output: Float32Array.from(valuesOf(normed?.id ?? projected?.id ?? '')),
    names,
    gates,
  };
}

function strongest(length: number, of: (at: number) => number): { at: number; value: number } {
  let best = { at: 0, value: 0 };
  for (let at = 0; at < length; at++) {
    const value = of(at);
    if (Math.abs(value) > Math.abs(best.value)) best = { at, value };
  }
  return best;
}

function columnMeans(values: Float64Array, width: number): Float64Array {
  const means = new Float64Array(width);
  const rows = values.length / width;
  values.forEach((value, at) => (means[at % width] = (means[at % width] ?? 0) + value / rows));
  return means;
}

function featureSlopes(
  names: readonly string[],
  { values, slope }: { readonly values: Float64Array; readonly slope: Float64Array },
): FeatureSlope[] {
  const all = names.map((name, i): FeatureSlope => ({ name, value: values[i] ?? 0, slope: slope[i] ?? 0 }));
  return all.toSorted((a, b) => Math.abs(b.slope) - Math.abs(a.slope)).slice(0, SLOPES);
}

/** @throws as lookInto, and SafetensorsError for weights without moments. */
export function healthOf({ recipe, checkpoint, rates, tweets }: HealthRequest) {
  const { graph, encoder, recipe: opened } = open(recipe);
  const { state, step } = importCheckpoint(new Uint8Array(checkpoint), graph);
  const pass =
    tweets.length === 0 ? null : forward(graph, encoder.encode(tweets), vectors(state.model), EVALUATION);
  return { step, parts: modelHealth(graph, state, rates, adamOptions(opened.config), pass) };
}
