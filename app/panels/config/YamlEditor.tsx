/** The YAML editor (CodeMirror), in a chunk of its own: squiggles, completion and hover from the configuration library. */
import { useEffect, useImperativeHandle, useRef } from 'react';
import type { Ref } from 'react';
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { lintGutter, linter } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import { EditorState, StateEffect } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { KeyBinding } from '@codemirror/view';
import { completionsAt } from '../../../src/config/complete.ts';
import { hoverAt } from '../../../src/config/hover.ts';
import { useSession } from '../../session/context.tsx';
import { CONFIG_PART } from '../../session/edit-parts.ts';
import type { ConfigStore } from '../../stores/config.ts';
import type { History } from '../../stores/history.ts';
import { editorTheme, highlighting } from './editor-theme.ts';
import { hoverContent } from './hover-content.ts';
import { configEditorTexts } from '../../texts/config-editor.ts';
import styles from './YamlEditor.module.css';
import { STYLE_NONCE } from '../../csp.ts';

export interface EditorHandle {
  /** Selects a range, scrolls there, and takes the focus. */
  go(from: number, to: number): void;
}

function complete(context: CompletionContext): CompletionResult | null {
  const { from, options } = completionsAt(context.state.doc.toString(), context.pos);
  if (options.length === 0 || (!context.explicit && from === context.pos)) return null;
  return {
    from,
    options: options.map(({ label, type, detail, info, apply }) => ({ label, type, detail, info, apply })),
    validFor: /^[\w.$-]*$/,
  };
}

/** The same text has other problems now: the data that it must fit has changed. */
const rechecked = StateEffect.define<null>();

/** Squiggles from the store, which has read the text already, and knows the data besides. */
function problemsOf(config: ConfigStore): Extension {
  return linter(
    (): Diagnostic[] =>
      config.getState().problems.map(({ from, to, severity, message }) => ({ from, to, severity, message })),
    {
      delay: 150,
      needsRefresh: ({ transactions }) =>
        transactions.some(({ effects }) => effects.some((effect) => effect.is(rechecked))),
    },
  );
}

/** The page's history, which knows of presets and opened files too; here only what it knows of the text. */
function undoKeymap(history: History): KeyBinding[] {
  const doing = (work: Promise<boolean>): boolean => {
    void work;
    return true;
  };
  return [
    { key: 'Mod-z', run: () => doing(history.undo(CONFIG_PART)), preventDefault: true },
    { key: 'Mod-Shift-z', run: () => doing(history.redo(CONFIG_PART)), preventDefault: true },
    { key: 'Mod-y', run: () => doing(history.redo(CONFIG_PART)), preventDefault: true },
  ];
}

const hover = hoverTooltip((view, position) => {
  const found = hoverAt(view.state.doc.toString(), position);
  if (!found) return null;
  return { pos: found.from, end: found.to, above: true, create: () => ({ dom: hoverContent(found) }) };
});

export default function YamlEditor({ ref }: { ref?: Ref<EditorHandle> }) {
  const { config, history } = useSession();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: config.getState().text,
        extensions: [
          lineNumbers(),
          foldGutter(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of('  '),
          bracketMatching(),
          closeBrackets(),
          yaml(),
          syntaxHighlighting(highlighting),
          autocompletion({ override: [complete], icons: false }),
          problemsOf(config),
          lintGutter(),
          hover,
          keymap.of([...completionKeymap, ...undoKeymap(history), ...defaultKeymap, ...foldKeymap]),
          EditorView.cspNonce.of(STYLE_NONCE),
          EditorView.contentAttributes.of({ 'aria-label': configEditorTexts.editor, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) config.getState().setText(update.state.doc.toString());
          }),
          editorTheme,
        ],
      }),
    });
    view.current = editor;
    const stop = config.subscribe(({ text, problems }, before) => {
      const shown = editor.state.doc.toString();
      if (text !== shown) {
        const changes = difference(shown, text);
        const end = changes.from + changes.insert.length;
        editor.dispatch({
          changes,
          // Where a person looks at the text, the change is what to look at.
          ...(editor.hasFocus && { selection: { anchor: end }, scrollIntoView: true }),
        });
      } else if (text === before.text && problems !== before.problems) {
        editor.dispatch({ effects: rechecked.of(null) });
      }
    });
    return () => {
      stop();
      editor.destroy();
      view.current = null;
    };
  }, [config, history]);

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

  return <div ref={host} className={styles.editor} />;
}

/** The one stretch that differs, so that the cursor, the scroll position and the undo history survive a change from outside. */
function difference(before: string, after: string): { from: number; to: number; insert: string } {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
