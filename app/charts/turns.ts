/** Heavy redraws one after another instead of all in one frame: each gets a turn of its own with a pause between. */
import { CADENCE } from '../cadence.ts';

export class Turns {
  private readonly waiting: (() => void)[] = [];
  private busy = false;

  /** @param later runs its argument after a while; a timer in the page, by hand in tests. */
  constructor(
    private readonly later: (work: () => void) => void = (work) => {
      setTimeout(work, CADENCE.chartPause);
    },
  ) {}

  /** Runs `work` now if nobody had a turn just before, else when its turn comes. Asking again while waiting adds nothing. */
  ask(work: () => void): void {
    if (this.waiting.includes(work)) return;
    this.waiting.push(work);
    if (!this.busy) this.next();
  }

  /** Withdraws what has not had its turn. */
  drop(work: () => void): void {
    const at = this.waiting.indexOf(work);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  private next(): void {
    const work = this.waiting.shift();
    this.busy = work !== undefined;
    if (!work) return;
    this.later(() => this.next());
    work();
  }
}

/** The page's one queue of chart redraws. */
export const chartTurns = new Turns();
