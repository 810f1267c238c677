/**
 * A language for tests and for `vite build --mode pseudo`: the English texts with accents and a third longer. What stays
 * plain on the page did not come from app/texts; what is cut has no room for another language.
 */
import type { Language } from './language.ts';

const ACCENTED: Readonly<Record<string, string>> = {
  a: 'á', c: 'ç', d: 'ð', e: 'é', g: 'ğ', i: 'í', l: 'ł', n: 'ñ', o: 'ö', r: 'ŕ', s: 'š', t: 'ŧ', u: 'ü', y: 'ý', z: 'ž',
  A: 'Å', C: 'Č', D: 'Ď', E: 'Ê', G: 'Ğ', I: 'Î', L: 'Ŀ', N: 'Ñ', O: 'Ø', R: 'Ř', S: 'Š', T: 'Ŧ', U: 'Û', Y: 'Ý', Z: 'Ž',
}; // prettier-ignore
const MORE = ' ẽxŧŕá';

/** "Train {n}" → "Ŧŕáíñ {n} ẽx": names in braces stay. */
export function pseudoText(text: string): string {
  if (!/\p{L}/u.test(text)) return text;
  const accented = text.replaceAll(/\{\w+\}|./gsu, (part) => ACCENTED[part] ?? part);
  return (
    accented + MORE.repeat(Math.ceil(text.length / 3 / MORE.length)).slice(0, Math.ceil(text.length / 3))
  );
}

function pseudoOf(value: unknown): unknown {
  if (typeof value === 'string') return pseudoText(value);
  if (typeof value === 'function')
    return (...values: unknown[]) => pseudoOf(Reflect.apply(value, null, values));
  if (Array.isArray(value)) return value.map(pseudoOf);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, pseudoOf(own)]));
  }
  return value;
}

const pseudo: Language = {
  tag: 'en-XA',
  textsOf: <T extends object>(_name: string, english: T): T => pseudoOf(english) as T,
};
export default pseudo;
