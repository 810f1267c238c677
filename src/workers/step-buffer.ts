/** Hands over what a fast run tells so often that it would flood the page with messages: steps in one go, progress now and then. */
import type { Activity, StepEvent } from '../training/events.ts';
import { TELL } from './cadence.ts';

export class StepBuffer {
  private events: StepEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private handedOver = Number.NEGATIVE_INFINITY;

  constructor(private readonly emit: (events: readonly StepEvent[]) => void) {}

  /** One that comes after a pause is handed over at once: an engine on this thread computes the next before a timer's turn. */
  add(event: StepEvent): void {
    this.events.push(event);
    if (performance.now() - this.handedOver >= TELL.steps) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), TELL.steps);
  }

  /** Hands over what there is; call before any event whose order relative to steps matters. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.events.length === 0) return;
    this.handedOver = performance.now();
    const { events } = this;
    this.events = [];
    this.emit(events);
  }
}

/** Tells begin and end of each activity, and its progress a few times a second. */
export function activityTeller(
  emit: (activity: Activity | null) => void,
): (activity: Activity | null) => void {
  let told = 0;
  return (activity) => {
    const now = performance.now();
    if (activity && activity.done > 0 && now - told < TELL.activity) return;
    told = now;
    emit(activity);
  };
}
