/**
 * Weights and checkpoints as safetensors bytes. Weights carry the reference's names only, so PyTorch loads them as they
 * are; a checkpoint adds Adam's moments under `optimizer.exp_avg.NAME` and `optimizer.exp_avg_sq.NAME`. The metadata
 * holds the configuration's text, the step and the seed.
 */
import type { OptimizerState } from '../engines/engine.ts';
import { streamPositionSchema } from '../data/stream-position.ts';
import type { StreamPosition } from '../data/stream-position.ts';
import {
  readSafetensors,
  safetensorsNames,
  SafetensorsError,
  writeSafetensors,
} from '../formats/safetensors.ts';
import { modelNames } from '../formats/state-dict-names.ts';
import { checkStateDict } from '../formats/state-dict-error.ts';
import type { TensorSpec } from '../formats/state-dict-error.ts';
import type { StateDict, StateTensor } from '../formats/state-dict.ts';
import type { ModelGraph } from '../graph/graph.ts';
import type { Checkpoint } from './checkpoint-store.ts';

const EXP_AVG = 'optimizer.exp_avg.';
const EXP_AVG_SQ = 'optimizer.exp_avg_sq.';
const FORMAT = 'heavy-ranker-playground';

/** What goes into the file beside the tensors. */
export interface WeightsMetadata {
  /** The configuration's YAML text. */
  readonly config: string;
  /** Steps done. */
  readonly step: number;
  readonly seed: number;
  /** Version of the program that the run is of. */
  readonly app?: string | undefined;
  /** The manifest of the run it comes from, as text: with it a checkpoint can be that run again. */
  readonly manifest?: string;
}

/** What a checkpoint counts beside the state. */
export type Counters = Omit<Checkpoint, 'step' | 'state'>;

/** What a file of weights or a checkpoint holds. */
export interface ImportedWeights {
  readonly model: StateDict;
  /** Null in a file of weights only. */
  readonly optimizer: OptimizerState | null;
  /** What was done to make the file fit, a sentence each: prefixes taken off, types cast, counters filled in. */
  readonly notes: readonly string[];
  /** As far as the file has them; a file of the reference has none. */
  readonly metadata: Partial<WeightsMetadata> & { readonly counters: Counters | null };
}

function metadataText({ config, step, seed, app, manifest }: WeightsMetadata): Record<string, string> {
  return {
    format: FORMAT,
    config,
    step: String(step),
    seed: String(seed),
    ...(app === undefined ? {} : { app }),
    ...(manifest === undefined ? {} : { manifest }),
  };
}

/** The model's weights and buffers, in the model's order. */
export function exportWeights(model: StateDict, metadata: WeightsMetadata): Uint8Array<ArrayBuffer> {
  return writeSafetensors(model, metadataText(metadata));
}

/** Everything a run needs to go on: weights, moments, counters. */
export function exportCheckpoint(checkpoint: Checkpoint, metadata: WeightsMetadata): Uint8Array<ArrayBuffer> {
  const { state, step, loss, batches, examples, elapsedMs, position } = checkpoint;
  const { model, optimizer } = state;
  const tensors = new Map<string, StateTensor>(model);
  for (const [name, tensor] of optimizer.expAvg) tensors.set(EXP_AVG + name, tensor);
  for (const [name, tensor] of optimizer.expAvgSq) tensors.set(EXP_AVG_SQ + name, tensor);
  return writeSafetensors(tensors, {
    ...metadataText({ ...metadata, step }),
    optimizer_step: String(optimizer.step),
    batches: String(batches),
    examples: String(examples),
    elapsed_ms: String(elapsedMs),
    ...(loss === null ? {} : { loss: String(loss) }),
    ...(position === null ? {} : { position: JSON.stringify(position) }),
  });
}

/**
 * A checkpoint back as it was saved.
 * @throws as importWeights, and SafetensorsError when the file holds weights only or no counters.
 */
export function importCheckpoint(bytes: Uint8Array, graph: ModelGraph): Checkpoint {
  const { model, optimizer, metadata } = importWeights(bytes, graph);
  const { counters } = metadata;
  if (!optimizer || !counters) {
    throw new SafetensorsError(
      null,
      0,
      "this file holds weights without the optimizer's moments and counters",
      'Import it as weights, or export a checkpoint.',
    );
  }
  return { ...counters, step: metadata.step ?? optimizer.step, state: { model, optimizer } };
}

/** Counters of a checkpoint's metadata; null in a file of weights. */
function countersIn(metadata: Readonly<Record<string, string>>): Counters | null {
  const batches = numberIn(metadata, 'batches');
  const examples = numberIn(metadata, 'examples');
  if (batches === undefined || examples === undefined) return null;
  return {
    batches,
    examples,
    elapsedMs: numberIn(metadata, 'elapsed_ms') ?? 0,
    loss: numberIn(metadata, 'loss') ?? null,
    position: positionIn(metadata['position']),
  };
}

