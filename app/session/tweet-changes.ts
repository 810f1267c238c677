/** What was changed in a tweet, key by key and down to the last one, for links and bundles. */
type Change = Readonly<Record<string, unknown>>;

/** What differs from a value; null takes a key away. Empty where nothing does. */
export function changesOf(before: object | undefined, after: object): Change {
  const a: Change = { ...before };
  const b: Change = { ...after };
  return Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]))
      .map((key) => {
        const [was, is] = [a[key], b[key]];
        return [key, isMap(was) && isMap(is) ? changesOf(was, is) : (is ?? null)];
      }),
  );
}

/** The value with what was changed in it. */
export function withChanges(before: object | undefined, change: Change): Record<string, unknown> {
  const value: Record<string, unknown> = { ...before };
  for (const [key, is] of Object.entries(change)) {
    const was = value[key];
    if (is === null) delete value[key];
    else value[key] = isMap(was) && isMap(is) ? withChanges(was, is) : is;
  }
  return value;
}

function isMap(value: unknown): value is Change {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
