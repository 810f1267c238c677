/**
 * The soak in small, counted in steps and uses: after each use of the page while it trains and evaluates, the device is lost.
 * `npm run soak -- --minutes 30` is the same for long, with every use in every round.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { giveOutDevice, soak } from '../bench/soak/soak.ts';

test('trains, is used and loses its device three times without a step lost, done twice, or an error', async ({
  page,
}) => {
  await giveOutDevice(page);
  const yaml = readFileSync(new URL('./files/tiny.yaml', import.meta.url), 'utf8');
  const { rounds, stepsLost, stepsTwice, errors } = await soak(page, yaml, {
    goOn: (done) => done < 3,
    // An evaluation lies in each, and two checkpoints.
    isTime: (steps) => steps >= 20,
    oneUse: true,
    log: () => {},
  });
  expect(errors).toEqual([]);
  expect({ stepsLost, stepsTwice }).toEqual({ stepsLost: 0, stepsTwice: 0 });
  expect(rounds.at(-1)?.step).toBeGreaterThan(60);
});
