/** From a configuration to what an engine is made of: the model graph with its calibration rates, and Adam's constants. */
import type { RecapConfig } from '../config/recap-config.ts';
import type { AdamOptions } from '../engines/engine.ts';
import { buildGraph } from '../graph/build.ts';
import type { InputWidths } from '../graph/build.ts';
import type { ModelGraph } from '../graph/graph.ts';

/**
 * @param widths columns after preprocessing; a BatchLayout is assignable.
 * @throws GraphError with the configuration path of what can't be built.
 */
export function modelGraph(
  config: Pick<RecapConfig, 'model' | 'train_data'>,
  widths: InputWidths,
): ModelGraph {
  const rates = Object.fromEntries(
    Object.entries(config.train_data.tasks).map(
      ([task, { pos_downsampling_rate, neg_downsampling_rate }]) => [
        task,
        { pos: pos_downsampling_rate, neg: neg_downsampling_rate },
      ],
    ),
  );
  // Stratifiers are the evaluation's; the graph is the same with or without.
  return buildGraph({ ...config.model, stratifiers: null }, widths, rates);
}

/** Adam's constants as the configuration has them. */
export function adamOptions({ optimizer }: Pick<RecapConfig, 'optimizer'>): AdamOptions {
  const { beta_1, beta_2, epsilon } = optimizer.adam;
  return { beta1: beta_1, beta2: beta_2, epsilon };
}
