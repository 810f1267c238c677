/** What of the page and its runs this browser keeps, and for how long. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../parts/Button.tsx';
import { useOffline } from './context.ts';
import type { OfflineState } from './offline.ts';

const words: Readonly<Record<OfflineState['state'], string>> = {
  unknown: 'The page is being loaded.',
  unsupported: 'This browser keeps no pages, as private windows do: the page needs a network to open.',
  keeping: 'The page is being kept for use without a network.',
  kept: 'The page works without a network from now on: every file of it is kept, checked by its checksum.',
  failed:
    'The page could not be kept for use without a network: a file did not arrive, or not as it was built. A reload tries again.',
};

export function KeptHere() {
  const state = useStore(useOffline().store, (offline) => offline.state);
  return (
    <>
      <h3>What this browser keeps</h3>
      <p role="status" aria-label="Without a network">
        {words[state]}
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
  if (lasting === null || !storage) return null;
  if (lasting) return <p>Kept runs stay until you delete them: the browser will not clear them by itself.</p>;
  return (
    <>
      <p>Kept runs may be cleared by the browser when the disk is nearly full.</p>
      <p>
        <Button
          onClick={() =>
            void storage.persist().then((granted) => {
              setLasting(granted);
              setRefused(!granted);
            })
          }
        >
          Keep them until I delete them
        </Button>{' '}
        <span role="status">
          {refused &&
            'The browser says no for now. Bookmarking or installing the page usually changes its mind.'}
        </span>
      </p>
    </>
  );
}
