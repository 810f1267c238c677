/**
 * What the first ranking does without. Its code is loaded once that is drawn: loaded before, it would take the thread
 * that draws it.
 */
import type { ComponentType, ReactElement } from 'react';
import { retryable } from './retryable.ts';

let open: () => void = () => {};
/** Settles with `startLater`. */
export const opened = new Promise<void>((resolve) => (open = resolve));

/** From here on what was put off is loaded as soon as it is drawn. */
export const startLater = (): void => open();

/** As retryable, but loaded no sooner than `startLater`. */
export function later<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
): (props: P) => ReactElement {
  return retryable(() => opened.then(load));
}
