/** The configuration's YAML, in a chunk of its own: squiggles, completion and hover from the configuration library. */
import { useMemo } from 'react';
import type { Ref } from 'react';
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { hoverTooltip, keymap } from '@codemirror/view';
import type { KeyBinding } from '@codemirror/view';
import { completionsAt } from '../../../src/config/complete.ts';
import { hoverAt } from '../../../src/config/hover.ts';
import TextEditor from '../../parts/TextEditor.tsx';
import type { EditedText, EditorHandle } from '../../parts/TextEditor.tsx';
import { useSession } from '../../session/context.tsx';
import { CONFIG_PART } from '../../session/edit-parts.ts';
import type { ConfigStore } from '../../stores/config.ts';
import type { History } from '../../stores/history.ts';
import { hoverContent } from './hover-content.ts';
import { configEditorTexts } from '../../texts/config-editor.ts';
import '../../stores/readers.ts';

function complete(context: CompletionContext): CompletionResult | null {
  const { from, options } = completionsAt(context.state.doc.toString(), context.pos);
  if (options.length === 0 || (!context.explicit && from === context.pos)) return null;
  return {
    from,
    options: options.map(({ label, type, detail, info, apply }) => ({ label, type, detail, info, apply })),
    validFor: /^[\w.$-]*$/,
  };
}

/** The page's history, which knows of presets and opened files too. */
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

const extensionsWith = (history: History) => [
  foldGutter(),
  indentOnInput(),
  indentUnit.of('  '),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ override: [complete], icons: false }),
  hover,
  keymap.of([...completionKeymap, ...undoKeymap(history), ...foldKeymap]),
];

/** The store has read the text already, and knows the data besides. */
const configText = (config: ConfigStore): EditedText => ({
  text: () => config.getState().text,
  setText: (text) => config.getState().setText(text),
  problems: () => config.getState().problems,
  subscribe: config.subscribe,
});

export default function YamlEditor({ ref }: { ref?: Ref<EditorHandle> }) {
  const { config, history } = useSession();
  const edited = useMemo(() => configText(config), [config]);
  const extensions = useMemo(() => extensionsWith(history), [history]);
  return <TextEditor ref={ref} label={configEditorTexts.editor} edited={edited} extensions={extensions} />;
}
