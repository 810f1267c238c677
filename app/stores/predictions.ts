/**
 * Probabilities of the tweets shown under the weights of a moment, asked for only where they are not known: a changed
 * weight or heuristic asks nothing, a changed feature asks for one row. An old row is shown until the new one is there.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ProbabilityTable } from '../../src/ranking/score.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import type { ShownMoment } from './ranking.ts';
import type { ShownTweet } from './tweets.ts';

/** Whose probabilities: the model's at some moment, or the teacher's. */
export type Moment = ShownMoment | 'teacher';

/** Calibrated probabilities [tweets, tasks]. */
export type AskProbabilities = (tweets: readonly Tweet[], at: Moment) => Promise<Float32Array>;

interface Row {
  /** The tweet that was predicted; another object with the same key is a changed tweet. */
  readonly tweet: Tweet;
  /** Grows with the run; a row of an older one is shown, and asked for anew. */
  readonly epoch: number;
  readonly values: Float32Array;
}

export interface PredictionsState {
  /** Grows whenever rows have come; what is derived from them hangs on it. */
  readonly version: number;
  /** Asks under way. */
  readonly pending: number;
  /** Why the last ask failed, until one succeeds. */
  readonly problem: string | null;
  /** Milliseconds that the last ask of at most this many rows took, to the screen's side of the worker. */
  readonly lastMs: { readonly rows: number; readonly ms: number } | null;
}

export class TweetPredictions {
  readonly store: StoreApi<PredictionsState> = createStore<PredictionsState>()(() => ({
    version: 0,
    pending: 0,
    problem: null,
    lastMs: null,
  }));
  private readonly rows = new Map<string, Map<string, Row>>();
  private readonly asking = new Set<string>();
  private readonly wanted = new Map<string, { tweets: readonly ShownTweet[]; at: Moment }>();
  /** What could not be answered, the last of each moment. */
  private readonly failed = new Map<string, { tweets: readonly ShownTweet[]; at: Moment }>();
  private epoch = 0;
  private generation = 0;

  constructor(private readonly ask: AskProbabilities) {}

  /** A new run: nothing known of the last one holds any more. */
  clear(): void {
    this.generation++;
    for (const name of this.rows.keys()) if (name !== 'pretrained') this.rows.delete(name);
    this.wanted.clear();
    this.failed.clear();
    this.asking.clear();
    this.store.setState({ version: this.store.getState().version + 1, pending: 0, problem: null });
  }

  /** The run has gone on: 'yours' is another moment, and what is known of it only stands in. */
  advance(): void {
    this.epoch++;
  }

  /** Takes rows that came without asking, such as the watched tweets of each few steps. */
  put(
    at: Moment,
    tweets: readonly Tweet[],
    keys: readonly string[],
    width: number,
    values: Float32Array,
  ): void {
    const rows = this.rowsOf(at);
    const epoch = this.epochOf(at);
    for (const [i, tweet] of tweets.entries()) {
      rows.set(keys[i]!, { tweet, epoch, values: values.subarray(i * width, (i + 1) * width) });
    }
    this.bump();
  }

  /** Asks for what is not known of these tweets; at most one ask of a moment is under way, later ones wait and merge. */
  want(tweets: readonly ShownTweet[], at: Moment): void {
    const name = momentKey(at);
    this.wanted.set(name, { tweets, at });
    if (!this.asking.has(name)) void this.run(name);
  }

  /** Asks again for what could not be answered. */
  retry(): void {
    const again = [...this.failed.values()];
    this.failed.clear();
    for (const { tweets, at } of again) this.want(tweets, at);
  }

  /**
   * Probabilities of `tweets`, [tweets, tasks], or null while there is a tweet of which nothing at all is known.
   * `fresh` is false while any of them is of an older tweet or moment.
   */
  table(
    tweets: readonly ShownTweet[],
    tasks: readonly string[],
    at: Moment,
  ): (ProbabilityTable & { readonly fresh: boolean }) | null {
    const rows = this.rowsOf(at);
    const epoch = this.epochOf(at);
    const values = new Float32Array(tweets.length * tasks.length);
    let fresh = true;
    for (const [i, { key, tweet }] of tweets.entries()) {
      const row = rows.get(key);
      if (!row || row.values.length !== tasks.length) return null;
      if (row.tweet !== tweet || row.epoch !== epoch) fresh = false;
      values.set(row.values, i * tasks.length);
    }
    return { tasks, values, fresh };
  }

  private async run(name: string): Promise<void> {
    const { generation } = this;
    this.asking.add(name);
    let asked = this.wanted.get(name);
    try {
      for (let next = asked; next; next = this.wanted.get(name)) {
        asked = next;
        this.wanted.delete(name);
        const { at } = next;
        const epoch = this.epochOf(at);
        const rows = this.rowsOf(at);
        const missing = next.tweets.filter(({ key, tweet }) => {
          const row = rows.get(key);
          return !row || row.tweet !== tweet || row.epoch !== epoch;
        });
        if (missing.length === 0) continue;
        this.store.setState({ pending: this.store.getState().pending + 1 });
        const start = performance.now();
        const values = await this.ask(
          missing.map(({ tweet }) => tweet),
          at,
        );
        if (generation !== this.generation) return;
        const width = values.length / missing.length;
        for (const [i, { key, tweet }] of missing.entries()) {
          rows.set(key, { tweet, epoch, values: values.subarray(i * width, (i + 1) * width) });
        }
        const ms = performance.now() - start;
        this.store.setState({
          problem: null,
          // The teacher is no model, and its first answer includes a second of calibrating it.
          ...(at === 'teacher' ? {} : { lastMs: { rows: missing.length, ms } }),
          pending: this.store.getState().pending - 1,
        });
        this.bump();
      }
    } catch (error) {
      if (generation !== this.generation) return;
      if (asked) this.failed.set(name, asked);
      const problem = error instanceof Error ? error.message : String(error);
      this.store.setState({ problem, pending: Math.max(0, this.store.getState().pending - 1) });
    } finally {
      if (generation === this.generation) this.asking.delete(name);
    }
  }

  private rowsOf(at: Moment): Map<string, Row> {
    const name = momentKey(at);
    const rows = this.rows.get(name) ?? new Map<string, Row>();
    this.rows.set(name, rows);
    return rows;
  }

  private epochOf(at: Moment): number {
    return at === 'yours' ? this.epoch : 0;
  }

  private bump(): void {
    this.store.setState({ version: this.store.getState().version + 1 });
  }
}

export function momentKey(at: Moment): string {
  return typeof at === 'object' ? `checkpoint ${at.checkpoint}` : at;
}
