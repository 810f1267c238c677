/** Which run is open, so that a reload brings it back. */
import type { KeyValue } from '../stores/persistence.ts';
import { persist, restore } from '../stores/persistence.ts';
import type { RunStore } from '../stores/run.ts';

const PART = 'current-run';

export class CurrentRun {
  private readonly storage: KeyValue | null;

  constructor(storage: KeyValue | null) {
    this.storage = storage;
  }

  /** Id of the run that was open last; null when there is none to bring back. */
  last(): string | null {
    const id = restore(this.storage, PART)['id'];
    return typeof id === 'string' ? id : null;
  }

  /** Remembers the run as soon as it is kept: with its first step, whatever becomes of the page right after. */
  follow(run: RunStore): () => void {
    const open = ({ manifest, step, readOnly }: ReturnType<RunStore['getState']>) => ({
      id: manifest && step > 0 && readOnly === null ? manifest.id : this.last(),
    });
    return persist(run, this.storage, PART, open, 'at once');
  }
}
