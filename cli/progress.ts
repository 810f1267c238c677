/** Progress on standard error: one line that is rewritten on a terminal, a line now and then elsewhere. */

const TERMINAL_MS = 100;
const ELSEWHERE_MS = 5000;

export class Progress {
  #last = performance.now();
  #open = false;

  /** Shows a line if the last one is old enough. @param text called only when it is shown. */
  update(text: () => string): void {
    const terminal = process.stderr.isTTY;
    const now = performance.now();
    if (now - this.#last < (terminal ? TERMINAL_MS : ELSEWHERE_MS)) return;
    this.#last = now;
    if (terminal) {
      process.stderr.write(`\r\x1b[2K${text()}`);
      this.#open = true;
    } else process.stderr.write(`${text()}\n`);
  }

  /** Shows a line that stays. */
  note(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }

  /** Removes the line that is being rewritten. */
  clear(): void {
    if (this.#open) process.stderr.write('\r\x1b[2K');
    this.#open = false;
  }
}

/** A function that shows those of a growing list of notes that it has not shown yet. */
export function noteTeller(progress: Progress, notes: () => readonly string[]): () => void {
  const told = new Set<string>();
  return () => {
    for (const note of notes()) {
      if (!told.has(note)) progress.note(`Note: ${note}`);
      told.add(note);
    }
  };
}

/** Steps that the rate is taken over: old ones say nothing of now. */
const WINDOW_MS = 20_000;

/** How fast steps go by lately. */
export class Pace {
  readonly #marks: { readonly step: number; readonly at: number }[] = [];

  /** @param at milliseconds of training, without pauses. */
  add(step: number, at: number): void {
    this.#marks.push({ step, at });
    while (this.#marks.length > 2 && at - (this.#marks[1]?.at ?? at) > WINDOW_MS) this.#marks.shift();
  }

  /** Null before the second step. */
  get stepsPerSecond(): number | null {
    const [first] = this.#marks;
    const last = this.#marks.at(-1);
    if (!first || !last || last.at <= first.at) return null;
    return (1000 * (last.step - first.step)) / (last.at - first.at);
  }

  /** As a person reads it: "12.3 steps/s, 4 min 10 s left". */
  text(total: number): string {
    const rate = this.stepsPerSecond;
    const last = this.#marks.at(-1);
    if (rate === null || rate === 0 || !last) return '';
    return `${rate.toPrecision(3)} steps/s, ${duration((total - last.step) / rate)} left`;
  }
}

/** Two units are enough: "3 h 5 min", "4 min 10 s", "12 s". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h > 0) return `${h} h ${min} min`;
  return min > 0 ? `${min} min ${s} s` : `${s} s`;
}

/** "1 step", "12 steps". */
export function counted(n: number, one: string): string {
  return `${n} ${n === 1 ? one : `${one}s`}`;
}
