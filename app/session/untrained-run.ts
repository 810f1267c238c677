/** The untrained model of what is shown, built by itself wherever nothing is lost by it, so that there is a ranking to look at. */
import type { RecapConfig } from '../../src/config/recap-config.ts';
import { CADENCE } from '../cadence.ts';
import type { ModelFacts } from '../../src/runs/model-facts.ts';
import type { RunStore } from '../stores/run.ts';
import type { DraftStore } from './draft.ts';

/** Above this many parameters building is slow: only when asked. */
const MAX_PARAMETERS = 5_000_000;

interface Parts {
  readonly run: RunStore;
  readonly draft: DraftStore;
  facts(config: RecapConfig): ModelFacts | { readonly problem: string };
  prepare(): Promise<boolean>;
}

export class UntrainedRun {
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Trainings that have been asked for and that the worker has not told of yet. */
  private beginning = 0;

  /** @param onDue called before it is built after an edit. */
  constructor(
    private readonly session: Parts,
    private readonly onDue: () => void,
  ) {}

  /** Builds it in a moment; each call begins to wait anew. */
  schedule(): void {
    this.cancel();
    this.timer = setTimeout(() => {
      this.onDue();
      void this.build();
    }, CADENCE.untrained);
  }

  cancel(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Takes no run's place while it is begun. */
  async during<T>(begin: () => Promise<T>): Promise<T> {
    this.beginning++;
    try {
      return await begin();
    } finally {
      this.beginning--;
    }
  }

  /** One that takes long to build is left to Train, and the page says so. */
  async build(): Promise<void> {
    if (this.beginning > 0) return;
    const { run, draft } = this.session;
    const { phase, step, manifest } = run.getState();
    const imported = (manifest?.recipe.warmStart ?? null) !== null;
    const untouched = step === 0 && !imported && phase !== 'running' && phase !== 'preparing';
    const { recipe, config, changes } = draft.getState();
    if (!untouched || !recipe || !config) return;
    const facts = this.session.facts(config);
    const parameters = 'problem' in facts ? 0 : facts.parameters;
    const wanted = phase === 'idle' || changes.length > 0;
    const large = wanted && parameters > MAX_PARAMETERS;
    run.getState().set({ unbuilt: large ? parameters : null });
    if (wanted && !large) await this.session.prepare();
  }
}
