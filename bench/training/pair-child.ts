/** One side of pair.ts: the engine of the checkout that it is told of, stepping when asked. Modules by the names of both. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Adam from '../../src/engines/adam-options.ts';
import type * as Init from '../../src/engines/init.ts';
import type * as Select from '../../src/engines/select.ts';
import type * as Graph from '../../src/graph/model-graph.ts';
import type * as Rates from '../../src/training/learning-rates.ts';
import { installGpuCounters } from '../gpu-counters.ts';
import type * as Presets from './presets.ts';
import type { RowPreset } from './row.ts';

export interface Turn {
  /** Processor time of the process a step, in ms: Dawn and SwiftShader are part of it. */
  readonly cpu: number;
  /** The shortest step, in ms. */
  readonly fastest: number;
  readonly dispatches: number;
  /** Bytes, as counted at the API. */
  readonly moved: number;
}

const [root = '', preset = 'playground'] = process.argv.slice(2);
const load = async <T>(...paths: readonly string[]): Promise<T> => {
  const modules = paths.map((path) => import(pathToFileURL(join(root, path)).href) as Promise<T>);
  return Promise.any(modules);
};

async function installDawn(): Promise<void> {
  const name = 'webgpu';
  const dawn = (await import(name)) as { globals: object; create(options: readonly string[]): GPU };
  Object.assign(globalThis, dawn.globals);
  const navigator = { gpu: dawn.create([]), userAgent: 'Node' };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}

const read = (file: string) => readFileSync(join(root, 'configs', file), 'utf8');

async function main(): Promise<void> {
  await installDawn();
  const counts = installGpuCounters();
  const { benchPreset } = await load<typeof Presets>('bench/training/presets.ts');
  // Where the function stood in older checkouts is the second name.
  const { adamOptions } = await load<typeof Adam>(
    'src/engines/adam-options.ts',
    'src/training/engine-setup.ts',
  );
  const { modelGraph } = await load<typeof Graph>('src/graph/model-graph.ts', 'src/training/engine-setup.ts');
  const { selectEngine } = await load<typeof Select>('src/engines/select.ts');
  const { initialState } = await load<typeof Init>('src/engines/init.ts');
  const { learningRates } = await load<typeof Rates>('src/training/learning-rates.ts');
  const { config, layout, batch } = benchPreset(preset as RowPreset, {
    localProd: read('local_prod.yaml'),
    playground: read('playground.yaml'),
    productionSchema: read('segdense.json'),
    playgroundSchema: read('playground-segdense.json'),
  });
  const graph = modelGraph(config, layout);
  const options = { graph, adam: adamOptions(config), seed: 1, batchSize: batch.size };
  const { engine } = await selectEngine('webgpu', options, {});
  await engine.load(initialState(graph, 1));
  const rates = learningRates(config);
  let step = 0;
  process.on('message', (steps: number) => {
    void (async () => {
      let fastest = Infinity;
      await engine.settled?.();
      const earlier = counts();
      const before = process.cpuUsage();
      for (let i = 0; i < steps; i++) {
        const start = performance.now();
        await engine.step(batch, rates(10_000 + step++));
        fastest = Math.min(fastest, performance.now() - start);
      }
      const { user, system } = process.cpuUsage(before);
      const now = counts();
      const turn: Turn = {
        cpu: (user + system) / 1000 / steps,
        fastest,
        dispatches: (now.dispatches - earlier.dispatches) / steps,
        moved: (now.bytesMoved - earlier.bytesMoved) / steps,
      };
      process.send?.(turn);
    })();
  });
}

await main();
