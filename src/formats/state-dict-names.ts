/**
 * Names of a state dict as wrappers leave them: DistributedDataParallel's `module.`, torch.compile's `_orig_mod.`, that of
 * a module the model was a child of (`model.`), one within another. The model's own names are what is left.
 */

/** Segments that wrappers put in, at any depth, and that no module of the model is called. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'module',
  '_orig_mod',
  '_fsdp_wrapped_module',
  '_forward_module',
]);

export interface ModelNames {
  /** The model's name of each of the file's. */
  readonly byFileName: ReadonlyMap<string, string>;
  /** What was taken off, for a note; null where nothing was. */
  readonly removed: string | null;
}

/** `names` without the wrappers' segments; null when there are none, or two names would become one. */
function withoutWrappers(names: readonly string[], own: ReadonlySet<string>): ModelNames | null {
  const ownSegments = new Set([...own].flatMap((name) => name.split('.')));
  const removed = new Set<string>();
  const byFileName = new Map(
    names.map((name) => {
      const kept = name.split('.').filter((segment) => {
        const wrapper = WRAPPERS.has(segment) && !ownSegments.has(segment);
        if (wrapper) removed.add(`${segment}.`);
        return !wrapper;
      });
      return [name, kept.join('.')];
    }),
  );
  if (removed.size === 0 || new Set(byFileName.values()).size < names.length) return null;
  return { byFileName, removed: [...removed].join(' and ') };
}

/** The longest run of whole segments that all names begin with, with its last point. */
function commonPrefix(names: readonly string[]): string {
  const [first = '', ...others] = names;
  let prefix = first.slice(0, first.lastIndexOf('.') + 1);
  for (const name of others) {
    while (!name.startsWith(prefix)) prefix = prefix.slice(0, prefix.lastIndexOf('.', prefix.length - 2) + 1);
  }
  return prefix;
}

/** The part of the common prefix without which most names are the model's; null where none is. */
function withoutPrefix(names: readonly string[], own: ReadonlySet<string>): string | null {
  const whole = commonPrefix(names);
  let best: string | null = null;
  let most = names.filter((name) => own.has(name)).length;
  for (let end = whole.indexOf('.') + 1; end > 0; end = whole.indexOf('.', end) + 1) {
    const fit = names.filter((name) => own.has(name.slice(end))).length;
    if (fit > most) [best, most] = [whole.slice(0, end), fit];
  }
  return best;
}

/**
 * What each name of a file is in the model: wrappers' segments come off wherever they stand, then a prefix that all names
 * share, if that makes more of them the model's.
 * @param own the names that the model needs.
 */
export function modelNames(names: readonly string[], own: ReadonlySet<string>): ModelNames {
  const asTheyAre: ModelNames = { byFileName: new Map(names.map((name) => [name, name])), removed: null };
  if (names.every((name) => own.has(name))) return asTheyAre;
  const bare = withoutWrappers(names, own) ?? asTheyAre;
  const left = [...bare.byFileName.values()];
  const prefix = withoutPrefix(left, own) ?? '';
  // Names of another model stay as they are, so that messages name what is in the file.
  if (!left.some((name) => own.has(name.slice(prefix.length)))) return asTheyAre;
  const removed = [bare.removed, prefix].filter((part) => part).join(' and ');
  return {
    byFileName: new Map([...bare.byFileName].map(([name, rest]) => [name, rest.slice(prefix.length)])),
    removed: removed === '' ? null : removed,
  };
}
