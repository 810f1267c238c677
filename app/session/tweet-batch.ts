/** The sample tweets as one batch for the model, in the world of the data it is trained on. */
import { batchLayout } from '../../src/data/layout.ts';
import { masksOf } from '../../src/data/mask-files.ts';
import type { RecapBatch } from '../../src/data/recap-batch.ts';
import { defaultTeacherConfig } from '../../src/data/synthesis/teacher-config.ts';
import { createTweetEncoder, createTweetWorld } from '../../src/ranking/tweet-features.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import type { StartSpec } from '../../src/workers/clients.ts';

type WorldParts = Pick<StartSpec, 'config' | 'schema' | 'source' | 'masks'>;

/** @throws DataConfigError when the data section does not fit the schema. */
export function tweetBatch(tweets: readonly Tweet[], parts: WorldParts): RecapBatch {
  const { config, schema, source, masks } = parts;
  const data = config.train_data;
  const layout = batchLayout(data, schema, Object.keys(config.model.tasks), masksOf(data, masks));
  // Data without a teacher has no population of its own: the default one stands in.
  const teacher = source.kind === 'teacher' ? source.teacher : defaultTeacherConfig;
  return createTweetEncoder(createTweetWorld(teacher, layout), layout).encode(tweets);
}
