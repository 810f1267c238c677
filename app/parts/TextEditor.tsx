/**
 * The editor of every longer text (CodeMirror, in a chunk of its own): lines are numbered, problems stand at their place,
 * and Tab leaves it.
 */
import { useEffect, useImperativeHandle, useRef } from 'react';
import type { Ref } from 'react';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { syntaxHighlighting } from '@codemirror/language';
import { lintGutter, linter } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import { EditorState, StateEffect } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { STYLE_NONCE } from '../csp.ts';
import { classes } from './classes.ts';
import { editorTheme, highlighting } from './editor-theme.ts';
import { editorTexts } from '../texts/editor.ts';
import styles from './TextEditor.module.css';

export type EditorProblem = Pick<Diagnostic, 'from' | 'to' | 'severity' | 'message'>;

/** The text that is edited, and who else may change it: a store, seen by an editor. */
export interface EditedText {
  readonly text: () => string;
  readonly setText: (text: string) => void;
  /** Places in the present text; another array when they are others. */
  readonly problems: () => readonly EditorProblem[];
  readonly subscribe: (heard: () => void) => () => void;
}

export interface EditorHandle {
  /** Selects a range, scrolls there, and takes the focus. */
  go(from: number, to: number): void;
}

interface TextEditorProps {
  readonly label: string;
  readonly edited: EditedText;
  /** What this text has besides, undo included: the same value while the editor stands. */
  readonly extensions: Extension;
  readonly className?: string | undefined;
  readonly ref?: Ref<EditorHandle> | undefined;
}

/** Undo that knows of this text alone. */
export const ownUndo: Extension = [history(), keymap.of(historyKeymap)];

/** The same text has other problems now: what it must fit has changed. */
const rechecked = StateEffect.define<null>();

export default function TextEditor({ label, edited, extensions, className, ref }: TextEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);

  useEffect(() => {
    if (!host.current) return;
    let problems = edited.problems();
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: edited.text(),
        extensions: [
          lineNumbers(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          drawSelection(),
          yaml(),
          syntaxHighlighting(highlighting),
          linter(({ state }) => edited.problems().map((problem) => within(problem, state.doc.length)), {
            delay: 150,
            needsRefresh: ({ transactions }) =>
              transactions.some(({ effects }) => effects.some((effect) => effect.is(rechecked))),
          }),
          lintGutter(),
          extensions,
          keymap.of(defaultKeymap),
          EditorView.cspNonce.of(STYLE_NONCE),
          EditorView.contentAttributes.of({
            'aria-label': label,
            'aria-description': editorTexts.leave,
            tabindex: '0',
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) edited.setText(update.state.doc.toString());
          }),
          editorTheme,
        ],
      }),
    });
    view.current = editor;
    const stop = edited.subscribe(() => {
      const before = problems;
      problems = edited.problems();
      const shown = editor.state.doc.toString();
      const text = edited.text();
      if (text !== shown) {
        const changes = difference(shown, text);
        const end = changes.from + changes.insert.length;
        editor.dispatch({
          changes,
          // Where a person looks at the text, the change is what to look at.
          ...(editor.hasFocus && { selection: { anchor: end }, scrollIntoView: true }),
        });
      } else if (problems !== before) {
        editor.dispatch({ effects: rechecked.of(null) });
      }
    });
    return () => {
      stop();
      editor.destroy();
      view.current = null;
    };
  }, [label, edited, extensions]);

  useImperativeHandle(ref, () => ({
    go(from, to) {
      const editor = view.current;
      if (!editor) return;
      const end = editor.state.doc.length;
      editor.dispatch({
        selection: { anchor: Math.min(from, end), head: Math.min(to, end) },
        effects: EditorView.scrollIntoView(Math.min(from, end), { y: 'center' }),
      });
      editor.focus();
    },
  }));

  return (
    <div className={classes(styles.editor, className)}>
      <div ref={host} className={styles.host} />
      {/* Who listens has heard it with the editor's name. */}
      <p className={styles.leave} aria-hidden="true">
        {editorTexts.leave}
      </p>
    </div>
  );
}

function within({ from, to, severity, message }: EditorProblem, length: number): Diagnostic {
  return { from: Math.min(from, length), to: Math.min(to, length), severity, message };
}

/** The one stretch that differs, so that the cursor, the scroll position and the undo history survive a change from outside. */
function difference(before: string, after: string): { from: number; to: number; insert: string } {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
