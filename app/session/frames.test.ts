import { describe, expect, it } from 'vitest';
import type { Clock } from './frames.ts';
import { oncePerFrame } from './frames.ts';

/** A clock that moves by hand: frames and timers run when told to. */
function handClock() {
  let time = 0;
  let due: { at: number; run: () => void }[] = [];
  const clock: Clock = {
    now: () => time,
    frame: (run) => due.push({ at: time + 16, run }),
    after: (ms, run) => due.push({ at: time + ms, run }),
  };
  const advance = (ms: number): void => {
    const end = time + ms;
    for (;;) {
      const next = due.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      due = due.filter((entry) => entry !== next);
      time = next.at;
      next.run();
    }
    time = end;
  };
  return { clock, advance };
}

describe('oncePerFrame', () => {
  it('does many asks in one go, and not more often than the interval', () => {
    const { clock, advance } = handClock();
    let runs = 0;
    const ask = oncePerFrame(() => runs++, 100, clock);
    for (let i = 0; i < 5; i++) ask();
    advance(20);
    expect(runs).toBe(1);
    for (let frame = 0; frame < 20; frame++) {
      ask();
      advance(16);
    }
    expect(runs).toBeLessThanOrEqual(4);
    advance(200);
    const before = runs;
    advance(1000);
    expect(runs).toBe(before);
  });
});
