import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { newManifest } from '../../src/runs/new-manifest.ts';
import { recipe } from '../../src/runs/testing.ts';
import { createRunStore } from '../stores/run.ts';
import { memoryStorage } from '../stores/testing.ts';
import { CurrentRun } from './current-run.ts';

it('is remembered with its first step, before anything else can happen to the page', () => {
  const storage = memoryStorage();
  const run = createRunStore();
  const stop = new CurrentRun(storage).follow(run);
  const manifest = newManifest({
    recipe: recipe(readFileSync('configs/playground.yaml', 'utf8')),
    app: 'test',
  });
  run.setState({ manifest, step: 0 });
  expect(new CurrentRun(storage).last()).toBeNull();
  run.setState({ step: 1 });
  expect(new CurrentRun(storage).last()).toBe(manifest.id);
  // One that another tab has is not this page's to bring back.
  run.setState({ manifest: { ...manifest, id: 'another' }, readOnly: 'other tab' });
  expect(new CurrentRun(storage).last()).toBe(manifest.id);
  stop();
});
