/** Teacher settings from YAML text: a config, or problems with their line and column. */
import { isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { nearest } from '../../config/suggest.ts';
import { LABEL } from './tasks.ts';
import { teacherConfigSchema } from './teacher-config.ts';
import type { TeacherConfig } from './teacher-config.ts';

export interface TeacherProblem {
  readonly message: string;
  /** Keys from the top, e.g. ['base_rates', 'recap.engagement.is_replied']; empty for the whole text. */
  readonly path: readonly (string | number)[];
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export interface ParsedTeacherConfig {
  /** Null exactly when there are problems. */
  readonly config: TeacherConfig | null;
  readonly problems: readonly TeacherProblem[];
}

/** Offset of the value at a path, of the key where `atKey`, or of the nearest parent that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[], atKey: boolean): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const [depth, key] of path.entries()) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isPair(item) && String(item.key) === String(key));
    if (!pair) break;
    const keyOffset = isNode(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
    const valueOffset = isNode(pair.value) ? (pair.value.range?.[0] ?? keyOffset) : keyOffset;
    // A map's own place is its key: its value begins a line below.
    offset = (atKey && depth === path.length - 1) || isMap(pair.value) ? keyOffset : valueOffset;
    node = pair.value;
  }
  return offset;
}

/**
 * Parses the settings of a teacher. An empty text gives the defaults.
 * @returns the config, or every problem (YAML syntax, unknown keys, values out of range) with line and column.
 */
export function parseTeacherConfig(text: string): ParsedTeacherConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: true });
  const problems: TeacherProblem[] = [];
  const add = (message: string, offset: number, path: readonly (string | number)[]) => {
    const { line, col } = lines.linePos(offset);
    problems.push({ message, path, line: Math.max(line, 1), column: Math.max(col, 1) });
  };
  for (const error of document.errors)
    add(error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, ''), error.pos[0], []);
  if (problems.length > 0) return { config: null, problems };

  let plain: unknown;
  try {
    plain = document.toJS() ?? {};
  } catch (error) {
    // Unresolved or circular aliases show only here.
    add(error instanceof Error ? error.message : String(error), 0, []);
    return { config: null, problems };
  }
  const result = teacherConfigSchema.safeParse(plain);
  if (result.success) return { config: result.data, problems };
  for (const issue of result.error.issues) {
    const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const full = [...path, key];
        const meant = nearest(
          key,
          path.length === 0 ? Object.keys(teacherConfigSchema.shape) : Object.values(LABEL),
        );
        const mend = meant ? `; did you mean ${meant}?` : '; delete it';
        add(`Unknown key "${key}"${mend}`, offsetOf(document, full, true), full);
      }
    } else {
      add(`${path.join('.') || 'The settings'}: ${issue.message}`, offsetOf(document, path, false), path);
    }
  }
  return { config: null, problems };
}
