/**
 * What a run prepared now would be made from, and how that differs from the run there is. One store for everyone who
 * acts on a change of either: the session, the restart button.
 */
import { shallow } from 'zustand/shallow';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ConfigStore } from '../stores/config.ts';
import { describeData } from '../stores/data.ts';
import type { DataStore } from '../stores/data.ts';
import type { RunIdentity, RunStore } from '../stores/run.ts';
import type { SettingsStore } from '../stores/settings.ts';
import { differences } from './differences.ts';

export interface IdentityState {
  /** Of a run prepared now; null while there is no valid configuration. The same object while it says the same. */
  readonly now: RunIdentity | null;
  /** In words; empty when there is no run or a restart would give the same one again. */
  readonly changes: readonly string[];
}

export type IdentityStore = StoreApi<IdentityState>;

interface Sources {
  readonly config: ConfigStore;
  readonly settings: SettingsStore;
  readonly data: DataStore;
  readonly run: RunStore;
}

/** Follows the stores for as long as they live. */
export function createIdentityStore({ config, settings, data, run }: Sources): IdentityStore {
  const identity = (): RunIdentity | null => {
    const { valid } = config.getState();
    const { seed, engine, halfWeights } = settings.getState();
    if (!valid) return null;
    const { config: parsed, text: configText } = valid;
    return { config: parsed, configText, seed, engine, halfWeights, data: describeData(data.getState()) };
  };
  const changesTo = (now: RunIdentity | null): readonly string[] => {
    const running = run.getState().identity;
    return running && now ? differences(running, now) : [];
  };
  const first = identity();
  const store = createStore<IdentityState>()(() => ({ now: first, changes: changesTo(first) }));
  const update = (): void => {
    const before = store.getState();
    const found = identity();
    const now = shallow(found, before.now) ? before.now : found;
    const changes = changesTo(now);
    store.setState({ now, changes: shallow(changes, before.changes) ? before.changes : changes });
  };
  config.subscribe(update);
  settings.subscribe(update);
  data.subscribe(update);
  // A run tells of itself many times a second, but seldom of another identity.
  run.subscribe((state, before) => {
    if (state.identity !== before.identity) update();
  });
  return store;
}
