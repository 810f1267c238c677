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
  let told = 0;
  return () => {
    const all = notes();
    for (const note of all.slice(told)) progress.note(`Note: ${note}`);
    told = all.length;
  };
}
