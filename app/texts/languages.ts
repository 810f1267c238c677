/**
 * The languages there are besides English, each loaded only where it is spoken. A new one is a folder beside this file
 * whose index has `translation(tag, { … })` as its default, and a line here.
 */
import type { AllTexts } from './contract.ts';
import type { Language } from './language.ts';

type Load = () => Promise<{ readonly default: Language }>;

const LANGUAGES: Readonly<Record<string, Load>> =
  import.meta.env.MODE === 'pseudo' ? { en: () => import('./pseudo.ts') } : {};

/** A language from all of its texts: the compiler names each that is missing, or that takes other values. */
export function translation(tag: string, all: AllTexts): Language {
  return {
    tag,
    textsOf: (name, english) => (name in all ? (all[name as keyof AllTexts] as typeof english) : english),
  };
}

/**
 * The first language that a person wants and the page has; null where that is English.
 * @param wanted BCP 47, as `navigator.languages`
 */
export function otherLanguage(
  wanted: readonly string[],
  languages: Readonly<Record<string, Load>> = LANGUAGES,
): Load | null {
  for (const tag of wanted) {
    const [base = ''] = tag.toLowerCase().split('-');
    const found = languages[tag] ?? languages[base];
    if (found) return found;
    if (base === 'en') return null;
  }
  return null;
}
