/**
 * What survives a reload: plain JSON in localStorage under one key per part. Reading trusts nothing: each store checks
 * what it gets, and a full or forbidden storage only means that nothing is kept.
 */

const PREFIX = 'heavy-ranker-playground/1/';
const DELAY_MS = 300;

/** A place for strings; localStorage in the page, a Map in tests. */
export interface KeyValue {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** The page's localStorage, or null where the browser forbids it. */
export function browserStorage(): KeyValue | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** Whether anything was kept under one of `parts`. */
export function hasKept(storage: KeyValue | null, parts: readonly string[]): boolean {
  try {
    return parts.some((part) => storage?.getItem(PREFIX + part));
  } catch {
    return false;
  }
}

/** What was kept under `part`, or an empty record. */
export function restore(storage: KeyValue | null, part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(PREFIX + part) ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/**
 * Keeps `pick(state)` under `part` whenever it changes: a moment after the first of several changes and when the page hides,
 * or with `at once` in the change itself, for what a crash must not lose.
 */
export function persist<S>(
  store: { getState(): S; subscribe(listener: () => void): () => void },
  storage: KeyValue | null,
  part: string,
  pick: (state: S) => Readonly<Record<string, unknown>>,
  when: 'soon' | 'at once' = 'soon',
): () => void {
  if (!storage) return () => {};
  let last = JSON.stringify(pick(store.getState()));
  let timer: ReturnType<typeof setTimeout> | null = null;
  const save = (): void => {
    timer = null;
    const next = JSON.stringify(pick(store.getState()));
    if (next === last) return;
    last = next;
    try {
      storage.setItem(PREFIX + part, next);
    } catch {
      // A full storage must not stop the page; the state is still in memory.
    }
  };
  const unsubscribe = store.subscribe(() => {
    if (when === 'at once') save();
    else timer ??= setTimeout(save, DELAY_MS);
  });
  globalThis.addEventListener?.('pagehide', save);
  return () => {
    unsubscribe();
    if (timer) clearTimeout(timer);
    globalThis.removeEventListener?.('pagehide', save);
  };
}

/** `value` if it is one of `allowed`, else `fallback`. */
export function oneOf<T extends string>(value: unknown, allowed: readonly T[], fallback: T): T {
  return allowed.find((entry) => entry === value) ?? fallback;
}

/** `value` if it is a whole number within the bounds, else `fallback`. */
export function wholeNumber(value: unknown, low: number, high: number, fallback: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high
    ? value
    : fallback;
}
