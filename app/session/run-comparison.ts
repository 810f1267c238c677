/** Reads the runs that were chosen to stand beside the current one, and forgets those that are gone. */
import type { RunManifest } from '../../src/runs/manifest.ts';
import { RunSeries } from '../../src/runs/run-series.ts';
import { createComparedRunsStore, MAX_RUNS } from '../stores/compared-runs.ts';
import type { ComparedRun, ComparedRunsStore } from '../stores/compared-runs.ts';
import type { KeyValue } from '../stores/persistence.ts';
import type { RunStore } from '../stores/run.ts';
import type { KeptRuns } from './kept-runs.ts';
import { sessionTexts } from '../texts/session.ts';

export class RunComparison {
  readonly store: ComparedRunsStore;

  constructor(
    private readonly kept: KeptRuns,
    storage: KeyValue | null,
    /** The current run takes no other's place where it is chosen itself. */
    private readonly current: Pick<RunStore, 'getState'>,
  ) {
    this.store = createComparedRunsStore(storage);
  }

  /** Brings back those of the last visit; one that is no longer kept is left out without a word. */
  async start(): Promise<void> {
    const { chosen } = this.store.getState();
    const found = await Promise.all(chosen.map((id) => this.read(id).catch(() => null)));
    // What was chosen or taken away while they were read stays so.
    const now = this.store.getState();
    const gone = (id: string): boolean => chosen.includes(id) && found[chosen.indexOf(id)] === null;
    const isNew = (run: ComparedRun | null): run is ComparedRun =>
      run !== null &&
      now.chosen.includes(run.manifest.id) &&
      !now.runs.some(({ manifest }) => manifest.id === run.manifest.id);
    now.set({
      runs: [...found.filter(isNew), ...now.runs],
      chosen: now.chosen.filter((id) => !gone(id)),
    });
  }

  /** Puts a run beside the current one, or takes it away. */
  async toggle(id: string): Promise<void> {
    const { chosen, runs, set } = this.store.getState();
    if (chosen.includes(id)) {
      set({
        chosen: chosen.filter((other) => other !== id),
        runs: runs.filter(({ manifest }) => manifest.id !== id),
        problem: null,
      });
      return;
    }
    if (id !== this.currentId() && !this.hasRoom()) {
      set({ problem: sessionTexts.chartsHold(MAX_RUNS) });
      return;
    }
    set({ chosen: [...chosen, id], problem: null });
    try {
      const run = await this.read(id);
      const state = this.store.getState();
      if (state.chosen.includes(id)) set({ runs: [...state.runs, run] });
    } catch (error) {
      const state = this.store.getState();
      set({
        chosen: state.chosen.filter((other) => other !== id),
        problem: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** Puts a run beside the current one, in place of the one that stands there longest where there is no room; one that is gone is left out. */
  async show(id: string): Promise<void> {
    const before = this.store.getState();
    if (before.chosen.includes(id)) return;
    const run = await this.read(id).catch(() => null);
    const { chosen, runs, set } = this.store.getState();
    if (!run || chosen.includes(id)) return;
    const stay = chosen.slice(Math.max(0, chosen.length - (MAX_RUNS - 2)));
    set({
      chosen: [...stay, id],
      runs: [...runs.filter(({ manifest }) => stay.includes(manifest.id)), run],
      problem: null,
    });
  }

  /** Calls a run otherwise. */
  label(id: string, label: Pick<RunManifest, 'name' | 'note'>): void {
    const { runs, set } = this.store.getState();
    if (!runs.some(({ manifest }) => manifest.id === id)) return;
    set({
      runs: runs.map((run) =>
        run.manifest.id === id ? { ...run, manifest: { ...run.manifest, ...label } } : run,
      ),
    });
  }

  /** Takes a run that is deleted out of the charts. @returns what puts it back where it stood, if there is room by then. */
  takeAway(id: string): () => void {
    const { chosen, runs, set } = this.store.getState();
    const place = chosen.indexOf(id);
    if (place < 0) return () => {};
    const drawn = runs.findIndex(({ manifest }) => manifest.id === id);
    const run = runs[drawn];
    set({ chosen: chosen.toSpliced(place, 1), runs: runs.filter((other) => other !== run), problem: null });
    return () => {
      const now = this.store.getState();
      if (now.chosen.includes(id) || !this.hasRoom()) return;
      set({
        chosen: now.chosen.toSpliced(place, 0, id),
        runs: run ? now.runs.toSpliced(drawn, 0, run) : now.runs,
      });
    };
  }

  private hasRoom(): boolean {
    const current = this.currentId();
    return this.store.getState().chosen.filter((id) => id !== current).length < MAX_RUNS - 1;
  }

  private currentId(): string | undefined {
    return this.current.getState().manifest?.id;
  }

  private async read(id: string): Promise<ComparedRun> {
    const { manifest, series, evaluations } = await this.kept.call('read', { run: id });
    return { manifest, series: RunSeries.fromColumns(series), evaluations };
  }
}
