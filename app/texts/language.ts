/**
 * Which language the page speaks. Every file beside this one holds the English texts of one view or concern, and its
 * type is the contract for all other languages: see contract.ts. Texts are read when they are shown, so that a language
 * may be chosen after these files were loaded.
 */

export interface Language {
  /** As `lang` of the document says it (BCP 47). */
  readonly tag: string;
  /** The texts of one file; the English ones where there are none. */
  readonly textsOf: <T extends object>(name: string, english: T) => T;
}

export const english: Language = { tag: 'en', textsOf: (_name, texts) => texts };

let spoken = english;

export function speak(language: Language): void {
  spoken = language;
}

/** The language spoken now. */
export function language(): Language {
  return spoken;
}

/**
 * The texts of one file, in the language that is spoken when one is read.
 * @param name the file's name, by which other languages know its texts
 */
export function texts<T extends object>(name: string, english: T): T {
  const shown = {};
  for (const key of Object.keys(english)) {
    Object.defineProperty(shown, key, {
      enumerable: true,
      get: () => Reflect.get(spoken.textsOf(name, english), key) as unknown,
    });
  }
  return shown as T;
}
