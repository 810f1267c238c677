/** A suggestion that was taken, and whether it still stands. */
import type { ConfigStore } from '../stores/config.ts';
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

/** A suggestion that was taken: what stood before it and what it put there. */
export interface Tried {
  readonly suggestion: Suggestion;
  readonly before: Attempt;
  readonly after: Attempt;
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

/** What a run is called that tries a suggestion, so that charts and lists tell it from the run without; null where none stands. */
export function triedWords(tried: Tried | null, stores: Tryable): string | null {
  return tried && stillStands(tried, stores) ? suggestionTexts[tried.suggestion.id].words : null;
}
