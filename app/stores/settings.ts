/** How a person likes the page: theme, engine, seed, chart options. Kept across reloads. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { ENGINE_CHOICES, MAX_SEED } from '../../src/runs/new-manifest.ts';
import type { EngineChoice } from '../../src/runs/manifest.ts';
import type { LiveChange } from '../../src/training/live-changes.ts';
import { oneOf, persist, restore, wholeNumber } from './persistence.ts';
import type { KeyValue } from './persistence.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export { ENGINE_CHOICES, MAX_SEED };

/** Parts of Train that a phone shows one at a time. */
export const PLACES = ['config', 'data', 'training', 'ranking'] as const;
export type Place = (typeof PLACES)[number];

export interface Settings {
  readonly theme: Theme;
  readonly engine: EngineChoice;
  /** Our WebGPU engine's products read half-precision copies of the weights. */
  readonly halfWeights: boolean;
  /** Gradients that are zero by structure are computed too, as the reference does. */
  readonly noisyShifts: boolean;
  /** Seeds the initial weights and the dropout masks. */
  readonly seed: number;
  /** What a new run changes while it trains, as the manifest says that was opened; of this visit only. */
  readonly plannedChanges: readonly LiveChange[];
  /** Weight of the exponential average in the charts, 0 to 0.99. */
  readonly smoothing: number;
  readonly logLoss: boolean;
  /** Tasks whose lines are switched off. */
  readonly hiddenHeads: readonly string[];
  /** The part of Train that a phone shows. */
  readonly place: Place;
  /** Notices a person has closed. */
  readonly dismissed: readonly string[];
}

export interface SettingsState extends Settings {
  readonly set: (change: Partial<Settings>) => void;
  readonly toggleHead: (task: string) => void;
  readonly dismiss: (notice: string) => void;
}

export type SettingsStore = StoreApi<SettingsState>;

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

export function createSettingsStore(storage: KeyValue | null): SettingsStore {
  const kept = restore(storage, 'settings');
  const smoothing = kept['smoothing'];
  const store = createStore<SettingsState>()((set, get) => ({
    theme: oneOf(kept['theme'], THEMES, 'system'),
    engine: oneOf(kept['engine'], ENGINE_CHOICES, 'auto'),
    halfWeights: kept['halfWeights'] === true,
    noisyShifts: kept['noisyShifts'] === true,
    seed: wholeNumber(kept['seed'], 0, MAX_SEED, 1),
    plannedChanges: [],
    smoothing: typeof smoothing === 'number' && smoothing >= 0 && smoothing < 1 ? smoothing : 0.8,
    logLoss: kept['logLoss'] === true,
    hiddenHeads: strings(kept['hiddenHeads']),
    place: oneOf(kept['place'], PLACES, 'ranking'),
    dismissed: strings(kept['dismissed']),
    set,
    toggleHead(task) {
      const { hiddenHeads } = get();
      set({
        hiddenHeads: hiddenHeads.includes(task)
          ? hiddenHeads.filter((hidden) => hidden !== task)
          : [...hiddenHeads, task],
      });
    },
    dismiss(notice) {
      set({ dismissed: [...get().dismissed, notice] });
    },
  }));
  persist(
    store,
    storage,
    'settings',
    ({
      theme,
      engine,
      halfWeights,
      noisyShifts,
      seed,
      smoothing: kept,
      logLoss,
      hiddenHeads,
      place,
      dismissed,
    }) => ({
      theme,
      engine,
      halfWeights,
      noisyShifts,
      seed,
      smoothing: kept,
      logLoss,
      hiddenHeads,
      place,
      dismissed,
    }),
  );
  return store;
}
