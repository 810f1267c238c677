/** A text with the path of a key: where it has no room it goes on in another line behind a dot, never within a word or a short pair of values. */
import { Fragment } from 'react';

export function PathText({ children }: { readonly children: string }) {
  const tied = children.replace(/: (.{1,12}) → (.{1,12})$/, ': $1\u00a0→\u00a0$2');
  return tied.split(/(?<=[a-z_\]]\.)(?=[a-z])/i).map((part, at) => (
    // The parts of one text never change their order.
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
