/** What of the page and its runs this browser keeps, and for how long. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useOffers } from '../actions/use-offers.ts';
import { Button } from '../parts/Button.tsx';
import { useOffline } from './context.ts';
import { offlineTexts } from '../texts/offline.ts';

export function KeptHere() {
  const state = useStore(useOffline().store, (offline) => offline.state);
  return (
    <>
      <h3>{offlineTexts.title}</h3>
      <p role="status" aria-label={offlineTexts.withoutNetwork}>
        {offlineTexts.states[state]}
      </p>
      <Lasting />
    </>
  );
}

/** Browsers may clear what a page keeps when the disk is full, unless they are asked not to. */
function Lasting() {
  const [lasting, setLasting] = useState<boolean | null>(null);
  const [refused, setRefused] = useState(false);
  const storage = globalThis.navigator?.storage;
  useEffect(() => {
    void storage?.persisted().then(setLasting);
  }, [storage]);
  const keep = async (): Promise<void> => {
    const granted = (await storage?.persist()) ?? false;
    setLasting(granted);
    setRefused(!granted);
  };
  const why = lasting === true ? offlineTexts.lasting : null;
  useOffers([{ id: 'page.keep', group: 'page', title: offlineTexts.keep, why, run: keep }]);
  if (lasting === null || !storage) return null;
  if (lasting) return <p>{offlineTexts.lasting}</p>;
  return (
    <>
      <p>{offlineTexts.passing}</p>
      <p>
        <Button onClick={() => void keep()}>{offlineTexts.keep}</Button>{' '}
        <span role="status">{refused && offlineTexts.refused}</span>
      </p>
    </>
  );
}
