/** The configurations the training benchmark runs, and one fixed batch for each. */
import { parseRecapConfig } from '../../src/config/parse-config.ts';
import type { RecapConfig } from '../../src/config/recap-config.ts';
import { parseDataSchema } from '../../src/data/data-schema.ts';
import { batchLayout } from '../../src/data/layout.ts';
import type { BatchLayout, RecapBatch } from '../../src/data/recap-batch.ts';
import { Random } from '../../src/data/random.ts';
import type { RowPreset } from './row.ts';

/** Of the weights that rows begin with. */
export const SEED = 1;

const quarter = (size: number): number => Math.ceil(size / 4);

/** Every width of the model divided by four; ten towers and one logit each stay. */
function quarterWidth(config: RecapConfig): RecapConfig {
  const scaled = structuredClone(config);
  const sizes = (list: number[]): number[] => list.map((size) => (size === 1 ? 1 : quarter(size)));
  const maskNet = scaled.model.backbone?.mask_net_config;
  for (const block of maskNet?.mask_blocks ?? []) {
    block.output_size = quarter(block.output_size);
    if (block.aggregation_size !== null) block.aggregation_size = quarter(block.aggregation_size);
  }
  if (maskNet?.mlp) maskNet.mlp.layer_sizes = sizes(maskNet.mlp.layer_sizes);
  for (const task of Object.values(scaled.model.tasks)) {
    if (task.mlp_config) task.mlp_config.layer_sizes = sizes(task.mlp_config.layer_sizes);
  }
  return scaled;
}

function quarterLayout(layout: BatchLayout): BatchLayout {
  return {
    continuous: quarter(layout.continuous),
    binary: quarter(layout.binary),
    discrete: layout.discrete,
    userEmbedding: quarter(layout.userEmbedding),
    userEngEmbedding: quarter(layout.userEngEmbedding),
    authorEmbedding: quarter(layout.authorEmbedding),
    tasks: layout.tasks,
  };
}

/** The files that the presets are made from; a page has them bundled, Node reads them. */
export interface PresetTexts {
  readonly localProd: string;
  readonly playground: string;
  readonly productionSchema: string;
  readonly playgroundSchema: string;
}

export interface BenchPreset {
  readonly config: RecapConfig;
  readonly layout: BatchLayout;
  readonly batch: RecapBatch;
}

/** @throws Error when a preset does not parse. */
export function benchPreset(name: RowPreset, texts: PresetTexts): BenchPreset {
  const production = name !== 'playground';
  const parsed = parseRecapConfig(production ? texts.localProd : texts.playground);
  if (!parsed.config) throw new Error(`${name}: ${parsed.problems[0]?.message ?? 'no configuration'}`);
  const schema = parseDataSchema(production ? texts.productionSchema : texts.playgroundSchema);
  const layout = batchLayout(parsed.config.train_data, schema, Object.keys(parsed.config.model.tasks));
  const config = name === 'local_prod/4' ? quarterWidth(parsed.config) : parsed.config;
  const sized = name === 'local_prod/4' ? quarterLayout(layout) : layout;
  return { config, layout: sized, batch: randomBatch(sized, config.train_data.global_batch_size) };
}

function randomBatch(layout: BatchLayout, size: number): RecapBatch {
  const random = new Random(1);
  const fill = (width: number, draw: () => number): Float32Array =>
    Float32Array.from({ length: size * width }, draw);
  const uniform = (): number => random.float();
  return {
    size,
    continuous: fill(layout.continuous, uniform),
    binary: fill(layout.binary, () => (random.float() < 0.5 ? 0 : 1)),
    discrete: fill(layout.discrete, () => 0),
    userEmbedding: fill(layout.userEmbedding, uniform),
    userEngEmbedding: fill(layout.userEngEmbedding, uniform),
    authorEmbedding: fill(layout.authorEmbedding, uniform),
    labels: fill(layout.tasks.length, () => (random.float() < 0.3 ? 1 : 0)),
    weights: null,
  };
}
