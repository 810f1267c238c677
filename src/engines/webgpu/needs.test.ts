import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { covers } from '../gpu/limits.ts';
import { narrowedGraph } from '../../graph/model-graph.ts';
import { presetModel } from '../testing/preset-model.ts';
import { smallGraph } from '../testing/small-model.ts';
import { checkFits, deviceNeeds, memoryNeeds } from './needs.ts';
import { compileModel } from './plan/compiled-model.ts';

const MB = 1e6;
const yaml = readFileSync(new URL('../../../configs/local_prod.yaml', import.meta.url), 'utf8');
const { options, widths, config } = presetModel(yaml, 200);

describe('what a model takes', () => {
  it('production needs no more than every device gives', () => {
    const needs = deviceNeeds(options);
    expect(covers({ bufferBytes: 0, bindingBytes: 0 }, needs)).toBe(true);
    expect(needs.bufferBytes / MB).toBeGreaterThan(190);
    expect(needs.bindingBytes / MB).toBeLessThan(50);
    checkFits(
      compileModel(options.graph),
      128,
      { halfWeights: true },
      {
        maxBufferSize: 268_435_456,
        maxStorageBufferBindingSize: 134_217_728,
      },
    );
  });

  it('says what is needed, what there is, and sizes that do fit', () => {
    const model = compileModel(options.graph);
    const narrower = (divisor: number) => narrowedGraph(config, widths, divisor);
    const adviceFor = (buffer: number, binding: number, rows: number): string => {
      const limits = { maxBufferSize: buffer * MB, maxStorageBufferBindingSize: binding * MB };
      try {
        checkFits(model, rows, { narrower }, limits);
      } catch (error) {
        const message = error instanceof Error ? error.message : '';
        const divisor = Number(/layers 1\/(\d+) as wide/.exec(message)?.[1]);
        const graph = Number.isNaN(divisor) ? null : narrower(divisor);
        if (graph) checkFits(compileModel(graph), rows, {}, limits);
        const batch = /global_batch_size (\d+)/.exec(message)?.[1];
        if (batch !== undefined) checkFits(model, Number(batch), {}, limits);
        return message;
      }
      throw new Error('it fits');
    };
    expect(adviceFor(128, 128, 128)).toMatch(
      /needs \d{3} MB on the graphics device, 193 MB of it in one buffer, but this adapter gives 128 MB\. With layers 1\/2 as wide it fits; or train on wasm\./,
    );
    // The first layers read all columns: their weights shrink with the width only, not with its square.
    expect(adviceFor(1024, 12, 128)).toMatch(
      /one binding, but this adapter gives 12 MB\. With layers 1\/4 as/,
    );
    // What is large is the values of a large batch.
    expect(adviceFor(256, 64, 20_000)).toMatch(/With global_batch_size \d+/);
    expect(adviceFor(1, 1, 128)).toContain('take narrower layers, or train on wasm');
  });

  it('counts the values of a large batch', () => {
    const model = compileModel(smallGraph('one block without mlp, plain logarithm'));
    const [few, many] = [16, 1_048_576].map((rows) => memoryNeeds(model, rows, false));
    expect(many!.bufferBytes).toBeGreaterThan(few!.bufferBytes * 1000);
  });
});
