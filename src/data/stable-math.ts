/**
 * Logarithm, exponential and normal quantile from +, −, ×, ÷ and √ alone. IEEE 754 fixes those to the last bit, while
 * Math.log and Math.exp may differ between JavaScript engines; with these, a seed gives the same bytes everywhere.
 */

const LN2_HIGH = 0.6931471803691238; // ln 2 in two parts, the first with trailing zero bits, so k·high is exact
const LN2_LOW = 1.9082149292705877e-10;
const SQRT2 = 1.4142135623730951;

const bits = new DataView(new ArrayBuffer(8));

/** 2^k at k + 1022, for k in −1022…1023: by doubling, which is exact, as Math.pow need not be. */
const POWERS_OF_TWO = new Float64Array(2046).fill(2.2250738585072014e-308);
for (let at = 1; at < POWERS_OF_TWO.length; at++) POWERS_OF_TWO[at] = 2 * POWERS_OF_TWO[at - 1]!;

/**
 * Natural logarithm of a positive, normal number, within 1e-15 relative of the true value.
 * Formula: x = 2^k·m, ln m = 2·atanh((m − 1)/(m + 1)) as a power series.
 * @throws RangeError when x is not a positive, normal, finite number.
 */
export function stableLog(x: number): number {
  if (!(x >= 2.2250738585072014e-308 && x < Infinity)) {
    throw new RangeError(`The logarithm needs a positive finite number, it got ${x}.`);
  }
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let k = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m > SQRT2) {
    m *= 0.5;
    k++;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let series = 0;
  for (let n = 21; n >= 3; n -= 2) series = (series + 1 / n) * z;
  return k * LN2_HIGH + (2 * s + (2 * s * series + k * LN2_LOW));
}

/**
 * e^x within 1e-15 relative; 0 below −708 (no subnormals), Infinity above 709.
 * Formula: x = k·ln 2 + r with |r| ≤ ½ ln 2, Taylor series of e^r, times 2^k.
 */
export function stableExp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709) return Infinity;
  if (x < -708) return 0;
  const k = Math.round(x / (LN2_HIGH + LN2_LOW));
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let n = 14; n >= 1; n--) sum = 1 + (r / n) * sum;
  return sum * POWERS_OF_TWO[k + 1022]!;
}

function ratio(r: number, numerator: readonly number[], denominator: readonly number[]): number {
  let top = 0;
  let bottom = 0;
  for (let i = 7; i >= 0; i--) {
    top = top * r + numerator[i]!;
    bottom = bottom * r + denominator[i]!;
  }
  return top / bottom;
}

// Coefficients of Wichura's algorithm AS 241 (PPND16), Applied Statistics 37 (1988), lowest power first.
const A = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const B = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const C = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const D = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const E = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const F = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];

/**
 * The standard normal quantile Φ⁻¹(p) for 0 < p < 1, about 1e-15 relative (Wichura 1988, AS 241).
 * @throws RangeError when p is not strictly between 0 and 1.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`The normal quantile needs 0 < p < 1, it got ${p}.`);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, A, B);
  const r = Math.sqrt(-stableLog(q < 0 ? p : 1 - p));
  const tail = r <= 5 ? ratio(r - 1.6, C, D) : ratio(r - 5, E, F);
  return q < 0 ? -tail : tail;
}
