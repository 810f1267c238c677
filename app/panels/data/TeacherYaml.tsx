/** The teacher settings as YAML text (CodeMirror), the form's twin: problems at their place, one text for both. */
import { useEffect, useRef } from 'react';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { syntaxHighlighting } from '@codemirror/language';
import { linter, lintGutter } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import type { TextProblem } from '../../../src/config/text/text-problem.ts';
import { parseTeacherConfig } from '../../../src/data/synthesis/parse-teacher-config.ts';
import { useSession } from '../../session/context.tsx';
import { editorTheme, highlighting } from '../config/editor-theme.ts';
import { teacherTexts } from '../../texts/data-teacher.ts';
import styles from './TeacherSettings.module.css';
import { STYLE_NONCE } from '../../csp.ts';

const problems = linter(
  ({ state }) => {
    const { problems: errors, notes } = parseTeacherConfig(state.doc.toString());
    const shown = (severity: 'error' | 'info') => (problem: TextProblem) => {
      const at = state.doc.line(Math.min(problem.line, state.doc.lines));
      const from = Math.min(at.from + problem.column - 1, at.to);
      return { from, to: Math.max(from, at.to), severity, message: problem.message };
    };
    return [...errors.map(shown('error')), ...notes.map(shown('info'))];
  },
  { delay: 150 },
);

export function TeacherYaml() {
  const { data } = useSession();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: data.getState().teacherText,
        extensions: [
          lineNumbers(),
          highlightActiveLine(),
          history(),
          drawSelection(),
          yaml(),
          syntaxHighlighting(highlighting),
          problems,
          lintGutter(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.cspNonce.of(STYLE_NONCE),
          EditorView.contentAttributes.of({ 'aria-label': teacherTexts.yaml, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) data.getState().setTeacherText(update.state.doc.toString());
          }),
          editorTheme,
        ],
      }),
    });
    const stop = data.subscribe(({ teacherText }) => {
      const shown = editor.state.doc.toString();
      if (teacherText !== shown) editor.dispatch({ changes: difference(shown, teacherText) });
    });
    return () => {
      stop();
      editor.destroy();
    };
  }, [data]);
  return <div ref={host} className={styles.editor} />;
}

/** The one stretch that differs, so that cursor, scroll position and undo history survive an edit in the form. */
function difference(before: string, after: string): { from: number; to: number; insert: string } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
