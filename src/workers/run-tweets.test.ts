/** What a kept run says of tweets: that of its newest weights, as the open run's model says it, beside its teacher. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseDataSchema } from '../data/data-schema.ts';
import { defaultTeacherConfig } from '../data/synthesis/teacher-config.ts';
import { parseTeacherConfig } from '../data/synthesis/parse-teacher-config.ts';
import { initialState } from '../engines/init.ts';
import { freshOptimizerState } from '../engines/state.ts';
import { calmDay } from '../ranking/scenarios/calm-day.ts';
import { createTweetEncoder, createTweetWorld } from '../ranking/tweet-features.ts';
import { MemoryHome } from '../runs/homes/memory-home.ts';
import { newManifest } from '../runs/new-manifest.ts';
import type { RunData } from '../runs/manifest.ts';
import { recipeSchemaOf } from '../runs/recipe-forms.ts';
import { RunCheckpoints } from '../runs/run-checkpoints.ts';
import { RunFolder, RunFolderError } from '../runs/run-folder.ts';
import { runModel } from '../runs/run-model.ts';
import { predictRunTweets } from './run-tweets.ts';

const read = (file: string) => readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');
const config = read('playground.yaml');
const settings = parseTeacherConfig(read('data/easy.yaml')).config!;

async function kept(data: RunData, steps: readonly number[]) {
  const manifest = newManifest({
    app: 'test',
    recipe: {
      config,
      steps: null,
      data,
      schema: recipeSchemaOf('playground-segdense.json', parseDataSchema(read('playground-segdense.json'))),
      masks: [],
      seeds: { weights: 3, data: 4 },
      engine: { choice: 'auto', precision: 'float32', noisyShifts: false },
      warmStart: null,
    },
  });
  const folder = await RunFolder.create(new MemoryHome(), manifest.id, manifest);
  const { graph } = runModel(manifest.recipe);
  const checkpoints = new RunCheckpoints(folder, graph, { config, seed: 3 });
  for (const step of steps) {
    const model = initialState(graph, step);
    await checkpoints.save({
      step,
      loss: null,
      batches: step,
      examples: step,
      elapsedMs: step,
      position: null,
      state: { model, optimizer: { ...freshOptimizerState(graph), step } },
    });
  }
  return folder;
}

it('is of the newest weights, with the true probabilities of its teacher', async () => {
  const tweets = calmDay.tweets;
  const data: RunData = { kind: 'teacher', preset: 'easy', settings, examples: null };
  const both = await predictRunTweets(await kept(data, [10, 20]), { tweets });
  expect(both.step).toBe(20);
  expect(both.probabilities).toHaveLength(tweets.length * both.tasks.length);
  expect(both.teacher).toHaveLength(both.probabilities.length);
  expect([...both.probabilities, ...(both.teacher ?? [])].every((p) => p >= 0 && p <= 1)).toBe(true);
  const first = await predictRunTweets(await kept(data, [10]), { tweets });
  expect(first.probabilities).not.toEqual(both.probabilities);
  expect(first.teacher).toEqual(both.teacher);
  const plain = await predictRunTweets(
    await kept({ kind: 'uniform', labels: 'binary', examples: null }, [20]),
    { tweets },
  );
  expect(plain.teacher).toBeNull();
}, 60_000);

it('of a table is of rows that are ready to predict, and no tweets', async () => {
  const { tweets } = calmDay;
  const data: RunData = {
    kind: 'table',
    file: { name: 'a.csv', size: 1, sha256: null },
    columns: {},
  };
  const table = await kept(data, [20]);
  const uniform = await kept({ kind: 'uniform', labels: 'binary', examples: null }, [20]);
  const { plan } = runModel(uniform.manifest.recipe);
  const encoder = createTweetEncoder(createTweetWorld(defaultTeacherConfig, plan.layout), plan.layout);
  const [rows, same] = [
    await predictRunTweets(table, { batch: encoder.encode(tweets) }),
    await predictRunTweets(uniform, { tweets }),
  ];
  expect(rows.probabilities).toEqual(same.probabilities);
  expect(rows).toMatchObject({ step: 20, teacher: null });
  await expect(predictRunTweets(table, { tweets })).rejects.toThrow('reads a table of your own');
}, 60_000);

it('says which run has nothing to say', async () => {
  const none = await kept({ kind: 'uniform', labels: 'binary', examples: null }, []);
  await expect(predictRunTweets(none, calmDay)).rejects.toThrow(RunFolderError);
  await expect(predictRunTweets(none, calmDay)).rejects.toThrow('none of its weights are kept');
});
