/** Duplicate keys in JSON text, which JSON.parse drops without a word. */

/**
 * The first key that one object of a valid JSON text has twice, with its character index, or null. Linear in the text.
 * @param text JSON that JSON.parse accepts.
 */
export function jsonDuplicateKey(text: string): { readonly key: string; readonly index: number } | null {
  // One set per open object, null per open array, so that a string's place tells whether it is a key.
  const open: (Set<string> | null)[] = [];
  let expectKey = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : null);
      expectKey = char === '{';
    } else if (char === '}' || char === ']') {
      open.pop();
      expectKey = false;
    } else if (char === ',') {
      expectKey = open.at(-1) instanceof Set;
    } else if (char === '"') {
      const start = i;
      for (i++; text[i] !== '"' && i < text.length; i++) if (text[i] === '\\') i++;
      const keys = open.at(-1);
      if (expectKey && keys) {
        const key = JSON.parse(text.slice(start, i + 1)) as string;
        if (keys.has(key)) return { key, index: start };
        keys.add(key);
        expectKey = false;
      }
    }
  }
  return null;
}
