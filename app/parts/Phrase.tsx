/** A whole sentence that holds elements: each stands where the language puts its {name}. */
import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { language } from '../texts/language.ts';

interface PhraseProps {
  /** E.g. "The {loss} of each step". */
  readonly text: string;
  /** What stands in place of each name. */
  readonly parts: Readonly<Record<string, ReactNode>>;
}

export function Phrase({ text, parts }: PhraseProps) {
  return splitPhrase(text).map((piece, at) => (
    // The pieces of one text never change their order.
    <Fragment key={at}>{'name' in piece && piece.name in parts ? parts[piece.name] : piece.text}</Fragment>
  ));
}

type Piece = { readonly text: string } | { readonly text: string; readonly name: string };

/** "a {b} c" → "a ", b, " c". */
export function splitPhrase(text: string): readonly Piece[] {
  return text
    .split(/(\{\w+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^\{\w+\}$/.test(piece) ? { text: piece, name: piece.slice(1, -1) } : { text: piece }));
}

/** "a, b, or c" of elements, as the language that the page speaks writes it. */
export function anyOf(elements: readonly ReactNode[]): ReactNode {
  const list = new Intl.ListFormat(language().tag, { type: 'disjunction' });
  return list
    .formatToParts(elements.map((_, at) => String(at)))
    .map(({ type, value }, at) => (
      <Fragment key={at}>{type === 'element' ? elements[Number(value)] : value}</Fragment>
    ));
}
