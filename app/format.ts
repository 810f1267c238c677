/** How numbers become text on the page: one place, so that a number looks the same wherever it stands. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** 48115108 → "48,115,108". */
export function count(value: number): string {
  return whole.format(value);
}

/** 48115108 → "48.1M", for places where width matters more than the last digit. */
export function compact(value: number): string {
  return short.format(value);
}

/** A loss or score with `digits` significant digits and a stable width: 0.6931, 12.35, 1.2e-5. */
export function decimal(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return '—';
  if (value === 0) return (0).toFixed(digits);
  const size = Math.abs(value);
  if (size < 10 ** -digits || size >= 1e7) return minus(value.toExponential(Math.max(1, digits - 2)));
  const before = Math.max(1, Math.floor(Math.log10(size)) + 1);
  return minus(value.toFixed(Math.max(0, digits + 1 - before)));
}

/** A ranking score: three significant digits where it is small, so that net-negative tweets differ too. */
export function score(value: number): string {
  if (!Number.isFinite(value)) return '—';
  return value !== 0 && Math.abs(value) < 0.1 ? value.toPrecision(3) : decimal(value);
}

/** A probability as percent with about three significant digits: 0.5 → "50.0 %", 0.00042 → "0.042 %". */
export function percent(probability: number): string {
  if (!Number.isFinite(probability)) return '—';
  const value = probability * 100;
  const size = Math.abs(value);
  if (size === 0) return '0 %';
  if (size < 0.0005) return '< 0.001 %';
  const digits = size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return `${minus(value.toFixed(digits))} %`;
}

/** A signed number with its sign always shown: +1.25, −0.40. */
export function signed(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '—';
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return (0).toFixed(digits);
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** Seconds as m:ss or h:mm:ss. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–:––';
  const all = Math.round(seconds);
  const pad = (part: number): string => String(part).padStart(2, '0');
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor((all % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(all % 60)}` : `${minutes}:${pad(all % 60)}`;
}

/** A rate like steps/s: three significant digits below 100, whole numbers above. */
export function rate(value: number): string {
  if (!Number.isFinite(value) || value <= 0) return '–';
  if (value >= 100) return count(value);
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** Bytes in decimal units, as file managers show them. */
export function bytes(value: number): string {
  return scaled(value, 'B');
}

/** Floating-point operations: 34e9 → "34.0 GFLOP". */
export function flops(value: number): string {
  return scaled(value, 'FLOP');
}

function scaled(value: number, unit: string): string {
  if (value < 1000) return `${value} ${unit}`;
  const prefixes = ['k', 'M', 'G', 'T'];
  let size = value;
  let at = -1;
  while (size >= 1000 && at < prefixes.length - 1) {
    size /= 1000;
    at++;
  }
  return `${size.toFixed(size >= 100 ? 0 : 1)} ${prefixes[at]}${unit}`;
}

/** A learning rate: 0.0001 → "1.00e-4", 0 → "0". */
export function learningRate(value: number): string {
  return value === 0 ? '0' : minus(value.toExponential(2));
}

/** Hours since something was written: 0.4 → "24 min", 5 → "5 h", 50 → "2 d". */
export function age(hours: number): string {
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))} min`;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} d`;
}

/** 0.0213421 → '2.1342 %': six digits of the probability itself. */
export function probabilityText(probability: number): string {
  return `${(probability * 100).toFixed(4)} %`;
}

/** -369 → '−369'; own weights keep up to five significant digits. */
export function weightText(weight: number): string {
  return minus(String(Number(weight.toPrecision(5))));
}

/** A change of a score: three significant digits where it is small, since net-negative scores differ by 1e-4 and less. */
export function changeText(change: number): string {
  const size = Math.abs(change);
  if (!(size > 0 && size < 0.1)) return signed(change, 3);
  return signed(change, Math.min(9, 2 - Math.floor(Math.log10(size))));
}

/** A feature's value: whole where it is whole, else three significant digits. */
export function valueText(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** "1 step", "2 steps". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

function minus(text: string): string {
  return text.replace('-', text.includes('e') && !text.startsWith('-') ? '-' : '−');
}
