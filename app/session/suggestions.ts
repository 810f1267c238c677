/**
 * "You could try": one change each, what it is, what to watch, and the way back. One at a time: another one begins where
 * the first began, so that the runs differ in one thing.
 */
import type { ConfigPath } from '../../src/config/config-path.ts';
import { setInText } from '../../src/config/edit-text.ts';
import type { RecapConfig } from '../../src/config/recap-config.ts';
import type { ComparedRunsStore } from '../stores/compared-runs.ts';
import type { History } from '../stores/history.ts';
import { recipeDifferences } from '../stores/reading.ts';
import type { RunStore } from '../stores/run.ts';
import { editTexts } from '../texts/edits.ts';
import { suggestionTexts } from '../texts/suggestions.ts';
import type { DraftStore } from './draft.ts';
import { standing, stillStands } from './tried.ts';
import type { Attempt, Suggestion, Tried, Tryable } from './tried.ts';

interface Stores extends Tryable {
  readonly history: History;
  readonly run: RunStore;
  readonly draft: DraftStore;
  readonly comparison: { readonly store: ComparedRunsStore };
}

function edit(
  find: (config: RecapConfig) => { path: ConfigPath; value: number | boolean } | null,
): Suggestion['attempt'] {
  return ({ config }) => {
    const { text, valid } = config.getState();
    const found = valid?.text === text ? find(valid.config) : null;
    if (!found) return null;
    return {
      kind: 'text',
      // Made when it is taken: whether there is something to change is asked of all, and needs no text read.
      get value() {
        return setInText(text, found.path, found.value);
      },
    };
  };
}

/** The backbone's peak learning rate and where it stands, whatever the schedule. */
function peakRate({ optimizer }: RecapConfig): { path: ConfigPath; value: number } | null {
  const schedule = optimizer.multi_task_learning_rates?.backbone_learning_rate;
  const path = ['optimizer', 'multi_task_learning_rates', 'backbone_learning_rate'];
  if (!schedule) return null;
  for (const key of ['linear_ramp_to_constant', 'linear_ramp_to_cosine'] as const) {
    const ramp = schedule[key];
    if (ramp) return { path: [...path, key, 'learning_rate'], value: ramp.learning_rate };
  }
  return schedule.constant === null ? null : { path: [...path, 'constant'], value: schedule.constant };
}

export const suggestions: readonly Suggestion[] = [
  {
    id: 'serial',

    attempt: edit(({ model }) => {
      const net = model.backbone?.mask_net_config;
      if (!net || !net.use_parallel) return null;
      return { path: ['model', 'backbone', 'mask_net_config', 'use_parallel'], value: false };
    }),
  },
  {
    id: 'rate',

    attempt: edit((config) => {
      const rate = peakRate(config);
      return rate && { ...rate, value: Number((rate.value * 10).toPrecision(3)) };
    }),
  },
  {
    id: 'batch',

    attempt: edit(({ train_data: { global_batch_size: size } }) =>
      size === 32 ? null : { path: ['train_data', 'global_batch_size'], value: 32 },
    ),
  },
  {
    id: 'seed',

    attempt: ({ settings }) => ({ kind: 'seed', value: settings.getState().seed + 1 }),
  },
  {
    id: 'noise',

    attempt: ({ data }) => {
      const { kind, teacher } = data.getState();
      if (kind === 'teacher' && teacher === 'noise') return null;
      return { kind: 'data', value: { kind: 'teacher', teacher: 'noise' } };
    },
  },
];

function put(attempt: Attempt, { config, data, settings }: Tryable): void {
  switch (attempt.kind) {
    case 'text':
      return config.getState().setText(attempt.value);
    case 'seed':
      return settings.getState().set({ seed: attempt.value });
    case 'data': {
      const { teacherText, ...choice } = attempt.value;
      data.getState().choose(choice);
      if (teacherText !== undefined) data.getState().setTeacherText(teacherText);
    }
  }
}

/**
 * Takes a suggestion, in place of one that still stands.
 * @returns what was done; null where there is nothing of the kind to change.
 */
export function tryOut(suggestion: Suggestion, before: Tried | null, stores: Stores): Tried | null {
  return stores.history.together(suggestionTexts[suggestion.id].words, () => {
    const stands = before !== null && stillStands(before, stores);
    if (stands) put(before.before, stores);
    const attempt = suggestion.attempt(stores);
    if (!attempt) return null;
    const was = standing(attempt, stores);
    const beside = stands ? before.beside : runOfNow(stores);
    put(attempt, stores);
    const after = standing(attempt, stores);
    return {
      id: suggestion.id,
      before: was,
      after,
      beside,
      lines: changedLines(wordsOf(was), wordsOf(after)),
    };
  });
}

/** Id of the run that is made from what is shown, the current one or one beside it; else of the current one, once it has begun. */
function runOfNow({ run, draft, comparison }: Stores): string | null {
  const { manifest, step } = run.getState();
  const { recipe } = draft.getState();
  const all = [
    ...(manifest && step > 0 ? [manifest] : []),
    ...comparison.store.getState().runs.map((other) => other.manifest),
  ];
  const same = recipe && all.find((other) => recipeDifferences(other.recipe, recipe).length === 0);
  return (same ?? all[0])?.id ?? null;
}

/** Puts back what stood before. */
export function takeBack({ id, before }: Tried, stores: Tryable & { readonly history: History }): void {
  stores.history.together(editTexts.takenBack(suggestionTexts[id].words), () => put(before, stores));
}

function wordsOf(attempt: Attempt): string {
  switch (attempt.kind) {
    case 'text':
      return attempt.value;
    case 'seed':
      return `seed: ${attempt.value}`;
    case 'data':
      return attempt.value.kind === 'teacher'
        ? `data: teacher, ${attempt.value.teacher}`
        : `data: ${attempt.value.kind}`;
  }
}

/** The stretch of lines that two texts differ in. */
function changedLines(before: string, after: string): Tried['lines'] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const part = (lines: readonly string[]): string[] =>
    lines.slice(start, lines.length - end).map((line) => line.trim());
  return { gone: part(a), came: part(b) };
}
