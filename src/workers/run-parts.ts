/** What a live run is made of, and its engine. */
import type { BatchLayout, RecapBatch } from '../data/recap-batch.ts';
import { adamOptions } from '../engines/adam-options.ts';
import { DeviceLostError } from '../engines/engine.ts';
import type { Engine, EngineName, EngineOptions, Predictions } from '../engines/engine.ts';
import { NoWebGpuError } from '../engines/gpu/device.ts';
import { selectEngine } from '../engines/select.ts';
import type { SelectHooks, Selection } from '../engines/select.ts';
import type { StateDict } from '../formats/state-dict.ts';
import type { ModelGraph } from '../graph/graph.ts';
import { narrowedGraph } from '../graph/model-graph.ts';
import type { EngineChoice, EngineRecord, RunManifest } from '../runs/manifest.ts';
import { kernelsOf, recordOf } from '../runs/engine-record.ts';
import { reasonAgain } from '../runs/engine-reason.ts';
import { openRecipe } from '../runs/recipe.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { EvaluationPartition } from '../training/evaluation.ts';
import type { TrainingSource } from '../training/training-source.ts';
import type { TrainingProtocol } from './protocol.ts';

type Events = TrainingProtocol['events'];
/** Takes the events of one run. */
export type EmitRun = <N extends keyof Events>(name: N, event: Events[N]['event']) => void;

/** What a live run is made of, all of it opened. */
export interface LiveRunParts {
  readonly manifest: RunManifest;
  readonly layout: BatchLayout;
  readonly graph: ModelGraph;
  readonly source: TrainingSource;
  readonly evaluations: readonly EvaluationPartition[];
  /** The weights of step 0. */
  readonly initial: StateDict;
  /** Opens or makes the run's folder when there is something to keep. */
  readonly openFolder: (manifest: RunManifest) => Promise<RunFolder>;
  /** Bytes of all checkpoints together that the home can hold. */
  readonly maxCheckpointBytes: number;
  /** Updates done at the state that it begins from. */
  readonly fromStep: number;
  /** The engine that a person wants in place of the one that ran it before; null where that one goes on. */
  readonly wanted: EngineName | null;
  /** False where the run is gone with the page. */
  readonly lasting: boolean;
  readonly close: () => void;
}

/** What an engine of the run is made of. */
export function engineOptions({ manifest, graph, layout }: LiveRunParts): EngineOptions {
  const { config } = openRecipe(manifest.recipe);
  return {
    graph,
    adam: adamOptions(config),
    seed: manifest.recipe.seeds.weights,
    batchSize: config.train_data.global_batch_size,
    narrower: (divisor) => narrowedGraph(config, layout, divisor),
    halfWeights: manifest.recipe.engine.precision === 'half-weights',
    ...kernelsOf(manifest.ran.at(-1)),
  };
}

/** Waits between tries for a device (ms): after a driver's fault a browser has none for a moment. */
const DEVICE_WAITS = [300, 1000, 3000];

/**
 * The engine that ran the run before, where there is one, with the same kernels: another would give other last digits.
 * Where its device is gone for good and the choice was left to us, the next best goes on and the record says so.
 */
export async function makeEngine(
  parts: LiveRunParts,
  fromStep: number,
  emit: EmitRun,
  onDeviceLost: (message: string) => void,
): Promise<{ engine: Engine; record: EngineRecord }> {
  const { recipe, ran } = parts.manifest;
  const before = ran.at(-1);
  const options = engineOptions(parts);
  const hooks = { onTuning: (done: number, total: number) => emit('tuning', { done, total }), onDeviceLost };
  const { choice } = recipe.engine;
  const other = parts.wanted !== null && before && before.engine !== parts.wanted ? parts.wanted : null;
  const { engine, reason } =
    before && other !== null
      ? { ...(await selectEngine(other, options, hooks)), reason: takenOver(before) }
      : before
        ? await selectAgain(before, choice, options, hooks)
        : await selectEngine(choice, options, hooks);
  return { engine, record: { ...recordOf(engine, reason), fromStep, at: new Date().toISOString() } };
}

const takenOver = ({ engine }: EngineRecord): string =>
  `Chosen in the middle of the run, which ${engine} computed before: last digits differ.`;

async function selectAgain(
  before: EngineRecord,
  choice: EngineChoice,
  options: EngineOptions,
  hooks: SelectHooks,
): Promise<Selection> {
  for (let tries = 0; ; tries++) {
    try {
      const { engine } = await selectEngine(before.engine, options, hooks);
      return { engine, reason: reasonAgain(before.reason, engine.info.notes?.() ?? []) };
    } catch (error) {
      const wait = DEVICE_WAITS[tries];
      // One that came and was refused, or computes wrongly, is as good as gone: only what comes and goes is waited for.
      const absent = error instanceof NoWebGpuError;
      if (error instanceof DeviceLostError || (!absent && choice === before.engine)) throw error;
      if (absent && wait !== undefined) await new Promise((resolve) => setTimeout(resolve, wait));
      else if (choice === before.engine) throw error;
      else {
        const { engine, reason } = await selectEngine('auto', options, hooks);
        return {
          engine,
          reason: `This run was computed by ${before.engine}, which is gone: last digits differ. ${reason}`,
        };
      }
    }
  }
}

/** Evaluation mode with other weights than the run's own, on an engine made for it. */
export async function predictWith(
  parts: LiveRunParts,
  name: EngineName,
  model: StateDict,
  batch: RecapBatch,
): Promise<Predictions> {
  const options = { ...engineOptions(parts), batchSize: batch.size, inferenceOnly: true };
  const { engine } = await selectEngine(name, options);
  try {
    await engine.load(model);
    return await engine.predict(batch);
  } finally {
    engine.dispose();
  }
}
