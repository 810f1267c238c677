/** Where measured kernel choices survive a reload: IndexedDB where there is one, this thread's memory elsewhere. */
import { createStore, get, set } from 'idb-keyval';
import type { TuningStore } from './webgpu/tuner.ts';

const memory = new Map<string, string>();

const inMemory: TuningStore = {
  get: async (key) => memory.get(key),
  set: async (key, value) => {
    memory.set(key, value);
  },
};

/** A store that forgets at most: where the browser refuses storage (private windows), choices are measured again. */
export function tuningStore(): TuningStore {
  if (typeof indexedDB === 'undefined') return inMemory;
  const store = createStore('heavy-ranker-tuning', 'choices');
  return {
    get: (key) => get<string>(key, store).catch(() => inMemory.get(key)),
    set: (key, value) => set(key, value, store).catch(() => inMemory.set(key, value)),
  };
}
