/** What a session is given, by the page and by tests. */
import type { Playground } from '../../src/workers/clients.ts';
import type { KeptRuns } from './kept-runs.ts';
import type { StoreParts } from './page-stores.ts';

export interface SessionParts extends StoreParts {
  readonly createPlayground: () => Playground;
  /** Runs that this browser keeps. */
  readonly runs: KeptRuns;
  /** Version of the page, for manifests. */
  readonly app: string;
}
