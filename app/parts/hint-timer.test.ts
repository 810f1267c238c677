import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HintTimer } from './hint-timer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const unread = () => false;

function hint() {
  let open = false;
  const timer = new HintTimer({ delay: 200, onChange: (next) => (open = next) });
  return { timer, isOpen: () => open };
}

describe('a hint', () => {
  it('opens under a pointer that rests, and closes a moment after it has left', () => {
    const { timer, isOpen } = hint();
    timer.enter('mouse');
    vi.advanceTimersByTime(199);
    expect(isOpen()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(isOpen()).toBe(true);
    timer.leave('mouse', unread);
    timer.stay();
    vi.advanceTimersByTime(10_000);
    expect(isOpen()).toBe(true);
    timer.leave('mouse', unread);
    vi.advanceTimersByTime(120);
    expect(isOpen()).toBe(false);
  });

  it('opens by a tap, whose finger has left before it is a click, and stays until another place is touched', () => {
    const { timer, isOpen } = hint();
    timer.enter('touch');
    timer.leave('touch', unread);
    timer.show();
    vi.advanceTimersByTime(60_000);
    expect(isOpen()).toBe(true);
    timer.hide();
    vi.advanceTimersByTime(60_000);
    expect(isOpen()).toBe(false);
  });

  it('opens under a finger that is held, and stays to be read', () => {
    const { timer, isOpen } = hint();
    timer.enter('touch');
    vi.advanceTimersByTime(500);
    expect(isOpen()).toBe(true);
    timer.leave('touch', unread);
    vi.advanceTimersByTime(2499);
    expect(isOpen()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(isOpen()).toBe(false);
  });

  it('is not taken by a pointer from who reads by keyboard', () => {
    const { timer, isOpen } = hint();
    timer.show();
    timer.leave('mouse', () => true);
    vi.advanceTimersByTime(60_000);
    expect(isOpen()).toBe(true);
  });
});
