/** A run of 131,072 steps as a browser keeps it, put there without training it. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { parseDataSchema } from '../../src/data/data-schema.ts';
import { initialState } from '../../src/engines/init.ts';
import { MemoryHome } from '../../src/runs/homes/memory-home.ts';
import { newManifest } from '../../src/runs/new-manifest.ts';
import { recipeSchemaOf } from '../../src/runs/recipe-forms.ts';
import { RunCheckpoints } from '../../src/runs/run-checkpoints.ts';
import { RunFolder } from '../../src/runs/run-folder.ts';
import { runModel } from '../../src/runs/run-model.ts';

export const LONG_STEPS = 1 << 17;

/** Steps that are written at once. */
const PIECE = 8192;
/** Characters that go to the page at once. */
const MESSAGE = 1 << 22;

const textOf = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Files of the run by their paths below its folder, binary ones as base64. */
async function longRun(): Promise<{ id: string; files: { path: string; text: string; binary: boolean }[] }> {
  const schemaName = 'playground-segdense.json';
  const manifest = newManifest({
    name: 'A long run',
    recipe: {
      config: await textOf('e2e/files/tiny.yaml'),
      steps: 2 * LONG_STEPS,
      data: { kind: 'uniform', labels: 'binary', examples: null },
      schema: recipeSchemaOf(schemaName, parseDataSchema(await textOf(`configs/${schemaName}`))),
      masks: [],
      seeds: { weights: 1, data: 1 },
      engine: { choice: 'tfjs-wasm', precision: 'float32', noisyShifts: false },
      warmStart: null,
    },
    app: 'bench',
  });
  const { graph } = runModel(manifest.recipe);
  const names = { tasks: graph.outputs.map(({ task }) => task), groups: graph.groups };
  const home = new MemoryHome();
  const folder = await RunFolder.create(home, manifest.id, manifest);
  const loss = (step: number): number => 0.1 + Math.exp(-step / 20_000) + 0.01 * Math.sin(step);
  for (let from = 0; from < LONG_STEPS; from += PIECE) {
    const events = Array.from({ length: PIECE }, (_, i) => ({
      step: from + i,
      loss: loss(from + i),
      taskLosses: names.tasks.map((_task, at) => loss(from + i) / (at + 2)),
      learningRates: names.groups.map(() => 0.02),
      examples: 64 * (from + i + 1),
      elapsedMs: from + i,
    }));
    await folder.appendSteps(events, names);
  }
  const model = initialState(graph, 1);
  const zeros = new Map(
    graph.parameters
      .filter(({ trainable }) => trainable)
      .map(({ name, shape }) => {
        const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
        return [name, { dtype: 'F32' as const, shape, data }] as const;
      }),
  );
  await new RunCheckpoints(folder, graph, { config: manifest.recipe.config, seed: 1 }).save({
    step: LONG_STEPS,
    loss: loss(LONG_STEPS - 1),
    batches: LONG_STEPS,
    examples: 64 * LONG_STEPS,
    elapsedMs: LONG_STEPS,
    position: { kind: 'uniform', used: 64 * LONG_STEPS, random: [1, 2, 3, 4] },
    state: { model, optimizer: { step: LONG_STEPS, expAvg: zeros, expAvgSq: zeros } },
  });
  const last = loss(LONG_STEPS - 1);
  await folder.saveStatus({
    phase: 'paused',
    step: LONG_STEPS,
    loss: last,
    taskLosses: {},
    elapsedMs: LONG_STEPS,
  });
  folder.close();
  const paths = ['manifest.json', 'status.json', 'metrics.jsonl', `checkpoints/${LONG_STEPS}.safetensors`];
  const files = [];
  for (const path of paths) {
    const bytes = Buffer.from((await home.read(`${manifest.id}/${path}`)) ?? []);
    const binary = path.endsWith('.safetensors');
    files.push({ path, binary, text: bytes.toString(binary ? 'base64' : 'utf8') });
  }
  return { id: manifest.id, files };
}

/** Keeps the run in the browser, as the one that was open last. The page must be of the origin. */
export async function keepLongRun(page: Page): Promise<void> {
  const { id, files } = await longRun();
  for (const { path, text, binary } of files) {
    for (let from = 0; from < text.length; from += MESSAGE) {
      const piece = text.slice(from, from + MESSAGE);
      await page.evaluate(
        async ([run, name, content, isBinary, isFirst]) => {
          let folder = await navigator.storage.getDirectory();
          const parts = ['runs', run, ...name.split('/')];
          for (const part of parts.slice(0, -1))
            folder = await folder.getDirectoryHandle(part, { create: true });
          const file = await folder.getFileHandle(parts.at(-1) ?? '', { create: true });
          const writable = await file.createWritable({ keepExistingData: !isFirst });
          if (!isFirst) await writable.seek((await file.getFile()).size);
          await writable.write(
            isBinary ? Uint8Array.from(atob(content), (one) => one.charCodeAt(0)) : content,
          );
          await writable.close();
        },
        [id, path, piece, binary, from === 0] as const,
      );
    }
  }
  await page.evaluate(
    (run) => localStorage.setItem('heavy-ranker-playground/1/current-run', JSON.stringify({ id: run })),
    id,
  );
}
