import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../../src/config/parse-config.ts';
import { calmDay } from '../../src/ranking/scenarios/calm-day.ts';
import { createRankingStore } from '../stores/ranking.ts';
import { pretrainedMisfit, showPretrained } from './pretrained.ts';

const text = readFileSync(new URL('../../configs/playground.yaml', import.meta.url), 'utf8');
const misfit = (yaml: string) => pretrainedMisfit(parseRecapConfig(yaml).config);

describe('the first ranking', () => {
  it('comes into the store as predicted', async () => {
    const store = createRankingStore(calmDay.tweets);
    const probabilities = new Float32Array(calmDay.tweets.length).fill(0.25);
    await showPretrained(store, (tweets) => {
      expect(tweets).toBe(calmDay.tweets);
      return Promise.resolve({ tasks: ['like'], probabilities, step: 1500 });
    });
    expect(store.getState().pretrained).toEqual({
      kind: 'ready',
      snapshot: { step: 1500, tasks: ['like'], probabilities, untrained: false },
    });
  });

  it('is left out with a reason where it fails', async () => {
    const store = createRankingStore(calmDay.tweets);
    await showPretrained(store, () => Promise.reject(new Error('No network.')));
    expect(store.getState().pretrained).toEqual({ kind: 'failed', message: 'No network.' });
  });
});

describe('pretrainedMisfit', () => {
  it('says nothing of the default configuration with other steps', () => {
    expect(misfit(text)).toBeNull();
    expect(misfit(text.replace('num_train_steps: 1500', 'num_train_steps: 60'))).toBeNull();
    expect(pretrainedMisfit(null)).toBeNull();
  });

  it('names what makes another model', () => {
    expect(misfit(text.replace('clip_magnitude: 5.0', 'clip_magnitude: 4.0'))).toBe(
      'The pretrained weights are of the model in playground.yaml; model.featurization_config.double_norm_log_config.clip_magnitude differs here.',
    );
    expect(misfit(text.replace('output_size: 32', 'output_size: 48'))).toContain(
      'and 3 more keys differ here.',
    );
  });
});
