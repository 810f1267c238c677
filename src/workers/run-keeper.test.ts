import { expect, it } from 'vitest';
import { smallGraph } from '../engines/testing/small-model.ts';
import { MemoryHome } from '../runs/homes/memory-home.ts';
import { newManifest } from '../runs/new-manifest.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { RunKeeper } from './run-keeper.ts';
import type { LiveRunParts } from './run-parts.ts';
import { recipe } from './testing/small-recipe.ts';

it('forgets steps that were reported but not written yet, and lets none of them come behind the cut', async () => {
  const home = new MemoryHome();
  const manifest = newManifest({ recipe: recipe(), app: 'test' });
  const graph = smallGraph('one block without mlp, plain logarithm');
  const parts: Pick<LiveRunParts, 'openFolder' | 'graph' | 'maxCheckpointBytes' | 'evaluations'> = {
    openFolder: (now) => RunFolder.create(home, now.id, now),
    graph,
    maxCheckpointBytes: 1 << 20,
    evaluations: [],
  };
  const keeper = new RunKeeper(parts as LiveRunParts, manifest, (message) => expect.unreachable(message));
  await keeper.open();
  const report = (step: number, loss: number) =>
    keeper.addStep({
      step,
      loss,
      taskLosses: graph.outputs.map(() => loss),
      learningRates: graph.groups.map(() => 0.1),
      examples: step + 1,
      elapsedMs: step,
    });
  for (const step of [0, 1, 2, 3]) report(step, 0.5);
  await keeper.forgetLater(2);
  for (const step of [2, 3]) report(step, 0.25);
  await keeper.close();
  const folder = await RunFolder.open(home, manifest.id, 'read');
  const found = [];
  for await (const some of folder.steps({
    tasks: graph.outputs.map(({ task }) => task),
    groups: graph.groups,
  }))
    found.push(...some.map(({ step, loss }) => [step, loss]));
  expect(found).toEqual([
    [0, 0.5],
    [1, 0.5],
    [2, 0.25],
    [3, 0.25],
  ]);
});
