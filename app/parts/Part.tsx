/** A mistake in one part of the page leaves the others standing. */
import type { ReactNode } from 'react';
import { useSession } from '../session/context.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';

export function Part({ name, children }: { name: string; children: ReactNode }) {
  const session = useSession();
  return (
    <ErrorBoundary part={name} configText={() => session.config.getState().text}>
      {children}
    </ErrorBoundary>
  );
}
