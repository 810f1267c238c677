/** Sentences whose form depends on a number, by the rules of their language. */
import { count } from '../format.ts';

/** What is said of so many things; "#" stands for the number. English has one and other, other languages up to six. */
export type PluralForms = { readonly other: string } & Partial<Readonly<Record<Intl.LDMLPluralRule, string>>>;

/** For the texts of one language, e.g. pluralIn('de'). */
export function pluralIn(tag: string): (n: number, forms: PluralForms) => string {
  const rules = new Intl.PluralRules(tag);
  return (n, forms) => (forms[rules.select(n)] ?? forms.other).replace('#', () => count(n));
}

/** For the English texts. */
export const plural = pluralIn('en');
