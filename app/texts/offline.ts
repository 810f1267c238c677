/** What is said of the page kept in this browser, on About. */
import { texts } from './language.ts';

export const offlineTexts = texts('offline', {
  aboutTitle: 'About the playground and the reference',
  version: (version: string) => `version ${version}`,
  title: 'What this browser keeps',
  withoutNetwork: 'Without a network',
  states: {
    unknown: 'The page is being loaded.',
    unsupported: 'This browser keeps no pages, as private windows do: the page needs a network to open.',
    keeping: 'The page is being kept for use without a network.',
    kept: 'The page works without a network from now on: every file of it is kept, checked by its checksum.',
    failed:
      'The page could not be kept for use without a network: a file did not arrive, or not as it was built. A reload tries again.',
  },
  lasting: 'Kept runs stay until you delete them: the browser will not clear them by itself.',
  passing: 'Kept runs may be cleared by the browser when the disk is nearly full.',
  keep: 'Keep them until I delete them',
  refused: 'The browser says no for now. Bookmarking or installing the page usually changes its mind.',
});
