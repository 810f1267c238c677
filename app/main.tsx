/** Entry of the page: makes the session, draws the page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { createPlayground } from '../src/workers/clients.ts';
import { App } from './App.tsx';
import { STYLE_NONCE } from './csp.ts';
import './tokens.css';
import './base.css';
import { OfflineProvider } from './offline/context.ts';
import { Offline } from './offline/offline.ts';
import { ErrorBoundary } from './parts/ErrorBoundary.tsx';
import { startLater } from './parts/later.ts';
import { presets, sampleTweets, schemas, teachers } from './session/built-in.ts';
import { RunsClient } from './session/kept-runs.ts';
import { SessionProvider } from './session/context.tsx';
import { showPretrained } from './session/pretrained.ts';
import { Session } from './session/session.ts';
import { browserStorage, hasKept, restore } from './stores/persistence.ts';
import type { KeyValue } from './stores/persistence.ts';
import { setLocale } from './format.ts';
import { loadReaders } from './stores/reading.ts';
import { language, speak } from './texts/language.ts';
import { otherLanguage } from './texts/languages.ts';

/** Milliseconds after loading until the page's other files are kept for use without a network. */
const KEEP_AFTER = 3000;
/** Milliseconds that the first ranking has the machine for itself, at most. */
const HEAD_START = 1500;
/** Milliseconds that workers and engine then have for a run, at most: a graphics card's compiling may take longer. */
const RUN_HEAD_START = 1000;
/** Milliseconds within which it is drawn once it is known; a page that nobody sees draws nothing. */
const DRAWN = 200;
/** Parts of what is kept that can hold texts of the person's own. */
const WRITTEN_PARTS = ['config', 'data', 'lab-scoring', 'lab-tweets'];

// Where the dialogs' scroll lock looks for the nonce of its style element.
Object.assign(globalThis, { __webpack_nonce__: STYLE_NONCE });

function followTheme({ settings }: Session): void {
  const apply = (): void => {
    const { theme } = settings.getState();
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  };
  apply();
  settings.subscribe(apply);
}

/** Loads what a person's own texts and language need, and makes the session of them. */
async function prepare(storage: KeyValue | null): Promise<Session> {
  setLocale(navigator.languages);
  const other = await otherLanguage(navigator.languages)?.();
  if (other) speak(other.default);
  // What was written on an earlier visit is no text of the page's own. A first visit does not wait for its readers.
  if (hasKept(storage, WRITTEN_PARTS)) await loadReaders();
  return new Session({
    createPlayground: () => createPlayground(),
    presets,
    schemas,
    teachers,
    tweets: sampleTweets,
    storage,
    runs: new RunsClient(),
    app: __APP_VERSION__,
  });
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** When what was put into the stores has been drawn. */
function drawn(): Promise<void> {
  // In the task behind the frame.
  const frame = new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return Promise.race([frame, wait(DRAWN)]);
}

function begin(session: Session, root: Root): void {
  followTheme(session);
  // Before the other workers: its answer is what a person waits for.
  const firstRanking = showPretrained(session.ranking);
  // The built page only: the development server has no service worker, and needs none.
  const offline = new Offline(import.meta.env.PROD ? (navigator.serviceWorker ?? null) : null, () =>
    location.reload(),
  );
  root.render(
    <StrictMode>
      <ErrorBoundary configText={() => session.config.getState().text}>
        <SessionProvider value={session}>
          <OfflineProvider value={offline}>
            <App />
          </OfflineProvider>
        </SessionProvider>
      </ErrorBoundary>
    </StrictMode>,
  );
  // Data and engine make and compile on the cores that the first ranking needs, and code that it does without is read on
  // the thread that draws it: they wait for it, but not for long. That code waits for a run that can be trained, too.
  void Promise.race([firstRanking.then(drawn), wait(HEAD_START)])
    .then(() => {
      session.start();
      // Whether it is a run or a failure: the page says which.
      return Promise.race([session.started.catch(() => {}), wait(RUN_HEAD_START)]);
    })
    .then(() => {
      startLater();
      // A failure here is none yet: who needs them asks again.
      loadReaders().catch(() => {});
    });
  // After what a person waits for: it downloads what the page may need later.
  const keep = (): void => void setTimeout(() => void offline.start(), KEEP_AFTER);
  if (document.readyState === 'complete') keep();
  else addEventListener('load', keep);
}

function Failed({ error }: { readonly error: unknown }): never {
  throw error;
}

/** Nothing waits at the top level of this file: what is loaded late imports parts of it, and would wait for it in turn. */
async function main(element: HTMLElement): Promise<void> {
  const root = createRoot(element);
  const storage = browserStorage();
  let session: Session;
  try {
    session = await prepare(storage);
  } catch (error) {
    const kept = restore(storage, 'config')['text'];
    root.render(
      <ErrorBoundary configText={() => (typeof kept === 'string' ? kept : '')}>
        <Failed error={error} />
      </ErrorBoundary>,
    );
    return;
  } finally {
    document.documentElement.lang = language().tag;
  }
  begin(session, root);
}

const element = document.getElementById('root');
if (element) void main(element);
