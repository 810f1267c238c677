/** Keys of an action: which press they are, and how they are written on a button. */

/** What is read of a KeyboardEvent. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

interface Keys {
  readonly key: string;
  readonly mod: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

const MODIFIERS = ['Mod', 'Shift', 'Alt'];

/** @throws RangeError for a text that is no keys. */
export function parseKeys(text: string): Keys {
  const parts = text.split('+');
  const key = parts.pop() ?? '';
  if (key === '' || parts.some((part) => !MODIFIERS.includes(part))) {
    throw new RangeError(`"${text}" are no keys: write them as Mod+Shift+K.`);
  }
  return { key, mod: parts.includes('Mod'), shift: parts.includes('Shift'), alt: parts.includes('Alt') };
}

/** Whether a press is these keys. Shift is not asked of a sign such as '?', which needs it on some keyboards only. */
export function isPressed(text: string, press: KeyPress): boolean {
  const { key, mod, shift, alt } = parseKeys(text);
  if (key.toLowerCase() !== press.key.toLowerCase()) return false;
  if (mod !== (press.ctrlKey || press.metaKey) || alt !== press.altKey) return false;
  return shift === press.shiftKey || (!shift && /^[^a-z\d\s]$/i.test(key));
}

const NAMES: Readonly<Record<string, string>> = { Mod: 'Ctrl', ' ': 'Space' };
const MAC_NAMES: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', ' ': 'Space' };

/** The keys one by one as they stand on the keyboard. */
export function keyNames(text: string, mac: boolean): string[] {
  const { key, mod, shift, alt } = parseKeys(text);
  const all = [...(mod ? ['Mod'] : []), ...(alt ? ['Alt'] : []), ...(shift ? ['Shift'] : []), key];
  const names = mac ? MAC_NAMES : NAMES;
  return all.map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part));
}

/** As assistive technology reads it (aria-keyshortcuts). */
export function ariaKeys(text: string): string {
  return `${text.replace('Mod', 'Control')} ${text.replace('Mod', 'Meta')}`
    .split(' ')
    .filter((keys, i, all) => all.indexOf(keys) === i)
    .join(' ');
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');
}
