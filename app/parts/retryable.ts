/** Components that are loaded when first drawn, and loaded again by the next attempt to draw them where that failed. */
import { createElement, lazy } from 'react';
import type { ComponentType, ReactElement } from 'react';

/** What makes each failed load a new one. */
const failed = new Set<() => void>();

/** Before failed pieces are drawn again: they are loaded again then. */
export function forgetFailedLoads(): void {
  repairStyles();
  for (const forget of failed) forget();
  failed.clear();
}

/** As React's lazy, which keeps a failed load for good, but for `forgetFailedLoads`. */
export function retryable<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
): (props: P) => ReactElement {
  const fresh = () =>
    lazy(() =>
      load().catch((error: unknown) => {
        failed.add(() => (current = fresh()));
        throw error;
      }),
    );
  let current = fresh();
  return (props) => createElement(current as ComponentType<P>, props);
}

/** A stylesheet that could not be loaded is asked for again: the bundler asks for each once only. */
function repairStyles(): void {
  for (const link of globalThis.document?.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]') ?? []) {
    if (!link.sheet) link.replaceWith(link.cloneNode());
  }
}
