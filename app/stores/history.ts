/**
 * Undo and redo of what a person edits. Stores are followed part by part; whatever changes in one turn of the page is one
 * edit, and undoing it puts every part it touched back into exactly the state it was in. What no store holds, such as a
 * deletion, is recorded as a pair of functions.
 */
import { shallow } from 'zustand/shallow';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

/** A part of the page whose edits can be undone. */
export interface EditPart<V extends object = object> {
  readonly id: string;
  readonly subscribe: (changed: () => void) => () => void;
  /** What is edited, and nothing that only follows from it. */
  readonly read: () => V;
  readonly write: (value: V) => void;
  /** Whether nothing was edited between two states; without it, where every value is the same. */
  readonly same?: (before: V, after: V) => boolean;
  /** What an edit was, in words. */
  readonly describe: (before: V, after: V) => string;
  /** Edits in quick succession are one where this is the same for both, such as letters that are typed; null keeps it apart. */
  readonly joins?: (before: V, after: V) => string | null;
}

/** What no store holds. */
export interface Deed {
  readonly title: string;
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
}

interface Change {
  readonly before: object;
  readonly after: object;
}

interface Edit {
  readonly title: string;
  /** By part, in the order in which the parts are followed. */
  readonly changes: ReadonlyMap<string, Change>;
  readonly deed: Deed | null;
  readonly joins: string | null;
  readonly at: number;
}

export interface HistoryState {
  /** Oldest first. */
  readonly past: readonly Edit[];
  /** Next to be redone last. */
  readonly future: readonly Edit[];
}

/** Edits kept; a text of a configuration takes some 10 KB. */
const MAX_EDITS = 500;
/** Longest pause between edits that are joined (ms), as editors have it. */
const JOIN_WITHIN = 500;

export class History {
  readonly store: StoreApi<HistoryState> = createStore<HistoryState>()(() => ({ past: [], future: [] }));
  private readonly parts = new Map<string, EditPart>();
  private readonly last = new Map<string, object>();
  /** What has changed since the last edit was closed. */
  private open: Map<string, Change> | null = null;
  private openTitle: string | null = null;
  /** While history itself writes. */
  private writing = false;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Follows a part. Parts are written in the order in which they are followed: those that others must fit come first. */
  follow<V extends object>(part: EditPart<V>): () => void {
    const any = part as unknown as EditPart;
    this.parts.set(part.id, any);
    this.last.set(part.id, part.read());
    return part.subscribe(() => this.changed(any));
  }

  /** Names what is done within, and keeps it apart from the edits around it. */
  together<T>(title: string, work: () => T): T {
    this.seal();
    this.openTitle = title;
    try {
      return work();
    } finally {
      this.seal();
    }
  }

  /** Records what was just done, and how it is undone. */
  record(deed: Deed): void {
    this.seal();
    this.push({ title: deed.title, changes: new Map(), deed, joins: null, at: this.now() });
  }

  /** What undo would take back, in words; null where there is nothing. */
  undoable(): string | null {
    return this.store.getState().past.at(-1)?.title ?? null;
  }

  redoable(): string | null {
    return this.store.getState().future.at(-1)?.title ?? null;
  }

  /**
   * Takes the last edit back.
   * @param part the last one of this part, as an editor does that has the focus.
   * @returns whether there was one.
   */
  async undo(part?: string): Promise<boolean> {
    this.seal();
    const edit = lastOf(this.store.getState().past, part);
    return edit ? this.takeBack(edit) : false;
  }

  /** Takes back the deed, wherever it stands, as undo of its own notice does. */
  async undoDeed(deed: Deed): Promise<boolean> {
    this.seal();
    const edit = this.store.getState().past.find((one) => one.deed === deed);
    return edit ? this.takeBack(edit) : false;
  }

  async redo(part?: string): Promise<boolean> {
    this.seal();
    const { past, future } = this.store.getState();
    const edit = lastOf(future, part);
    if (!edit) return false;
    this.store.setState({ past: [...past, edit], future: future.filter((one) => one !== edit) });
    if (edit.deed) await edit.deed.redo();
    this.put(edit.changes, 'after');
    return true;
  }

  /** Closes the edit that is being collected; it closes by itself at the end of the turn. */
  seal(): void {
    const changes = this.open;
    const title = this.openTitle;
    this.open = null;
    this.openTitle = null;
    if (!changes) return;
    const kept = new Map(
      [...this.parts.keys()].flatMap((id): [string, Change][] => {
        const change = changes.get(id);
        const part = this.parts.get(id);
        return part && change && !isSame(part, change.before, change.after) ? [[id, change]] : [];
      }),
    );
    const [first] = kept;
    if (!first) return;
    const [id, { before, after }] = first;
    const part = this.parts.get(id);
    // What the parts before have caused needs no words of its own.
    const words = title ?? part?.describe(before, after) ?? '';
    const joins = kept.size === 1 && title === null ? (part?.joins?.(before, after) ?? null) : null;
    const edit = { title: words, changes: kept, deed: null, joins, at: this.now() };
    if (!this.joined(edit, id)) this.push(edit);
  }

  private async takeBack(edit: Edit): Promise<boolean> {
    const { past, future } = this.store.getState();
    this.store.setState({ past: past.filter((one) => one !== edit), future: [...future, edit] });
    if (edit.deed) await edit.deed.undo();
    this.put(edit.changes, 'before');
    return true;
  }

  private changed(part: EditPart): void {
    const before = this.last.get(part.id) ?? {};
    const after = part.read();
    if (isSame(part, before, after)) return;
    this.last.set(part.id, after);
    if (this.writing) return;
    if (!this.open) {
      this.open = new Map();
      queueMicrotask(() => this.seal());
    }
    this.open.set(part.id, { before: this.open.get(part.id)?.before ?? before, after });
  }

  private joined(edit: Edit, part: string): boolean {
    const { past } = this.store.getState();
    const last = past.at(-1);
    const change = last?.changes.get(part);
    const now = edit.changes.get(part);
    if (!last || !change || !now || last.joins === null || last.joins !== edit.joins) return false;
    if (last.changes.size > 1 || edit.at - last.at > JOIN_WITHIN) return false;
    const whole: Edit = { ...edit, changes: new Map([[part, { before: change.before, after: now.after }]]) };
    this.store.setState({ past: [...past.slice(0, -1), whole], future: [] });
    return true;
  }

  private push(edit: Edit): void {
    const { past } = this.store.getState();
    this.store.setState({ past: [...past, edit].slice(-MAX_EDITS), future: [] });
  }

  private put(changes: ReadonlyMap<string, Change>, side: keyof Change): void {
    this.writing = true;
    try {
      for (const [id, change] of changes) this.parts.get(id)?.write(change[side]);
    } finally {
      this.writing = false;
    }
    for (const [id, part] of this.parts) this.last.set(id, part.read());
  }
}

function isSame(part: EditPart, before: object, after: object): boolean {
  return part.same?.(before, after) ?? shallow(before, after);
}

/** The last edit of a part, unless a later one has touched what it would put back: then that comes first. */
function lastOf(edits: readonly Edit[], part: string | undefined): Edit | undefined {
  if (part === undefined) return edits.at(-1);
  const edit = edits.findLast(({ changes }) => changes.has(part));
  if (!edit) return undefined;
  const later = edits.slice(edits.indexOf(edit) + 1);
  return later.some(({ changes }) => [...changes.keys()].some((id) => edit.changes.has(id)))
    ? edits.at(-1)
    : edit;
}
