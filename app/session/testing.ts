/** For tests: a session over the page's own presets, whose workers nobody calls. */
import { MemoryHome } from '../../src/runs/homes/memory-home.ts';
import { runsHandlers } from '../../src/workers/runs-host.ts';
import { Transfer } from '../../src/workers/rpc.ts';
import { newManifest } from '../../src/runs/new-manifest.ts';
import { RunFolder } from '../../src/runs/run-folder.ts';
import { presets, sampleTweets, schemas, teachers } from './built-in.ts';
import type { KeptRuns } from './kept-runs.ts';
import { Session } from './session.ts';
import type { SessionParts } from './session-parts.ts';

/** The runs worker in this thread. */
export function keptRunsIn(home: MemoryHome): KeptRuns {
  const handlers = runsHandlers(() => Promise.resolve(home));
  return {
    async call(name, params) {
      const answer: unknown = await handlers[name](params, new AbortController().signal);
      return (answer instanceof Transfer ? answer.value : answer) as never;
    },
  };
}

/** A session in whose home runs of these names are kept. */
export async function memoryRun(
  names: readonly string[],
  parts: Partial<SessionParts> = {},
): Promise<Session> {
  const home = new MemoryHome();
  const session = storesOnly({ runs: keptRunsIn(home), ...parts });
  const { recipe } = session.draft.getState();
  if (!recipe) throw new Error('the first preset is no recipe');
  for (const name of names) {
    const manifest = newManifest({ recipe, name, app: 'test' });
    const folder = await RunFolder.create(home, manifest.id, manifest);
    folder.close();
  }
  return session;
}

export function storesOnly(parts: Partial<SessionParts> = {}): Session {
  return new Session({
    createPlayground: () => {
      throw new Error('This test has no workers.');
    },
    presets,
    schemas,
    teachers,
    tweets: sampleTweets,
    storage: null,
    runs: keptRunsIn(new MemoryHome()),
    app: 'test',
    ...parts,
  });
}

/** A clock whose every reading lies far from the last: nothing is joined. */
export function apart(): () => number {
  let now = 0;
  return () => (now += 10_000);
}
