/** A short run of every kind: a fixed number of inputs of a fixed seed, no clock. `npm run fuzz` runs for hours. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzKind } from './kind.ts';
import { kinds } from './registry.ts';

describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  it('ends in a value or an error of ours for every input', async () => {
    const { runs, outcomes, failure } = await kind.run(1, 150, false);
    expect(failure && `${failure.message} (path ${failure.path})`).toBeNull();
    expect(runs).toBe(150);
    // Inputs of one sort only would show nothing.
    expect(outcomes.get('value')).toBeGreaterThan(10);
    expect([...outcomes.values()].reduce((sum, n) => sum + n, 0) - outcomes.get('value')!).toBeGreaterThan(
      10,
    );
  });
});

describe('the fuzzer itself', () => {
  const good = { state: 1 };
  const kind = (read: (input: number) => void) =>
    fuzzKind({
      name: 'test',
      input: fc.nat(1000),
      read,
      errors: [RangeError],
      probe: () => good.state,
      bytes: (input) => Uint8Array.of(input >> 8, input & 255),
    });

  it('shrinks what fails, and keeps it', async () => {
    const { failure } = await kind((input) => {
      if (input > 500) throw new TypeError('not of ours');
    }).run(1, 200, false);
    expect(failure?.message).toBe('TypeError: not of ours');
    expect(failure?.bytes).toEqual(Uint8Array.of(501 >> 8, 501 & 255));
  });

  it('takes our errors, but not their messages if nobody can read them', async () => {
    const readable = kind((input) => {
      if (input > 500) throw new RangeError('It is more than 500: use less.');
    });
    expect((await readable.run(1, 200, false)).failure).toBeNull();
    const unreadable = kind(() => {
      throw new RangeError('The value is [object Object].');
    });
    expect((await unreadable.run(1, 200, false)).failure?.message).toMatch(/nobody can read/);
  });

  it('notices state that an error leaves', async () => {
    const leaking = kind((input) => {
      if (input !== 7) return;
      good.state++;
      throw new RangeError('It is seven: use another.');
    });
    expect((await leaking.run(1, 3000, false)).failure?.message).toMatch(/read otherwise/);
  });

  it('counts time and memory where it is told to', async () => {
    const limits = { ms: -1, megabytes: 256 };
    const slow = fuzzKind({ name: 'slow', input: fc.nat(), read: () => undefined, errors: [], probe: () => 0, bytes: () => new Uint8Array(0), limits }); // prettier-ignore
    expect((await slow.run(1, 1, true)).failure?.message).toMatch(/It took \d+ ms and/);
    expect((await slow.run(1, 1, false)).failure).toBeNull();
  });
});
