/** What the Runs view can do with kept runs; the store shows what came of it. */
import type { Tweet } from '../../src/ranking/tweets.ts';
import type { RunManifest } from '../../src/runs/manifest.ts';
import type { RunEntry } from '../../src/workers/runs-protocol.ts';
import { createRunsStore } from '../stores/runs.ts';
import type { RunsStore } from '../stores/runs.ts';
import type { KeyValue } from '../stores/persistence.ts';
import type { Deed, History } from '../stores/history.ts';
import type { KeptRuns } from './kept-runs.ts';
import type { RunComparison } from './run-comparison.ts';
import type { RunRows } from './run-rows.ts';
import { editTexts } from '../texts/edits.ts';

/** What a person calls a run, and writes on it. */
export interface RunLabel {
  readonly name: string;
  readonly note: string;
}

export class RunLibrary {
  readonly store: RunsStore;

  /** The removal that the store tells of. */
  private removal: Deed | null = null;

  constructor(
    private readonly runs: KeptRuns,
    private readonly history: History,
    /** Labels the run that is open: its own worker writes to its folder. Null where another one is open. */
    private readonly labelOpen: (run: string, label: RunLabel) => Promise<unknown> | null,
    /** Rows of a run's own table; null for runs on other data. */
    private readonly rowsOf: (manifest: RunManifest) => Promise<RunRows | null>,
    private readonly comparison: Pick<RunComparison, 'label' | 'takeAway'>,
    storage: KeyValue | null,
  ) {
    this.store = createRunsStore(storage);
  }

  /** Reads the list anew. */
  async refresh(): Promise<void> {
    await this.tried(async () => {
      const { runs, broken } = await this.runs.call('list', null);
      const storage = await this.runs.call('storage', null);
      const { marked, baseline, set } = this.store.getState();
      const isKept = (id: string): boolean => runs.some(({ manifest }) => manifest.id === id);
      const still = baseline !== null && isKept(baseline) ? baseline : null;
      set({ runs, broken, storage, problem: null, marked: marked.filter(isKept), baseline: still });
    });
  }

  /** What runs say of the sample tweets, or of rows of their table, one after another; those that are known are not asked again. */
  async askTweets(
    entries: readonly Pick<RunEntry, 'manifest' | 'status'>[],
    tweets: readonly Tweet[],
  ): Promise<void> {
    const { set } = this.store.getState();
    for (const { manifest, status } of entries) {
      const known = this.store.getState().tweets.get(manifest.id);
      if (known && known.step === status.step) continue;
      set({ asking: manifest.id });
      await this.tried(async () => {
        const own = await this.rowsOf(manifest);
        const asked = own ? { batch: own.batch } : { tweets };
        const answer = await this.runs.call('tweets', { run: manifest.id, ...asked });
        const known = { ...answer, rows: own?.rows ?? null };
        set({ tweets: new Map([...this.store.getState().tweets, [manifest.id, known]]) });
      });
    }
    set({ asking: null });
  }

  /** Chooses a run among them, or no longer. */
  mark(id: string, chosen: boolean): void {
    const { marked, set } = this.store.getState();
    set({ marked: [...marked.filter((other) => other !== id), ...(chosen ? [id] : [])] });
  }

  async label(before: RunManifest, name: string, note: string): Promise<void> {
    const put = async ({ name, note }: RunLabel): Promise<boolean> => {
      const done = await this.attempt(
        () =>
          this.labelOpen(before.id, { name, note }) ??
          this.runs.call('label', { run: before.id, name, note }),
      );
      if (done) this.comparison.label(before.id, { name, note });
      return done;
    };
    if (!(await put({ name, note }))) return;
    this.history.record({
      title: name === before.name ? editTexts.note(name) : editTexts.name(name),
      undo: async () => void (await put(before)),
      redo: async () => void (await put({ name, note })),
    });
  }

  /** Puts a run aside; brought back, it is again beside the others, chosen and what they are compared with where it was. */
  async remove({ id, name }: RunManifest): Promise<void> {
    const { set } = this.store.getState();
    let putBack = (): void => {};
    const putAside = async (): Promise<boolean> => {
      const { marked, baseline } = this.store.getState();
      const done = await this.attempt(() => this.runs.call('remove', { run: id }));
      if (!done) return false;
      const beside = this.comparison.takeAway(id);
      set({ removed: { id, name } });
      putBack = () => {
        beside();
        if (marked.includes(id)) this.mark(id, true);
        if (baseline === id) set({ baseline: this.store.getState().baseline ?? id });
      };
      return true;
    };
    const deed: Deed = {
      title: editTexts.deletion(name),
      undo: async () => {
        if (!(await this.attempt(() => this.runs.call('bringBack', { run: id })))) return;
        set({ removed: null });
        putBack();
      },
      redo: async () => void (await putAside()),
    };
    if (!(await putAside())) return;
    this.removal = deed;
    this.history.record(deed);
  }

  /** Takes the last removal back. */
  async bringBack(): Promise<void> {
    if (this.removal) await this.history.undoDeed(this.removal);
  }

  /** Does it and reads the list anew; the store says what went wrong. */
  private async attempt(work: () => Promise<unknown>): Promise<boolean> {
    const done = await this.tried(work);
    if (done) await this.refresh();
    return done;
  }

  private async tried(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.store.getState().set({ problem: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }
}
