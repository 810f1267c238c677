/** Whether the page is kept for use without a network, for React. */
import { createContext, useContext } from 'react';
import type { Offline } from './offline.ts';

const OfflineContext = createContext<Offline | null>(null);

export const OfflineProvider = OfflineContext.Provider;

export function useOffline(): Offline {
  const offline = useContext(OfflineContext);
  if (!offline) throw new Error('useOffline needs an OfflineProvider above it.');
  return offline;
}
