/** What a reader finds wrong in a text, as an editor marks it. */
import type { TextProblem } from '../../src/config/text/text-problem.ts';
import type { EditorProblem } from './TextEditor.tsx';

interface Read {
  readonly problems: readonly TextProblem[];
  readonly notes?: readonly TextProblem[];
}

/**
 * Marks a text's problems and notes from where they begin to the end of their lines.
 * @param read called once for each text; the same text has the same marks
 */
export function marksOf(read: (text: string) => Read): (text: string) => readonly EditorProblem[] {
  let last: { readonly text: string; readonly marks: readonly EditorProblem[] } | null = null;
  return (text) => {
    if (last?.text === text) return last.marks;
    const { problems, notes = [] } = read(text);
    const starts = lineStarts(text);
    const mark =
      (severity: EditorProblem['severity']) =>
      ({ line, column, message }: TextProblem): EditorProblem => {
        const at = Math.min(line, starts.length) - 1;
        const end = (starts[at + 1] ?? text.length + 1) - 1;
        return { from: Math.min((starts[at] ?? 0) + column - 1, end), to: end, severity, message };
      };
    const marks = [...problems.map(mark('error')), ...notes.map(mark('info'))];
    last = { text, marks };
    return marks;
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
