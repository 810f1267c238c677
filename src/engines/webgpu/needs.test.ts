import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { covers } from '../gpu/limits.ts';
import { presetModel } from '../testing/preset-model.ts';
import { smallGraph } from '../testing/small-model.ts';
import { checkFits, deviceNeeds, memoryNeeds } from './needs.ts';
import { compileModel } from './plan/compiled-model.ts';

const MB = 1e6;
const yaml = readFileSync(new URL('../../../configs/local_prod.yaml', import.meta.url), 'utf8');
const { options } = presetModel(yaml, 200);

describe('what a model takes', () => {
  it('production needs no more than every device gives', () => {
    const needs = deviceNeeds(options);
    expect(covers({ bufferBytes: 0, bindingBytes: 0 }, needs)).toBe(true);
    expect(needs.bufferBytes / MB).toBeGreaterThan(190);
    expect(needs.bindingBytes / MB).toBeLessThan(50);
    checkFits(memoryNeeds(compileModel(options.graph), 128, true), {
      maxBufferSize: 268_435_456,
      maxStorageBufferBindingSize: 134_217_728,
    });
  });

  it('says what is needed, what there is, and what would fit', () => {
    const needs = memoryNeeds(compileModel(options.graph), 128, false);
    const small = { maxBufferSize: 128 * MB, maxStorageBufferBindingSize: 128 * MB };
    expect(() => checkFits(needs, small)).toThrow(
      /needs \d{3} MB on the graphics device, 193 MB of it in one buffer, but this adapter gives 128 MB\. With layers 1\/2 as wide it fits/,
    );
    const narrow = { maxBufferSize: 1024 * MB, maxStorageBufferBindingSize: 4 * MB };
    expect(() => checkFits(needs, narrow)).toThrow(
      /one binding, but this adapter gives 4 MB\. With layers 1\/4/,
    );
  });

  it('counts the values of a large batch', () => {
    const model = compileModel(smallGraph('one block without mlp, plain logarithm'));
    const [few, many] = [16, 1_048_576].map((rows) => memoryNeeds(model, rows, false));
    expect(many!.bufferBytes).toBeGreaterThan(few!.bufferBytes * 1000);
  });
});
