import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knownChoice, stepWork, timedChoice } from '../../src/engines/software-choice.ts';
import { modelGraph } from '../../src/graph/model-graph.ts';
import { benchPreset } from './presets.ts';

const read = (file: string) => readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');
const texts = {
  localProd: read('local_prod.yaml'),
  playground: read('playground.yaml'),
  productionSchema: read('segdense.json'),
  playgroundSchema: read('playground-segdense.json'),
};

describe('on an adapter that runs on the processor', () => {
  it.each([
    ['playground', 2, 'tfjs-wasm'],
    ['playground', 16, 'tfjs-wasm'],
    ['local_prod', 2, 'tfjs-wasm'],
    ['local_prod', 16, 'webgpu'],
    ['local_prod/4', 2, 'tfjs-wasm'],
    ['local_prod/4', 16, null],
  ] as const)('the benchmark’s %s, %s cores: %s, null where both are timed', (preset, cores, name) => {
    const { config, layout, batch } = benchPreset(preset, texts);
    const work = stepWork({ graph: modelGraph(config, layout), batchSize: batch.size });
    const known = knownChoice(work, cores);
    expect(known?.name ?? null).toBe(name);
    if (known) expect(known.reason).toMatch(/^The WebGPU adapter here runs on the processor[,:;] .*\.$/);
  });

  it('takes what is at least half as fast again as wasm, else wasm, and says both times', () => {
    expect(timedChoice(100, 150).name).toBe('webgpu');
    expect(timedChoice(100, 149).name).toBe('tfjs-wasm');
    expect(timedChoice(100, 80).name).toBe('tfjs-wasm');
    for (const [webgpu, wasm] of [
      [100, 150],
      [100, 149],
      [100, 80],
    ] as const)
      expect(timedChoice(webgpu, wasm).reason).toContain(`webgpu takes 100 ms a step, tfjs-wasm ${wasm} ms.`);
    // Where the slower of the two is taken, the sentence says why.
    expect(timedChoice(100, 149).reason).toContain('Below 1.5 times the speed wasm is taken');
    expect(timedChoice(100, 80).reason).not.toContain('Below');
  });
});
