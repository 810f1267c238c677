/** For a part of the page: what it can do stands in the palette as long as it is shown. */
import { useEffect, useRef } from 'react';
import { useSession } from '../session/context.tsx';
import type { Offer } from '../stores/offers.ts';

export function useOffers(list: readonly Offer[]): void {
  const { offers } = useSession();
  const now = useRef(list);
  useEffect(() => {
    now.current = list;
  });
  useEffect(() => offers.add(() => now.current), [offers]);
}
