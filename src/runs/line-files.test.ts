import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { MemoryHome } from './homes/memory-home.ts';
import { countLines, cutLines, linesFromEnd, linesOf } from './line-files.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (step: number, length = 0): string => `{"step":${step},"loss":"${'x'.repeat(length)}"}\n`;

async function homeWith(text: string): Promise<MemoryHome> {
  const home = new MemoryHome();
  await home.append('lines', bytesOf(text));
  return home;
}

const textIn = async (home: MemoryHome): Promise<string> =>
  new TextDecoder().decode((await home.read('lines')) ?? new Uint8Array(0));

describe('a file of lines', () => {
  it('is cut in front of the first line that is later, whatever the lines are long', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ skip: fc.nat(2), length: fc.constantFrom(0, 5, 1000, 300_000) }), {
          maxLength: 6,
        }),
        fc.nat(12),
        fc.constantFrom('', '{"step":3,"lo', 'x'.repeat(300_000)),
        async (parts, at, tail) => {
          let step = 0;
          const lines = parts.map(({ skip, length }) => line((step += skip), length));
          const steps = parts.map((_, i) => parts.slice(0, i + 1).reduce((sum, { skip }) => sum + skip, 0));
          const home = await homeWith(lines.join('') + tail);
          await cutLines(home, 'lines', (found) => found >= at);
          const later = steps.findIndex((found) => found >= at);
          expect(await textIn(home)).toBe(lines.slice(0, later < 0 ? lines.length : later).join(''));
        },
      ),
      { seed: 8, numRuns: 40 },
    );
  });

  it('leaves a line that is no line of a step where it is, as long as nothing in front of it goes', async () => {
    const text = `${line(0)}\nnothing\n${line(1)}nothing\n`;
    const home = await homeWith(text);
    await cutLines(home, 'lines', (step) => step >= 2);
    expect(await textIn(home)).toBe(text);
    await cutLines(home, 'lines', (step) => step >= 1);
    expect(await textIn(home)).toBe(`${line(0)}\nnothing\n`);
    await cutLines(home, 'lines', () => true);
    expect(await textIn(home)).toBe('');
    await cutLines(home, 'nowhere', () => true);
    expect(await home.size('nowhere')).toBeNull();
  });

  it('is looked at near its end only, where nothing or little goes', async () => {
    const home = await homeWith(Array.from({ length: 40_000 }, (_, step) => line(step, 40)).join(''));
    const reads = vi.spyOn(home, 'read');
    await cutLines(home, 'lines', (step) => step >= 40_000);
    await cutLines(home, 'lines', (step) => step >= 39_990);
    const looked = reads.mock.calls.reduce((sum, [, from, to]) => sum + Number(to) - Number(from), 0);
    expect(looked).toBeLessThan(600_000);
    let last = '';
    for await (const lines of linesOf(home, 'lines')) last = lines.at(-1)?.text ?? last;
    expect(last).toBe(line(39_989, 40).trimEnd());
  });

  it('is read from its end as from its beginning, and the lines of a step there are counted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ skip: fc.nat(1), length: fc.constantFrom(0, 5, 1000, 300_000) }), {
          maxLength: 6,
        }),
        fc.nat(6),
        fc.constantFrom('', '{"step":3,"lo'),
        async (parts, wanted, tail) => {
          let step = 0;
          const steps = parts.map(({ skip }) => (step += skip));
          const lines = parts.map(({ length }, i) => line(steps[i] ?? 0, length));
          const home = await homeWith(lines.join('') + tail);
          const back: string[] = [];
          for await (const piece of linesFromEnd(home, 'lines', await home.size('lines')))
            for (const { text } of piece) back.unshift(text);
          expect(back).toEqual(lines);
          expect(await countLines(home, 'lines', wanted)).toBe(steps.filter((at) => at === wanted).length);
        },
      ),
      { seed: 9, numRuns: 30 },
    );
    expect(await countLines(new MemoryHome(), 'nowhere', 1)).toBe(0);
  });
});
