import { describe, expect, it } from 'vitest';
import { OracleEngine } from './oracle/oracle.ts';
import { checkFixture, expectClose } from './testing/check-fixture.ts';
import { createTfjsEngine } from './tfjs/engine.ts';
import { FIXTURES, loadFixture } from './testing/fixture.ts';
import { readFixtureFile } from './testing/node.ts';

describe.each(FIXTURES)('%s', (name) => {
  it('agrees with the reference on the oracle', async () => {
    await checkFixture((options) => new OracleEngine(options), await loadFixture(name, readFixtureFile));
  });

  it.each(['cpu', 'wasm'] as const)('agrees with the reference on tfjs-%s', async (backend) => {
    await checkFixture(
      (options) => createTfjsEngine(options, backend),
      await loadFixture(name, readFixtureFile),
    );
  });

  it('gives the training-mode outputs on the oracle', async () => {
    const { graph, adam, batches, initial, expected } = await loadFixture(name, readFixtureFile);
    const oracle = new OracleEngine({ graph, adam, seed: 1, batchSize: 1 });
    await oracle.load(initial);
    const [first] = batches;
    if (!first) throw new Error('the fixture has no batches');
    const outputs = oracle.trainingOutputs(first);
    expect(outputs.size).toBe(first.size);
    expectClose('logits', outputs.logits, expected('train_step0.logits'), 1e-5);
    expectClose('calibrated', outputs.calibrated, expected('train_step0.calibrated_probabilities'), 1e-5);
  });
});
