import { expect, it } from 'vitest';
import { createRunStore } from '../stores/run.ts';
import { guardLeaving } from './leave-guard.ts';

it('asks only while a run that is kept nowhere would be lost', () => {
  const run = createRunStore();
  const page = new EventTarget();
  const stop = guardLeaving(run, page);
  const asks = (): boolean => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  const { setPhase, set } = run.getState();
  setPhase('running', 3, null);
  expect(asks()).toBe(false);
  set({ unkept: 'the disk is full' });
  expect(asks()).toBe(true);
  setPhase('paused', 4, null);
  expect(asks()).toBe(true);
  set({ unkeptSeen: true });
  expect(asks()).toBe(true);
  setPhase('finished', 5, null);
  expect(asks()).toBe(true);
  setPhase('running', 6, null);
  expect(asks()).toBe(true);
  set({ unkept: null });
  expect(asks()).toBe(false);
  set({ unkept: 'again' });
  stop();
  expect(asks()).toBe(false);
});
