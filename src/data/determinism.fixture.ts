/** One fingerprint over every kind of draw and a batch, to compare between Node, a page and a worker. */
import { crc32c } from '../formats/crc32c.ts';
import { plan } from './plan.fixture.ts';
import { Random } from './random.ts';
import { stableExp } from './stable-math.ts';
import { uniformSource } from './uniform.ts';

/** What `fingerprint` gives everywhere, as long as nobody changes what a seed means. */
export const FINGERPRINT = 1439153178;

/** CRC-32C of 4000 draws' and of two uniform batches' bytes. */
export async function fingerprint(): Promise<number> {
  const random = new Random(2023, 4);
  const values = new Float64Array(4000);
  for (let i = 0; i < 1000; i++) {
    values[i] = random.normal();
    values[1000 + i] = random.double();
    values[2000 + i] = stableExp(3 * random.normal());
    values[3000 + i] = random.bernoulli(0.01) + random.int(7);
  }
  const source = uniformSource(plan({ global_batch_size: 50 }), { seed: 11, examples: 100 });
  const batches = [await source.next(), await source.next()].flatMap((batch) =>
    batch ? [...batch.continuous, ...batch.binary, ...batch.discrete, ...batch.labels] : [],
  );
  return crc32c(new Uint8Array(values.buffer)) ^ crc32c(new Uint8Array(Float32Array.from(batches).buffer));
}
