import { expect, it } from 'vitest';
import type { Engine, EngineName } from './engine.ts';
import { firstThatWorks } from './fallback.ts';

const engine = (name: EngineName, notes: readonly string[] = []) =>
  ({ info: { name, notes: () => notes } }) as unknown as Engine;

it('takes the first that works, and says what was given up and worked around', async () => {
  const asked: EngineName[] = [];
  const { name, notes } = await firstThatWorks(['webgpu', 'tfjs-webgpu', 'tfjs-wasm'], async (wanted) => {
    asked.push(wanted);
    if (wanted === 'webgpu') throw new Error('The gradient of a test step differs');
    return engine(wanted, ['A kernel is not used.']);
  });
  expect(asked).toEqual(['webgpu', 'tfjs-webgpu']);
  expect(name).toBe('tfjs-webgpu');
  expect(notes).toEqual([
    'webgpu was given up: The gradient of a test step differs.',
    'A kernel is not used.',
  ]);
});

it('throws what the last one threw', async () => {
  const failing = firstThatWorks(['webgpu', 'tfjs-wasm'], async (name) => {
    throw new Error(`${name} fails`);
  });
  await expect(failing).rejects.toThrow('tfjs-wasm fails');
});
