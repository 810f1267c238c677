/**
 * What the model says of the tweets shown: at any moment, of changed tweets and a person's own too, and what the tools of
 * the ranking ask beyond it. The worker that answers starts with the first question that the run's snapshots leave open.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Tweet } from '../../src/ranking/tweets.ts';
import type { LabProtocol } from '../../src/workers/lab-protocol.ts';
import type { WeightsAt } from '../../src/workers/protocol.ts';
import { TweetPredictions } from '../stores/predictions.ts';
import type { Moment } from '../stores/predictions.ts';
import type { RankingStore, ShownMoment, Snapshot } from '../stores/ranking.ts';
import type { LabClient, LabModel } from './lab-client.ts';

type Requests = LabProtocol['requests'];

export class RankingModel {
  readonly predictions = new TweetPredictions((tweets, at) => this.probabilities(tweets, at));
  /** Why the worker has stopped by itself; null while it has not, or another one is at work. */
  readonly stopped: StoreApi<{ readonly reason: string | null }> = createStore(() => ({ reason: null }));
  private run: Promise<LabClient> | null = null;
  private pretrained: Promise<LabClient> | null = null;

  constructor(
    private readonly model: LabModel,
    ranking: RankingStore,
  ) {
    ranking.subscribe((state, before) => {
      if (state.now !== before.now) {
        if (state.now === null) this.predictions.clear();
        else this.take(state.tweets, state.now, state.untrained);
      }
      if (state.pretrained !== before.pretrained && state.pretrained?.kind === 'ready') {
        this.put('pretrained', state.tweets, state.pretrained.snapshot);
      }
    });
  }

  /** Whether the run's data is the teacher's own, so that its order is the true one. */
  taught(): boolean {
    return this.model.recipe()?.data.kind === 'teacher';
  }

  /** Asks the worker, in the world of the model that is looked at. @throws when there is no run, or its checkpoint is gone. */
  async ask<N extends keyof Requests>(
    name: N,
    at: ShownMoment,
    params: (at: WeightsAt) => Requests[N]['params'],
  ): Promise<Requests[N]['result']> {
    const client = await (at === 'pretrained' ? this.ofPretrained() : this.ofRun());
    return client.call(name, params(weightsAt(at)));
  }

  /** After the worker has stopped: the next question starts another. */
  revive(): void {
    for (const client of [this.run, this.pretrained]) void client?.then((made) => made.revive());
    this.stopped.setState({ reason: null });
  }

  dispose(): void {
    for (const client of [this.run, this.pretrained]) void client?.then((made) => made.dispose());
    this.run = null;
    this.pretrained = null;
  }

  private async probabilities(tweets: readonly Tweet[], at: Moment): Promise<Float32Array> {
    if (at === 'teacher') return this.ask('teacher', 'yours', () => ({ tweets }));
    return (await this.ask('predict', at, (weights) => ({ tweets, at: weights }))).values;
  }

  private take(tweets: readonly Tweet[], now: Snapshot, untrained: Snapshot | null): void {
    this.predictions.advance();
    this.put('yours', tweets, now);
    if (untrained) this.put('untrained', tweets, untrained);
  }

  private put(at: ShownMoment, tweets: readonly Tweet[], { tasks, probabilities }: Snapshot): void {
    const keys = tweets.map(({ id }) => id);
    // A run on a table predicts its rows.
    if (probabilities.length !== tweets.length * tasks.length) return;
    this.predictions.put(at, tweets, keys, tasks.length, probabilities);
  }

  private watched(client: LabClient): LabClient {
    client.stopped.subscribe(({ reason }) => this.stopped.setState({ reason }));
    return client;
  }

  private ofRun(): Promise<LabClient> {
    this.run ??= import('./lab-client.ts').then(({ LabClient: Client }) =>
      this.watched(new Client(this.model)),
    );
    return this.run;
  }

  private ofPretrained(): Promise<LabClient> {
    this.pretrained ??= Promise.all([import('./lab-client.ts'), import('./pretrained-model.ts')]).then(
      ([{ LabClient: Client }, { pretrainedModel }]) => this.watched(new Client(pretrainedModel)),
    );
    return this.pretrained;
  }
}

/** Of the pretrained there is one moment only. */
function weightsAt(at: ShownMoment): WeightsAt {
  return at === 'untrained' ? 'initial' : typeof at === 'object' ? at : 'now';
}
