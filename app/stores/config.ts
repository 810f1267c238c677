/**
 * The configuration's text and what it says. While the text is broken, or does not fit the data, the last valid
 * configuration stays in force, so the page keeps working during an edit.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { PathProblem } from '../../src/config/messages.ts';
import type { ConfigProblem } from '../../src/config/parse-config.ts';
import type { RecapConfig } from '../../src/config/recap-config.ts';
import { persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';
import { loadReaders, readConfigNow, readersNow } from './reading.ts';

export interface ValidConfig {
  readonly config: RecapConfig;
  readonly text: string;
}

export interface ConfigPreset {
  /** File name, e.g. 'playground.yaml'. */
  readonly file: string;
  readonly title: string;
  /** One sentence. */
  readonly description: string;
  readonly text: string;
}

export interface ConfigState {
  readonly presets: readonly ConfigPreset[];
  /** File name of the preset or file the text came from. */
  readonly name: string;
  /** What reset goes back to. */
  readonly original: string;
  readonly text: string;
  readonly problems: readonly ConfigProblem[];
  /** The last text without errors; null only if there never was one. */
  readonly valid: ValidConfig | null;
  /** Replaces the text, as typing does. */
  readonly setText: (text: string) => void;
  readonly choosePreset: (file: string) => void;
  /** Text from a file of the person's own. */
  readonly open: (name: string, text: string) => void;
  readonly reset: () => void;
  /** Puts a former state back, the configuration in force then included. */
  readonly put: (edited: EditedConfig) => void;
  /** Reads the same text again: the data it must fit has changed. */
  readonly recheck: () => void;
}

/** What a person edits; `valid` is in force while the text is broken. */
export type EditedConfig = Pick<ConfigState, 'name' | 'original' | 'text' | 'valid'>;

/** What the data at hand has against a configuration that is right by itself. */
export type CheckFit = (config: RecapConfig) => readonly PathProblem[];

export type ConfigStore = StoreApi<ConfigState>;

/** @param presets at least one; the first is what a first visit shows. */
export function createConfigStore(
  presets: readonly ConfigPreset[],
  storage: KeyValue | null,
  checkFit: CheckFit = () => [],
): ConfigStore {
  const kept = restore(storage, 'config');
  const first = presets[0];
  const keptName = typeof kept['name'] === 'string' ? kept['name'] : null;
  const keptText = typeof kept['text'] === 'string' ? kept['text'] : null;
  const preset = presets.find((entry) => entry.file === keptName) ?? first;
  const original =
    presets.find((entry) => entry.file === keptName)?.text ??
    (typeof kept['original'] === 'string' ? kept['original'] : null) ??
    first?.text ??
    '';
  const name = keptText === null ? (preset?.file ?? '') : (keptName ?? '');
  const text = keptText ?? preset?.text ?? '';

  const check = (next: string): { config: RecapConfig | null; problems: readonly ConfigProblem[] } => {
    const found = readConfigNow(next);
    if (!found) return later();
    const { config, problems } = found;
    const unfit = config ? checkFit(config) : [];
    if (unfit.length === 0) return { config, problems };
    const located = readersNow()?.locateProblems(next, unfit);
    if (!located) return later();
    return { config: null, problems: [...problems, ...located].toSorted((a, b) => a.from - b.from) };
  };
  /** Nothing is said of a text, and nothing is put in force, before it can be read. */
  const later = (): ReturnType<typeof check> => {
    loadReaders().then(
      () => store.getState().recheck(),
      (error: unknown) => store.setState({ problems: [unread(error)] }),
    );
    return { config: null, problems: [] };
  };
  const read = (
    next: string,
    before: ValidConfig | null,
  ): Pick<ConfigState, 'text' | 'problems' | 'valid'> => {
    const { config, problems } = check(next);
    return { text: next, problems, valid: config ? { config, text: next } : before };
  };
  const fallback = (): ValidConfig | null => {
    const { config } = check(original);
    return config ? { config, text: original } : null;
  };
  const start = read(text, null);

  const store = createStore<ConfigState>()((set, get) => ({
    presets,
    name,
    original,
    ...start,
    valid: start.valid ?? fallback(),
    setText(next) {
      if (next !== get().text) set(read(next, get().valid));
    },
    choosePreset(file) {
      const chosen = get().presets.find((entry) => entry.file === file);
      if (chosen) set({ name: file, original: chosen.text, ...read(chosen.text, get().valid) });
    },
    open(fileName, opened) {
      set({ name: fileName, original: opened, ...read(opened, get().valid) });
    },
    reset() {
      set(read(get().original, get().valid));
    },
    put: ({ name, original, text, valid }) => set({ name, original, ...read(text, valid) }),
    recheck() {
      set(read(get().text, get().valid));
    },
  }));
  persist(store, storage, 'config', (state) => ({
    name: state.name,
    text: state.text,
    ...(state.presets.some((entry) => entry.file === state.name) ? {} : { original: state.original }),
  }));
  return store;
}

function unread(error: unknown): ConfigProblem {
  const why = error instanceof Error ? error.message : String(error);
  const message = `What reads the configuration could not be loaded (${why}): reload the page.`;
  return { severity: 'error', message, path: [], from: 0, to: 0, line: 1, column: 1 };
}

/** Errors only: what stops the text from being used. */
export function errorsOf(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return problems.filter((problem) => problem.severity === 'error');
}

/** One thing wrong, at every place where it stands. */
export interface ProblemGroup {
  readonly problem: ConfigProblem;
  /** In the text's order; the first is the problem's own. */
  readonly places: readonly ConfigProblem[];
}

const WORST_FIRST = { error: 0, warning: 1, info: 2 };

/** Problems with the same words as one, worst first: ten copies of a tower are wrong in the same way once. */
export function groupProblems(problems: readonly ConfigProblem[]): ProblemGroup[] {
  const groups = new Map<string, ConfigProblem[]>();
  for (const problem of problems) {
    const key = `${problem.severity} ${problem.message}`;
    const group = groups.get(key);
    if (group) group.push(problem);
    else groups.set(key, [problem]);
  }
  return [...groups.values()]
    .flatMap((places) => (places[0] ? [{ problem: places[0], places }] : []))
    .toSorted((a, b) => WORST_FIRST[a.problem.severity] - WORST_FIRST[b.problem.severity]);
}
