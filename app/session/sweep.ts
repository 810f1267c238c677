/** Trains the runs of a sweep one after another, and remembers which runs they became. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { SweepRun, SweepValue } from '../../src/runs/sweep.ts';
import { persist, restore } from '../stores/persistence.ts';
import type { KeyValue } from '../stores/persistence.ts';
import type { RunState } from '../stores/run.ts';
import { sessionTexts } from '../texts/session.ts';

export interface SweepCell {
  readonly name: string;
  readonly values: readonly SweepValue[];
  /** Id of the run that it became; null before. */
  readonly run: string | null;
}

/** A key and its values as a person writes them. */
export interface AxisText {
  readonly key: string;
  readonly values: string;
}

const NO_AXIS: AxisText = { key: '', values: '' };

export interface SweepState {
  /** Of the sweep that is being set up; a key that is empty is none. */
  readonly axes: readonly [AxisText, AxisText];
  /** Whether the first key's field is wanted in sight. */
  readonly asked: boolean;
  /** Names of the axes. */
  readonly keys: readonly string[];
  readonly cells: readonly SweepCell[];
  /** Index of the cell that trains; null while none does. */
  readonly at: number | null;
  readonly problem: string | null;
}

/** What is left of a sweep that was interrupted. */
export interface SweepRest {
  /** Index of the first run that has not come to its end. */
  readonly from: number;
  /** Id of the run that this one became, where some of its steps are kept. */
  readonly begun: string | null;
}

/** What a sweep sees of the run that trains. */
export type SweptRun = Pick<RunState, 'manifest' | 'phase' | 'message'>;

export interface SweepTrainer {
  readonly run: Pick<StoreApi<SweptRun>, 'getState' | 'subscribe'>;
  /** Begins a run of a recipe. @returns its id, null when it could not be made. */
  readonly trainRecipe: (recipe: SweepRun['recipe'], name: string) => Promise<string | null>;
  /** Trains a kept run on. @returns false when it could not be opened. */
  readonly trainOn: (id: string) => Promise<boolean>;
}

export class Sweep {
  readonly store: StoreApi<SweepState>;
  private stopped = false;

  constructor(
    private readonly trainer: SweepTrainer,
    storage: KeyValue | null,
  ) {
    const kept = restore(storage, 'sweep');
    this.store = createStore<SweepState>()(() => ({
      axes: keptAxes(kept['axes']),
      asked: false,
      keys: Array.isArray(kept['keys']) ? kept['keys'].map(String) : [],
      cells: keptCells(kept['cells']),
      at: null,
      problem: null,
    }));
    persist(this.store, storage, 'sweep', ({ axes, keys, cells }) => ({ axes, keys, cells }));
  }

  setAxis(place: 0 | 1, part: Partial<AxisText>): void {
    const [first, second] = this.store.getState().axes;
    this.store.setState({
      axes: place === 0 ? [{ ...first, ...part }, second] : [first, { ...second, ...part }],
    });
  }

  /** Trains each to its end. Another run that is opened meanwhile, and a run that fails, end the sweep and say so. */
  async start(keys: readonly string[], runs: readonly SweepRun[]): Promise<void> {
    if (this.store.getState().at !== null) return;
    this.store.setState({ keys, cells: runs.map(({ name, values }) => ({ name, values, run: null })) });
    await this.trainFrom(0, runs, null);
  }

  /** Trains what an interrupted sweep left. @param rest of sweep-plan.ts. */
  async goOn(runs: readonly SweepRun[], rest: SweepRest): Promise<void> {
    if (this.store.getState().at !== null) return;
    await this.trainFrom(rest.from, runs, rest.begun);
  }

  /** @param begun a run that the first of them has become already. */
  private async trainFrom(from: number, runs: readonly SweepRun[], begun: string | null): Promise<void> {
    this.stopped = false;
    this.store.setState({ problem: null });
    for (const [at, { recipe, name }] of runs.entries()) {
      if (at < from) continue;
      this.store.setState({ at });
      const old = at === from && begun !== null && (await this.trainer.trainOn(begun)) ? begun : null;
      const id = old ?? (await this.trainer.trainRecipe(recipe, name));
      if (id === null) {
        this.end(
          sessionTexts.couldNotMake(name, this.trainer.run.getState().message ?? sessionTexts.seeAbove),
        );
        return;
      }
      const { cells } = this.store.getState();
      this.store.setState({ cells: cells.map((cell, i) => (i === at ? { ...cell, run: id } : cell)) });
      const end = await this.ended(id);
      if (end === 'left' || this.stopped) {
        this.end(this.stopped ? null : sessionTexts.otherRunOpened);
        return;
      }
    }
    this.end(null);
  }

  /** Trains no further ones; the one that trains goes on. */
  stop(): void {
    this.stopped = true;
  }

  private end(problem: string | null): void {
    this.store.setState({ at: null, problem });
  }

  /** A diverged run is a result too. */
  private ended(id: string): Promise<'done' | 'left'> {
    const outcome = ({ manifest, phase }: SweptRun): 'done' | 'left' | null => {
      if (manifest?.id !== id) return 'left';
      return phase === 'finished' || phase === 'diverged' || phase === 'failed' ? 'done' : null;
    };
    return new Promise((done) => {
      const first = outcome(this.trainer.run.getState());
      if (first) {
        done(first);
        return;
      }
      const stop = this.trainer.run.subscribe((state) => {
        const found = outcome(state);
        if (!found) return;
        stop();
        done(found);
      });
    });
  }
}

function keptAxes(value: unknown): [AxisText, AxisText] {
  const axis = (one: Partial<AxisText> | null | undefined): AxisText =>
    typeof one?.key === 'string' && typeof one.values === 'string'
      ? { key: one.key, values: one.values }
      : NO_AXIS;
  return Array.isArray(value) ? [axis(value[0]), axis(value[1])] : [NO_AXIS, NO_AXIS];
}

function keptCells(value: unknown): SweepCell[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((cell: Partial<SweepCell> | null): SweepCell[] =>
    cell && typeof cell.name === 'string' && Array.isArray(cell.values)
      ? [{ name: cell.name, values: cell.values, run: typeof cell.run === 'string' ? cell.run : null }]
      : [],
  );
}
