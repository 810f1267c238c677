import { expect, it } from 'vitest';
import type { Engine } from '../engines/engine.ts';
import { kernelsOf, recordOf } from './engine-record.ts';

const when = { fromStep: 0, at: '2026-11-01T00:00:00.000Z' };
const engine = (kernels?: Record<string, string>) =>
  ({
    info: { name: 'webgpu', adapter: 'acme', software: false, ...(kernels && { kernels: () => kernels }) },
  }) as unknown as Engine;

it('takes the kernels again that the run was computed with, on their adapter', () => {
  const record = recordOf(engine({ product: 'tiled 8 8' }), 'There is acme.');
  expect(record).toEqual({
    engine: 'webgpu',
    adapter: 'acme',
    software: false,
    reason: 'There is acme.',
    kernels: { product: 'tiled 8 8' },
  });
  expect(kernelsOf({ ...record, ...when })).toEqual({
    kernels: { adapter: 'acme', choices: { product: 'tiled 8 8' } },
  });
});

it('says nothing of kernels where there is no choice, or no run before', () => {
  const record = recordOf(engine(), 'Chosen by you.');
  expect(record).not.toHaveProperty('kernels');
  expect(kernelsOf({ ...record, ...when })).toEqual({});
  expect(kernelsOf(undefined)).toEqual({});
});
