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

/**
 * "a, b, or c" of elements, as the language that the page speaks writes it. A comma stays in the line of what it follows,
 * a button too.
 * @param end what ends the sentence, if the list does.
 */
export function anyOf(elements: readonly ReactNode[], end = ''): ReactNode {
  const list = new Intl.ListFormat(language().tag, { type: 'disjunction' });
  const parts = list.formatToParts(elements.map((_, at) => String(at)));
  return parts.map(({ type, value }, at) => {
    const next = parts[at + 1];
    if (type !== 'element') return <Fragment key={at}>{value.replace(ENDS, '')}</Fragment>;
    return (
      <span key={at} className="tied">
        {elements[Number(value)]}
        {next ? ENDS.exec(next.value)?.[0] : end}
      </span>
    );
  });
}

const ENDS = /^[,;:.]/;
