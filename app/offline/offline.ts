/** The page's side of the service worker: whether the page is kept for a day without a network, and newer builds. */
import { createStore } from 'zustand/vanilla';

export interface OfflineState {
  /** 'kept' once every file of this build lies in the browser. */
  readonly state: 'unknown' | 'unsupported' | 'keeping' | 'kept' | 'failed';
  /** A newer build lies ready. */
  readonly newer: boolean;
}

/** What this needs of a ServiceWorkerContainer, so that tests can stand in for it. */
export type Workers = Pick<ServiceWorkerContainer, 'register' | 'addEventListener'> & {
  readonly controller: unknown;
};

/** Hours a page may lie open before it asks whether there is a newer build. */
const ASK_AGAIN = 4;

export class Offline {
  readonly store = createStore<OfflineState>()(() => ({ state: 'unknown', newer: false }));
  private waiting: ServiceWorker | null = null;
  private reloading = false;

  constructor(
    private readonly workers: Workers | null,
    private readonly reload: () => void,
  ) {}

  /** Keeps the page's files from now on. Never throws: without it the page needs a network, and says so. */
  async start(now: () => number = Date.now): Promise<void> {
    const { workers, store } = this;
    if (!workers) {
      store.setState({ state: 'unsupported' });
      return;
    }
    store.setState({ state: 'keeping' });
    workers.addEventListener('controllerchange', () => {
      if (this.reloading) this.reload();
    });
    try {
      const registration = await workers.register('sw.js');
      let asked = now();
      globalThis.document?.addEventListener('visibilitychange', () => {
        if (document.hidden || now() - asked < ASK_AGAIN * 3_600_000) return;
        asked = now();
        void registration.update().catch(() => {});
      });
      this.#follow(registration.installing, registration);
      registration.addEventListener('updatefound', () => this.#follow(registration.installing, registration));
      if (registration.active) store.setState({ state: 'kept' });
      if (registration.waiting) this.#offer(registration.waiting);
    } catch {
      store.setState({ state: 'failed' });
    }
  }

  /** Reloads the page with the newer build. */
  useNewer(): void {
    this.reloading = true;
    this.waiting?.postMessage('use this build');
  }

  #follow(worker: ServiceWorker | null, registration: ServiceWorkerRegistration): void {
    worker?.addEventListener('statechange', () => {
      const { store } = this;
      if (worker.state === 'activated') store.setState({ state: 'kept' });
      if (worker.state === 'redundant' && !registration.active) store.setState({ state: 'failed' });
      // The first build is no newer one.
      if (worker.state === 'installed' && registration.active) this.#offer(worker);
    });
  }

  #offer(worker: ServiceWorker): void {
    this.waiting = worker;
    this.store.setState({ newer: true });
  }
}
