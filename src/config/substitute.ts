/** `$VAR` and `${VAR}` in the text of a configuration, with a map from the result's offsets back to the original's. */

export interface Substituted {
  readonly text: string;
  /** Offsets in `text` → offsets in the original; inside a value put in, the whole variable. */
  readonly originalRange: (from: number, to: number) => { from: number; to: number };
}

interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly originalFrom: number;
  readonly originalTo: number;
}

const VARIABLE = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** The variables in a text, each once. */
export function variablesIn(text: string): { name: string; written: string }[] {
  const found = new Map<string, string>();
  for (const [written, braced, plain] of text.matchAll(VARIABLE)) found.set(written, braced ?? plain ?? '');
  return [...found].map(([written, name]) => ({ name, written }));
}

/** Replaces the known variables; unknown names stay as they are, and there is no default syntax. */
export function substituteVariables(
  original: string,
  variables: Readonly<Record<string, string>>,
): Substituted {
  const replacements: Replacement[] = [];
  let text = '';
  let end = 0;
  for (const match of original.matchAll(VARIABLE)) {
    const name = match[1] ?? match[2] ?? '';
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) continue;
    text += original.slice(end, match.index);
    end = match.index + match[0].length;
    replacements.push({
      from: text.length,
      to: text.length + value.length,
      originalFrom: match.index,
      originalTo: end,
    });
    text += value;
  }
  text += original.slice(end);

  function originalOffset(offset: number, side: 'from' | 'to'): number {
    let shift = 0;
    for (const r of replacements) {
      if (offset < r.from || (side === 'to' && offset === r.from)) break;
      if (side === 'from' ? offset < r.to : offset <= r.to) {
        return side === 'from' ? r.originalFrom : r.originalTo;
      }
      shift = r.originalTo - r.to;
    }
    return Math.min(original.length, Math.max(0, offset + shift));
  }

  return {
    text,
    originalRange(from, to) {
      const start = originalOffset(from, 'from');
      return { from: start, to: Math.max(start, from === to ? start : originalOffset(to, 'to')) };
    },
  };
}
