/**
 * The service worker: keeps every file of one build, checked against the checksum that the build wrote, and answers
 * from there, so that the page opens and runs without a network. The build puts its list of files in; no imports, so
 * that it is one plain script.
 */

/** Of this build: addresses below the page's folder, './' the page itself, with the SHA-256 of each as fetch checks it. */
declare const OFFLINE_FILES: Readonly<Record<string, string>>;
declare const OFFLINE_BUILD: string;

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchAsked extends Extendable {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

/** What a service worker's global object has, as far as it is used here. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchAsked) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

const scope = self as unknown as Scope;
const base = scope.registration.scope;
/** Caches belong to the whole host: another copy of the page in another folder has its own. */
const prefix = `playground ${base} `;
const cacheName = prefix + OFFLINE_BUILD;
/** Downloads at a time. */
const LANES = 4;

/** All files or none: a cache that lacks one is never used, because the installation fails with it. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(cacheName);
  const queue = Object.entries(OFFLINE_FILES);
  const lane = async (): Promise<void> => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const [path, integrity] = next;
      const url = new URL(path, base).href;
      // What lies in assets/ has its content's hash in its name: the build before may have had the same.
      const kept = path.startsWith('assets/') ? await caches.match(url) : undefined;
      const response =
        kept ?? (await fetch(url, { integrity, cache: 'no-cache', credentials: 'same-origin' }));
      if (!response.ok) throw new Error(`${path}: the host answers ${response.status}.`);
      await cache.put(url, response);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** This build and the one before stay: a tab that was open before still asks for pieces of the latter. */
async function dropOld(): Promise<void> {
  const own = (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== cacheName);
  await Promise.all(own.slice(0, -1).map((key) => caches.delete(key)));
}

async function answer(request: Request): Promise<Response> {
  const key = request.mode === 'navigate' ? base : request;
  const cache = await caches.open(cacheName);
  const kept =
    (await cache.match(key, { ignoreSearch: true, ignoreVary: true })) ?? (await caches.match(key));
  return kept ?? fetch(request);
}

scope.addEventListener('install', (event) => event.waitUntil(keepAll()));
scope.addEventListener('activate', (event) => event.waitUntil(dropOld().then(() => scope.clients.claim())));
scope.addEventListener('message', ({ data }) => {
  if (data === 'use this build') void scope.skipWaiting();
});
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  const { pathname: folder, origin: own } = new URL(base);
  if (request.method !== 'GET' || origin !== own || !pathname.startsWith(folder)) return;
  // Other pages of the host below the same folder are none of ours.
  const path = pathname.slice(folder.length);
  if (request.mode === 'navigate' ? path === '' || path === 'index.html' : path in OFFLINE_FILES) {
    event.respondWith(answer(request));
  }
});
