/**
 * `$VAR` and `${VAR}` in the text of a configuration as Python's string.Template.safe_substitute does it: `$$` is a
 * dollar sign, unknown names and lone dollar signs stay. With a map from the result's offsets back to the original's.
 */

/** A variable without a value, at its place in the result. */
export interface UnsetVariable {
  readonly name: string;
  /** `$NAME` or `${NAME}`, as written. */
  readonly written: string;
  readonly from: number;
  readonly to: number;
}

export interface Substituted {
  readonly text: string;
  readonly unset: readonly UnsetVariable[];
  /** Offsets in `text` → offsets in the original; inside a value put in, the whole variable. */
  readonly originalRange: (from: number, to: number) => { from: number; to: number };
}

interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly originalFrom: number;
  readonly originalTo: number;
}

const PLACEHOLDER = /\$(?:(\$)|\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** Replaces the known variables; there is no default syntax. */
export function substituteVariables(
  original: string,
  variables: Readonly<Record<string, string>>,
): Substituted {
  const replacements: Replacement[] = [];
  const unset: UnsetVariable[] = [];
  let text = '';
  let end = 0;
  for (const match of original.matchAll(PLACEHOLDER)) {
    const [written, dollar] = match;
    const name = match[2] ?? match[3] ?? '';
    const value = dollar ?? (Object.hasOwn(variables, name) ? variables[name] : undefined);
    text += original.slice(end, match.index);
    end = match.index + written.length;
    const from = text.length;
    text += value ?? written;
    if (value === undefined) unset.push({ name, written, from, to: text.length });
    else replacements.push({ from, to: text.length, originalFrom: match.index, originalTo: end });
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
    unset,
    originalRange(from, to) {
      const start = originalOffset(from, 'from');
      return { from: start, to: Math.max(start, from === to ? start : originalOffset(to, 'to')) };
    },
  };
}
