/** When a hint opens and closes: by pointer after a moment, by finger when held or tapped, by keys at once. */

/** The pointer may cross from the word to its hint, and a finger is lifted before a hint is read. */
const GRACE_MS = 120;
const TOUCH_MS = 2500;
const HELD_MS = 500;

export interface HintTimes {
  /** Milliseconds that a pointer rests before its hint opens. */
  readonly delay: number;
  readonly onChange: (open: boolean) => void;
}

export class HintTimer {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #open = false;

  constructor(private readonly times: HintTimes) {}

  enter(pointerType: string): void {
    this.#later(true, pointerType === 'touch' ? HELD_MS : this.times.delay);
  }

  /** @param isRead whether somebody reads by keyboard by then, from whom no pointer takes it. */
  leave(pointerType: string, isRead: () => boolean): void {
    this.#later(false, pointerType === 'touch' && this.#open ? TOUCH_MS : GRACE_MS, isRead);
  }

  /** A finger has left by the time that its tap is a click: what that began to close stays open. */
  show(): void {
    this.#set(true);
  }

  hide(): void {
    this.#set(false);
  }

  /** It stays as it is, whatever was to come. */
  stay(): void {
    clearTimeout(this.#timer);
  }

  #later(next: boolean, ms: number, unless: () => boolean = () => false): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!unless()) this.#set(next);
    }, ms);
  }

  #set(open: boolean): void {
    clearTimeout(this.#timer);
    if (open === this.#open) return;
    this.#open = open;
    this.times.onChange(open);
  }
}
