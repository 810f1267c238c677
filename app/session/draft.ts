/**
 * The draft: what a run begun now would be made from, and how that differs from the run there is. One store for everyone
 * who acts on a change of either: the session, the restart button.
 */
import { shallow } from 'zustand/shallow';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { RecapConfig } from '../../src/config/recap-config.ts';
import type { RunRecipe } from '../../src/runs/manifest.ts';
import type { ConfigStore } from '../stores/config.ts';
import type { DataStore } from '../stores/data.ts';
import { openRecipe, recipeDifferences } from '../stores/reading.ts';
import type { RunStore } from '../stores/run.ts';
import type { SettingsStore } from '../stores/settings.ts';
import { differenceText } from './difference-text.ts';
import { draftRecipe, SessionInputError } from './draft-recipe.ts';
import type { Schemas } from './draft-recipe.ts';

export interface DraftState {
  /** Null while there is no valid configuration, or files or a schema are missing. The same object while it says the same. */
  readonly recipe: RunRecipe | null;
  /** Of the recipe, or of the last valid text where only the data is missing. */
  readonly config: RecapConfig | null;
  /** What a person has to give first. */
  readonly missing: string | null;
  /** In words; empty when there is no run or a restart would give the same one again. */
  readonly changes: readonly string[];
}

export type DraftStore = StoreApi<DraftState>;

interface Sources {
  readonly config: ConfigStore;
  readonly settings: SettingsStore;
  readonly data: DataStore;
  readonly run: RunStore;
}

/** Follows the stores for as long as they live. */
export function createDraftStore(sources: Sources, schemas: Schemas): DraftStore {
  const { config, settings, data, run } = sources;
  const made = (): Omit<DraftState, 'changes'> => {
    const { valid } = config.getState();
    if (!valid) return { recipe: null, config: null, missing: null };
    try {
      const recipe = draftRecipe(valid, settings.getState(), data.getState(), schemas);
      return { recipe, config: valid.config, missing: null };
    } catch (error) {
      if (!(error instanceof SessionInputError)) throw error;
      return { recipe: null, config: valid.config, missing: error.message };
    }
  };
  const changesTo = (recipe: RunRecipe | null): readonly string[] => {
    const running = run.getState().manifest?.recipe;
    if (!running || !recipe) return [];
    // What was changed while it trained is no edit of the draft; what the draft plans is.
    const counts = (path: string): boolean => recipe.changes !== undefined || !path.startsWith('changes');
    return recipeDifferences(running, recipe)
      .filter(({ path }) => counts(path))
      .map(differenceText);
  };
  const first = made();
  const store = createStore<DraftState>()(() => ({ ...first, changes: changesTo(first.recipe) }));
  const update = (): void => {
    const before = store.getState();
    const found = made();
    const recipe = sameRecipe(before.recipe, found.recipe) ? before.recipe : found.recipe;
    const changes = changesTo(recipe);
    const next = { ...found, recipe, changes: shallow(changes, before.changes) ? before.changes : changes };
    if (!shallow(next, before)) store.setState(next);
  };
  config.subscribe(update);
  settings.subscribe(update);
  data.subscribe(update);
  // A run tells of itself many times a second, but seldom of another manifest.
  run.subscribe((state, before) => {
    if (state.manifest !== before.manifest) update();
  });
  return store;
}

function sameRecipe(a: RunRecipe | null, b: RunRecipe | null): boolean {
  if (!a || !b) return a === b;
  return a.config === b.config && recipeDifferences(a, b).length === 0;
}

/** The configuration that a run was made from. */
export function configOf(recipe: RunRecipe): RecapConfig {
  return openRecipe(recipe).config;
}
