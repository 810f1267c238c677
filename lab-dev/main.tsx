import { Tooltip } from 'radix-ui';
import { Suspense, lazy } from 'react';
import { createRoot } from 'react-dom/client';
import { createPlayground } from '../src/workers/clients.ts';
import '../app/tokens.css';
import '../app/base.css';
import { presets, sampleTweets, schemas, teachers } from '../app/session/built-in.ts';
import { SessionProvider } from '../app/session/context.tsx';
import { Session } from '../app/session/session.ts';
import { historyOf } from '../app/stores/lab-history.ts';
import { browserStorage } from '../app/stores/persistence.ts';
import { RunBar } from '../app/panels/training/RunBar.tsx';
let spec: any = null; let pg: any = null;
const session: any = new Session({
  createPlayground: () => { pg = createPlayground(); const start = pg.startRun; pg.startRun = async (s: any) => { const i = await start(s); spec = s; return i; }; return pg; },
  presets, schemas, teachers, tweets: sampleTweets, storage: browserStorage(),
} as any);
session.runSpec = () => spec;
session.predict = (batch: any, at: any) => pg.training.call('predict', { batch, at });
historyOf(session.ranking);
(window as any).session = session;
const Lab = lazy(() => import('../app/panels/lab/Lab.tsx'));
const theme = new URLSearchParams(location.search).get('theme'); if (theme) document.documentElement.dataset['theme'] = theme;
createRoot(document.getElementById('root')!).render(
  <SessionProvider value={session}><Tooltip.Provider>
    <div className="x" style={{ padding: 8, display: 'grid', gap: 8, gridTemplateRows: 'auto minmax(0,1fr)', height: innerWidth > 1023 ? '100vh' : 'auto' }}>
      <RunBar /><Suspense fallback={null}><Lab onClose={() => {}} /></Suspense>
    </div></Tooltip.Provider></SessionProvider>);
session.start();
