/** A suggestion that was taken, and whether it still stands. */
import type { ConfigStore } from '../stores/config.ts';
import { SOURCE_KINDS } from '../stores/data.ts';
import type { DataChoice, DataStore } from '../stores/data.ts';
import type { SettingsStore } from '../stores/settings.ts';
import { suggestionTexts } from '../texts/suggestions.ts';

/** What a suggestion changes. */
export interface Tryable {
  readonly config: ConfigStore;
  readonly data: DataStore;
  readonly settings: SettingsStore;
}

/** What a suggestion puts in place of what is there: one of the three. */
export type Attempt =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'data'; readonly value: Partial<DataChoice> & { readonly teacherText?: string } }
  | { readonly kind: 'seed'; readonly value: number };

export interface Suggestion {
  /** texts/suggestions.ts says what it is, what changes, and what to look at then. */
  readonly id: keyof typeof suggestionTexts;
  /** Null where the configuration has no such thing to change. */
  readonly attempt: (stores: Tryable) => Attempt | null;
}

/** A suggestion that was taken: what stood before it and what it put there. Plain data, kept over a reload. */
export interface Tried {
  readonly id: Suggestion['id'];
  readonly before: Attempt;
  readonly after: Attempt;
  /** Id of the run that was made from what stood before, which stands beside the one that tries; null where there is none. */
  readonly beside: string | null;
  /** Lines that are gone, and those that came. */
  readonly lines: { readonly gone: readonly string[]; readonly came: readonly string[] };
}

/** What stands where an attempt would write. */
export function standing(attempt: Attempt, { config, data, settings }: Tryable): Attempt {
  switch (attempt.kind) {
    case 'text':
      return { kind: 'text', value: config.getState().text };
    case 'seed':
      return { kind: 'seed', value: settings.getState().seed };
    case 'data': {
      const { kind, teacher, teacherText } = data.getState();
      return { kind: 'data', value: { kind, teacher, teacherText } };
    }
  }
}

/** Whether what a suggestion put there still stands. */
export function stillStands({ after }: Tried, stores: Tryable): boolean {
  return JSON.stringify(standing(after, stores)) === JSON.stringify(after);
}

/** How a run begins that tries a suggestion: called after it, so that charts and lists tell it from the run without, and which that is. */
export function triedRun(
  tried: Tried | null,
  stores: Tryable,
): { readonly name: string; readonly beside: string | null } | null {
  if (!tried || !stillStands(tried, stores)) return null;
  return { name: suggestionTexts[tried.id].words, beside: tried.beside };
}

/** What was kept of a suggestion that was taken; null for what is none. */
export function keptTried(value: unknown): Tried | null {
  if (!isRecord(value)) return null;
  const { id, before, after, beside, lines } = value;
  const known = Object.keys(suggestionTexts).find((name) => name === id) as Suggestion['id'] | undefined;
  if (!known || !isAttempt(before) || !isAttempt(after) || before.kind !== after.kind || !isRecord(lines)) {
    return null;
  }
  const { gone, came } = lines;
  if (!isWords(gone) || !isWords(came)) return null;
  return {
    id: known,
    before,
    after,
    beside: typeof beside === 'string' ? beside : null,
    lines: { gone, came },
  };
}

function isAttempt(value: unknown): value is Attempt {
  if (!isRecord(value)) return false;
  const { kind, value: put } = value;
  if (kind === 'text') return typeof put === 'string';
  if (kind === 'seed') return Number.isSafeInteger(put);
  return kind === 'data' && isRecord(put) && isDataKind(put['kind']) && typeof put['teacher'] === 'string';
}

const isDataKind = (kind: unknown): boolean => SOURCE_KINDS.some((known) => known === kind);

const isWords = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((line) => typeof line === 'string');

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
