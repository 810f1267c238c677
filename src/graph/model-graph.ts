/** From a configuration to its model graph, with the data section's downsampling rates in the calibrators. */
import type { RecapConfig } from '../config/recap-config.ts';
import { narrowed } from '../config/narrowed.ts';
import type { GraphOptions, InputWidths } from './build.ts';
import { buildGraph, GraphError } from './build.ts';
import type { ModelGraph } from './graph.ts';

/**
 * @param widths columns after preprocessing; a BatchLayout is assignable.
 * @throws GraphError with the configuration path of what can't be built.
 */
export function modelGraph(
  config: Pick<RecapConfig, 'model' | 'train_data'>,
  widths: InputWidths,
  options: GraphOptions = {},
): ModelGraph {
  const rates = Object.fromEntries(
    Object.entries(config.train_data.tasks).map(
      ([task, { pos_downsampling_rate, neg_downsampling_rate }]) => [
        task,
        { pos: pos_downsampling_rate, neg: neg_downsampling_rate },
      ],
    ),
  );
  return buildGraph(config.model, widths, rates, options);
}

/** The same with layers 1/`divisor` as wide; null where such layers cannot be built. */
export function narrowedGraph(config: RecapConfig, widths: InputWidths, divisor: number): ModelGraph | null {
  try {
    return modelGraph(narrowed(config, divisor), widths);
  } catch (error) {
    if (error instanceof GraphError) return null;
    throw error;
  }
}
