/** What the tests of synthetic data share: a small world, and a hash of a batch's bytes that every engine must give. */
import type { BatchLayout, RecapBatch } from '../recap-batch.ts';
import { synthesize } from './synthesize.ts';
import { teacherTasks } from './tasks.ts';
import { teacherConfigSchema } from './teacher-config.ts';
import { createTeacher } from './teacher.ts';

export const smallLayout: BatchLayout = {
  continuous: 40,
  binary: 30,
  discrete: 4,
  userEmbedding: 12,
  userEngEmbedding: 12,
  authorEmbedding: 12,
  tasks: teacherTasks,
};

/** FNV-1a over the bytes of all tensors, as 8 hex digits. */
export function batchHash(batch: RecapBatch): string {
  let hash = 0x811c9dc5;
  const arrays = [
    batch.continuous,
    batch.binary,
    batch.discrete,
    batch.userEmbedding,
    batch.userEngEmbedding,
    batch.authorEmbedding,
    batch.labels,
    batch.weights ?? new Float32Array(0),
    batch.teacher ?? new Float32Array(0),
  ];
  for (const array of arrays) {
    for (const byte of new Uint8Array(array.buffer, array.byteOffset, array.byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** 300 downsampled examples of a fixed world. */
export function pinnedBatch(): RecapBatch {
  const config = teacherConfigSchema.parse({ seed: 3, users: 100, authors: 60, noise: 0.1 });
  const rates = {
    'recap.engagement.is_favorited': { pos_downsampling_rate: 0.9, neg_downsampling_rate: 0.25 },
  };
  return synthesize({
    teacher: createTeacher(config, smallLayout),
    layout: smallLayout,
    seed: 12345,
    split: 'validation',
    rates,
    keepFor: Object.keys(rates),
  }).next(300);
}

/** The bytes of `pinnedBatch`. A change here means that all saved seeds give other data: say so in the change log. */
export const PINNED_HASH = '464d6745';