function positionIn(text: string | undefined): StreamPosition | null {
  if (text === undefined) return null;
  try {
    return streamPositionSchema.parse(JSON.parse(text));
  } catch {
    throw new SafetensorsError(
      null,
      8,
      'the position of the data in the metadata cannot be read',
      'Use an earlier checkpoint.',
    );
  }
}

/**
 * Reads weights, or a checkpoint, for a model, and takes what PyTorch's load_state_dict takes: any element type, scalars
 * of shape [] or [1], no num_batches_tracked; beyond that, names with a wrapper's prefix.
 * @throws SafetensorsError naming the place in a broken file; StateDictError naming every missing, unexpected,
 * misshapen or non-finite tensor.
 */
export function importWeights(bytes: Uint8Array, graph: ModelGraph): ImportedWeights {
  const fileNames = safetensorsNames(bytes);
  const isMoment = (name: string) => name.startsWith(EXP_AVG) || name.startsWith(EXP_AVG_SQ);
  const hasMoments = fileNames.some(isMoment);
  const trained = graph.parameters.filter(({ trainable }) => trainable);
  const prefixed = (prefix: string) => trained.map((spec) => ({ ...spec, name: prefix + spec.name }));
  const specs: TensorSpec[] = [
    ...graph.parameters,
    ...(hasMoments ? [...prefixed(EXP_AVG), ...prefixed(EXP_AVG_SQ)] : []),
  ];
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const own = new Set(graph.parameters.map(({ name }) => name));
  const names = modelNames(
    fileNames.filter((name) => !isMoment(name)),
    own,
  );
  const nameOf = (fileName: string) => names.byFileName.get(fileName) ?? fileName;
  const read = readSafetensors(bytes, (fileName) => byName.get(nameOf(fileName))?.dtype);
  const { metadata } = read;
  const tensors = new Map([...read.tensors].map(([fileName, tensor]) => [nameOf(fileName), tensor]));
  const filled = fillCounters(tensors, graph.parameters);
  checkStateDict(tensors, specs);
  const moments = (prefix: string) =>
    inOrder(
      new Map(
        [...tensors].flatMap(([name, tensor]) =>
          name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
        ),
      ),
      trained,
    );
  const step = numberIn(metadata, 'step');
  const optimizerStep = numberIn(metadata, 'optimizer_step') ?? step ?? 0;
  return {
    model: inOrder(tensors, graph.parameters),
    optimizer: hasMoments
      ? { step: optimizerStep, expAvg: moments(EXP_AVG), expAvgSq: moments(EXP_AVG_SQ) }
      : null,
    notes: [
      ...(names.removed === null ? [] : [`"${names.removed}" was taken off the names of the tensors.`]),
      ...castNotes(read.dtypes),
      ...(filled > 0 ? [`num_batches_tracked is missing ${filled} times: 0 is taken, as in PyTorch.`] : []),
    ],
    metadata: {
      config: metadata['config'],
      step,
      seed: numberIn(metadata, 'seed'),
      ...(metadata['manifest'] === undefined ? {} : { manifest: metadata['manifest'] }),
      counters: countersIn(metadata),
    },
  };
}

/** BatchNorms count their batches; files of old versions and of other programs leave that out, and PyTorch takes 0. */
function fillCounters(tensors: Map<string, StateTensor>, specs: readonly TensorSpec[]): number {
  let filled = 0;
  for (const { name, shape } of specs) {
    if (!name.endsWith('.num_batches_tracked') || tensors.has(name)) continue;
    tensors.set(name, { dtype: 'I64', shape, data: BigInt64Array.of(0n) });
    filled++;
  }
  return filled;
}

/** What became of tensors that are not stored as the model has them. */
function castNotes(dtypes: ReadonlyMap<string, string>): string[] {
  const counts = new Map<string, number>();
  for (const dtype of dtypes.values()) {
    if (dtype !== 'F32' && dtype !== 'I64') counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
  }
  return [...counts].map(([dtype, count]) => {
    const how = dtype === 'F64' ? 'rounded to F32' : 'taken as they are, with the digits that they have';
    return `${count} ${count === 1 ? 'tensor is' : 'tensors are'} stored as ${dtype}: ${how}.`;
  });
}

function numberIn(metadata: Readonly<Record<string, string>>, key: string): number | undefined {
  const value = Number(metadata[key] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** The specs' order and shapes: a file may order tensors by name, and write a scalar as [] or [1]. */
function inOrder(tensors: StateDict, specs: readonly TensorSpec[]): StateDict {
  return new Map(
    specs.flatMap(({ name, shape }): [string, StateTensor][] => {
      const tensor = tensors.get(name);
      return tensor ? [[name, { ...tensor, shape }]] : [];
    }),
  );
}
