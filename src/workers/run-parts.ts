/** What a live run is made of, and its engine. */
import type { BatchLayout } from '../data/recap-batch.ts';
import { adamOptions } from '../engines/adam-options.ts';
import type { Engine, EngineOptions } from '../engines/engine.ts';
import { selectEngine } from '../engines/select.ts';
import type { StateDict } from '../formats/state-dict.ts';
import type { ModelGraph } from '../graph/graph.ts';
import type { EngineRecord, RunManifest } from '../runs/manifest.ts';
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
  readonly close: () => void;
}

/** What an engine of the run is made of. */
export function engineOptions({ manifest, graph }: LiveRunParts): EngineOptions {
  const { config } = openRecipe(manifest.recipe);
  return {
    graph,
    adam: adamOptions(config),
    seed: manifest.recipe.seeds.weights,
    batchSize: config.train_data.global_batch_size,
    halfWeights: manifest.recipe.engine.precision === 'half-weights',
  };
}

/** The engine that ran the run before, where there is one: another would give other last digits. */
export async function makeEngine(
  parts: LiveRunParts,
  fromStep: number,
  emit: EmitRun,
  onDeviceLost: (message: string) => void,
): Promise<{ engine: Engine; record: EngineRecord }> {
  const { manifest } = parts;
  const before = manifest.ran.at(-1)?.engine;
  const { engine, reason } = await selectEngine(
    before ?? manifest.recipe.engine.choice,
    engineOptions(parts),
    {
      onTuning: (done, total) => emit('tuning', { done, total }),
      onDeviceLost,
    },
  );
  const { name, adapter, software } = engine.info;
  const at = new Date().toISOString();
  const why = before ? 'It ran this run before.' : reason;
  return { engine, record: { engine: name, adapter, software, reason: why, fromStep, at } };
}
