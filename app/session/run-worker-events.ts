/** What the training worker tells of the current run, into the stores, a few times a second at most. */
import type { EvaluationEvent, StepEvent } from '../../src/training/events.ts';
import type { TrainingProtocol } from '../../src/workers/protocol.ts';
import type { RpcClient } from '../../src/workers/rpc.ts';
import { CADENCE } from '../cadence.ts';
import type { RankingStore } from '../stores/ranking.ts';
import type { RunStore } from '../stores/run.ts';
import { oncePerFrame } from './frames.ts';
import { sessionTexts } from '../texts/session.ts';

type Events = TrainingProtocol['events'];
type Watched = Events['watched']['event'];

export class RunEvents {
  private readonly steps: StepEvent[] = [];
  private readonly evaluations: EvaluationEvent[] = [];
  private watched: Watched | null = null;
  private readonly flushSteps = oncePerFrame(() => this.takeSteps(), CADENCE.numbers);
  private readonly flushEvaluations = oncePerFrame(() => this.takeEvaluations(), CADENCE.numbers);
  private readonly flushWatch = oncePerFrame(() => this.takeWatched(), CADENCE.ranking);

  constructor(
    private readonly run: RunStore,
    private readonly ranking: RankingStore,
  ) {}

  /** Forgets what is not in the stores yet: another run begins. */
  clear(): void {
    this.steps.length = 0;
    this.evaluations.length = 0;
    this.watched = null;
  }

  listen(training: RpcClient<TrainingProtocol>): void {
    const run = this.run.getState();
    /** The one place where events of another run than the current one are dropped. */
    const on = <N extends keyof Events>(name: N, take: (event: Events[N]['event']) => void): void => {
      training.on(name, ({ run: id, event }) => {
        if (id === this.run.getState().manifest?.id) take(event as Events[N]['event']);
      });
    };
    on('phase', ({ phase, step, message }) => {
      this.takeSteps();
      this.takeEvaluations();
      run.setPhase(phase, step, message);
      if (phase === 'failed' && this.run.getState().failure === null) {
        run.set({ failure: { kind: 'run', message: message ?? sessionTexts.runFailed } });
      }
    });
    on('steps', (events) => {
      this.steps.push(...events);
      this.flushSteps();
    });
    on('watched', (event) => {
      // The untrained order is what all later ones are compared with: never skipped.
      if (event.step === 0) this.showWatched(event);
      else {
        this.watched = event;
        this.flushWatch();
      }
    });
    on('evaluation', (event) => {
      this.evaluations.push(event);
      this.flushEvaluations();
    });
    on('checkpoint', (event) => run.addCheckpoint(event));
    on('diverged', (divergence) => run.set({ divergence }));
    on('activity', (activity) => run.setActivity(activity, performance.now()));
    on('tuning', ({ done, total }) => run.set({ tuning: done < total ? { done, total } : null }));
    on('recovered', (recovered) => run.set({ recovered }));
    on('unkept', ({ message }) => run.set({ unkept: message, unkeptSeen: false }));
  }

  private takeSteps(): void {
    if (this.steps.length > 0) this.run.getState().addSteps(this.steps.splice(0));
  }

  private takeEvaluations(): void {
    if (this.evaluations.length > 0) this.run.getState().addEvaluations(this.evaluations.splice(0));
  }

  private takeWatched(): void {
    if (this.watched) this.showWatched(this.watched);
    this.watched = null;
  }

  private showWatched({ step, predictions }: Watched): void {
    const { manifest, config } = this.run.getState();
    if (!manifest || !config) return;
    this.ranking.getState().addSnapshot({
      step,
      tasks: Object.keys(config.model.tasks),
      probabilities: predictions.calibrated,
      untrained: step === 0 && manifest.recipe.warmStart === null,
    });
  }
}
