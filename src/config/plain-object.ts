export type PlainObject = Readonly<Record<string, unknown>>;

/** Whether a value has keys: neither null nor a list. */
export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
