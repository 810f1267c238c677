/** What the Runs view can do with kept runs; the store shows what came of it. */
import type { Tweet } from '../../src/ranking/tweets.ts';
import type { RunManifest } from '../../src/runs/manifest.ts';
import type { RunEntry } from '../../src/workers/runs-protocol.ts';
import { createRunsStore } from '../stores/runs.ts';
import type { RunsStore } from '../stores/runs.ts';
import type { KeptRuns } from './kept-runs.ts';

export class RunLibrary {
  readonly store: RunsStore = createRunsStore();

  constructor(private readonly runs: KeptRuns) {}

  /** Reads the list anew. */
  async refresh(): Promise<void> {
    await this.attempt(async () => {
      const { runs, broken } = await this.runs.call('list', null);
      const storage = await this.runs.call('storage', null);
      this.store.getState().set({ runs, broken, storage, problem: null });
    });
  }

  /** What runs say of the sample tweets, one after another; those that are known are not asked again. */
  async askTweets(
    entries: readonly Pick<RunEntry, 'manifest' | 'status'>[],
    tweets: readonly Tweet[],
  ): Promise<void> {
    const { set } = this.store.getState();
    for (const { manifest, status } of entries) {
      const known = this.store.getState().tweets.get(manifest.id);
      if (known && known.step === status.step) continue;
      set({ asking: manifest.id });
      await this.attempt(async () => {
        const answer = await this.runs.call('tweets', { run: manifest.id, tweets });
        set({ tweets: new Map([...this.store.getState().tweets, [manifest.id, answer]]) });
      });
    }
    set({ asking: null });
  }

  async label({ id }: RunManifest, name: string, note: string): Promise<void> {
    await this.attempt(async () => {
      await this.runs.call('label', { run: id, name, note });
    });
    await this.refresh();
  }

  /** Puts a run aside. */
  async remove({ id, name }: RunManifest): Promise<void> {
    await this.attempt(async () => {
      await this.runs.call('remove', { run: id });
      this.store.getState().set({ removed: { id, name } });
    });
    await this.refresh();
  }

  /** Takes the last removal back. */
  async bringBack(): Promise<void> {
    const { removed, set } = this.store.getState();
    if (!removed) return;
    await this.attempt(async () => {
      await this.runs.call('bringBack', { run: removed.id });
      set({ removed: null });
    });
    await this.refresh();
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.store.getState().set({ problem: error instanceof Error ? error.message : String(error) });
    }
  }
}
