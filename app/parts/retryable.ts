/** Components that are loaded when first drawn, and loaded again by the next attempt to draw them where that failed. */
import { createElement, lazy } from 'react';
import type { ComponentType, ReactElement } from 'react';

/** As React's lazy, but for a load that failed: React keeps it for good, and a boundary's "Try again" would be of no use. */
export function retryable<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
): (props: P) => ReactElement {
  const fresh = () =>
    lazy(() =>
      load().catch((error: unknown) => {
        repairStyles();
        current = fresh();
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
