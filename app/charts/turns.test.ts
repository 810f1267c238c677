import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

describe('Turns', () => {
  it('gives the first a turn at once and the others one each, in order', () => {
    const timers: (() => void)[] = [];
    const turns = new Turns((work) => timers.push(work));
    const log: string[] = [];
    const a = (): void => void log.push('a');
    const b = (): void => void log.push('b');
    const c = (): void => void log.push('c');
    turns.ask(a);
    turns.ask(b);
    turns.ask(c);
    turns.ask(b);
    expect(log).toEqual(['a']);
    turns.drop(c);
    timers.shift()?.();
    expect(log).toEqual(['a', 'b']);
    timers.shift()?.();
    expect(timers).toEqual([]);
    turns.ask(a);
    expect(log).toEqual(['a', 'b', 'a']);
  });

  it('goes on after a turn that failed', () => {
    const timers: (() => void)[] = [];
    const turns = new Turns((work) => timers.push(work));
    let ran = false;
    expect(() =>
      turns.ask(() => {
        throw new Error('broken');
      }),
    ).toThrow('broken');
    turns.ask(() => {
      ran = true;
    });
    timers.shift()?.();
    expect(ran).toBe(true);
  });
});
