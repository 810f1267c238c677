/** For tests: a browser's storage that a test can look into. */
import type { KeyValue } from './persistence.ts';

export function memoryStorage(): KeyValue & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
}
