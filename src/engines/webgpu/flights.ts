/**
 * What an engine has on the way: how many results at a time, and how much in one submit, by estimate before a plan was ever
 * run and by its measured time afterwards.
 */
import type { PlanExecutor } from './executor.ts';
import { MAX_IN_FLIGHT } from './executor.ts';
import { planCost } from './plan/plan.ts';
import type { GpuTarget } from './variants.ts';

/**
 * Steps whose results may be on the way when the next is submitted: enough that a short step never waits for its loss to
 * be read, few enough that a long one is not queued in front of a prediction.
 */
const inFlight = (stepMs: number) => (stepMs < 12 ? MAX_IN_FLIGHT : stepMs < 40 ? 4 : 2);

/** Milliseconds that one submit may take: browsers drop a device that does not answer for seconds. */
const SUBMIT_BUDGET = 200;

/** What adapters do at the least, for the first step's splitting: on the CPU; on a phone, an old processor's graphics or what has no name; else. */
const SOFTWARE_FLOPS_PER_MS = 1.5e6;
const SLOW_FLOPS_PER_MS = 3e7;
const LEAST_FLOPS_PER_MS = 3e8;

/** Share of a plan's rows from which a run tells its time: of fewer most is the way to the device and back. */
const TELLING_SHARE = 0.5;

/** Of an executor, what flies. */
type Flown = Pick<PlanExecutor, 'plan' | 'run'>;

export class Flights {
  readonly #target: GpuTarget;
  readonly #budget: number;
  readonly #flying: Promise<unknown>[] = [];
  /** Milliseconds of a step by plan, measured; estimated before the first. */
  readonly #stepTime = new Map<Flown, number>();
  /** When the last result arrived: steps overlap, so a step's time starts there. */
  #lastDone = 0;

  /** @param budget milliseconds that one submit may take. */
  constructor(target: GpuTarget, budget = SUBMIT_BUDGET) {
    this.#target = target;
    this.#budget = budget;
  }

  /** Results that may be on the way: by the time of the last step, once it is known. */
  get depth(): number {
    const times = [...this.#stepTime.values()];
    return this.#target.software || times.length === 0 ? 2 : inFlight(Math.max(...times));
  }

  /** Waits until another may be on the way. */
  async room(): Promise<void> {
    while (this.#flying.length >= this.depth) await this.#flying[0];
  }

  /** Counts a result among those on the way until it is there. */
  track(pending: Promise<unknown>): void {
    const done = pending.then(
      () => undefined,
      () => undefined,
    );
    this.#flying.push(done);
    void done.then(() => this.#flying.splice(this.#flying.indexOf(done), 1));
  }

  /** Waits for all that is on the way. */
  async settle(): Promise<void> {
    await Promise.all(this.#flying);
  }

  /** Submits a plan, in several parts when it takes longer than a submit may. @returns a function that awaits its output. */
  async run(executor: Flown, rows: number): Promise<() => Promise<Float32Array>> {
    const share = rows / executor.plan.rows;
    const known = this.#stepTime.get(executor) ?? this.#estimate(executor);
    const start = performance.now();
    const read = await executor.run(rows, Math.ceil((known * share) / this.#budget), true);
    return async () => {
      const output = await read();
      const now = performance.now();
      if (share >= TELLING_SHARE)
        this.#stepTime.set(executor, (now - Math.max(start, this.#lastDone)) / share);
      this.#lastDone = now;
      return output;
    };
  }

  /** The plan will not be run any more. */
  forget(executor: Flown): void {
    this.#stepTime.delete(executor);
  }

  /** Milliseconds of a plan before it was ever measured. */
  #estimate({ plan }: Flown): number {
    const { software, slow } = this.#target;
    return (
      planCost(plan).flops /
      (software ? SOFTWARE_FLOPS_PER_MS : slow ? SLOW_FLOPS_PER_MS : LEAST_FLOPS_PER_MS)
    );
  }
}
