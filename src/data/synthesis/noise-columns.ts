/**
 * The columns without a name: noise with the heavy tails of the named ones, so that a model has to find the signal.
 * A column's kind, scale and share of zeros come from the seed and the column's number alone.
 */
import { Random } from '../random.ts';
import { stableExp } from '../stable-math.ts';
import { TAIL_BITS, tailTable } from './tables.ts';

const STREAM = { continuous: 2000, binary: 3000, discrete: 4000 };
const SIGMAS = [0.5, 1, 1.5, 2];
const TAIL_MASK = (1 << TAIL_BITS) - 1;
/** Upper bound of a discrete column's values (exclusive): ids of small vocabularies. */
const VOCABULARY = 128;

/** One positive table and one of both signs per sigma. */
const tailTables: readonly Float32Array[] = [
  ...SIGMAS.map((sigma) => tailTable(sigma, 0)),
  ...SIGMAS.map((sigma) => tailTable(sigma, 1)),
];

export interface NoiseColumns {
  /** Fills `out[offset + first … offset + width)` of one example. */
  continuous(random: Random, out: Float32Array, offset: number, first: number, width: number): void;
  binary(random: Random, out: Float32Array, offset: number, first: number, width: number): void;
  discrete(random: Random, out: Float32Array, offset: number, width: number): void;
}

/** @param widths how many columns each tensor has at most. */
export function createNoiseColumns(
  seed: number,
  widths: { readonly continuous: number; readonly binary: number; readonly discrete: number },
): NoiseColumns {
  const all = tailTables;
  const random = new Random(seed, STREAM.continuous);
  const kind = new Uint8Array(widths.continuous);
  const scale = new Float64Array(widths.continuous);
  const zeros = new Uint32Array(widths.continuous);
  for (let c = 0; c < widths.continuous; c++) {
    kind[c] = random.int(all.length);
    scale[c] = stableExp(3 * random.double());
    // A third of the columns are sparse, as counts of rare events are.
    const sparse = random.double() < 1 / 3;
    zeros[c] = Math.floor((sparse ? 0.3 + 0.5 * random.double() : 0) * (1 << 16));
  }
  const binaryRandom = new Random(seed, STREAM.binary);
  const probability = Float64Array.from({ length: widths.binary }, () => {
    const u = binaryRandom.double();
    return Math.floor((0.02 + 0.5 * u * u) * 4294967296);
  });
  const discreteRandom = new Random(seed, STREAM.discrete);
  const sizes = Int32Array.from({ length: widths.discrete }, () => 2 + discreteRandom.int(VOCABULARY - 1));

  return {
    continuous(source, out, offset, first, width) {
      for (let c = first; c < width; c++) {
        const draw = source.uint32();
        out[offset + c] = draw >>> 16 < zeros[c]! ? 0 : all[kind[c]!]![draw & TAIL_MASK]! * scale[c]!;
      }
    },
    binary(source, out, offset, first, width) {
      for (let c = first; c < width; c++) out[offset + c] = source.uint32() < probability[c]! ? 1 : 0;
    },
    discrete(source, out, offset, width) {
      for (let c = 0; c < width; c++) {
        // The square makes small ids frequent.
        const u = (source.uint32() >>> 8) / 16777216;
        out[offset + c] = Math.floor(u * u * sizes[c]!);
      }
    },
  };
}
