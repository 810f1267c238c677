/** The editor in the page's colours; both themes come from the tokens. */
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const editorTheme = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'transparent', height: '100%', fontSize: 'var(--small)' },
  // Over the line numbers; not by its own class, which it sets a moment after the focus.
  '&:focus-within::after': {
    content: '""',
    position: 'absolute',
    inset: '0',
    zIndex: '210',
    outline: '2px solid var(--accent)',
    outlineOffset: '-2px',
    pointerEvents: 'none',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5', overscrollBehavior: 'contain' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--accent)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  // Opaque: text that is scrolled sideways passes beneath.
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--text-3)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '28px', paddingRight: '4px' },
  '.cm-activeLine': { backgroundColor: 'light-dark(rgb(20 40 80 / 4%), rgb(255 255 255 / 4%))' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#cfe0ff, #2c4a7c)',
  },
  '.cm-foldPlaceholder': {
    border: '1px solid var(--line)',
    background: 'var(--surface)',
    color: 'var(--text-3)',
  },
  '.cm-foldGutter .cm-gutterElement': { color: 'var(--text-3)' },
  '.cm-gutter-lint': { width: '12px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0' },
  '.cm-lint-marker': { width: '10px', height: '10px', marginTop: '4px' },
  '.cm-tooltip': {
    maxWidth: '340px',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    background: 'var(--raised)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete': { maxWidth: 'min(560px, 96vw)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--accent-strong)',
    color: 'var(--on-accent)',
  },
  '.cm-tooltip-autocomplete ul li': { padding: '2px 8px !important' },
  '.cm-completionDetail': { color: 'var(--text-3)', fontStyle: 'normal' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionInfo': { padding: '8px', fontFamily: 'var(--sans)', lineHeight: '1.45' },
  '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'var(--sans)', fontSize: 'var(--small)' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--error)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--warn)' },
  '.cm-diagnostic-info': { borderLeft: '3px solid var(--accent)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--error)' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--warn)' },
  '.cm-lintRange-info': { backgroundImage: 'none', textDecoration: 'underline dotted var(--text-3)' },
  '.cm-panels': { background: 'var(--surface)', color: 'var(--text)' },
});

export const highlighting = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'light-dark(#1a4fa3, #8fb8ff)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#0b6b60, #6fd3c4)' },
  { tag: [tags.string, tags.attributeValue, tags.content], color: 'var(--text)' },
  { tag: [tags.labelName, tags.typeName], color: 'light-dark(#7a3fb0, #c7a2f5)' },
  { tag: tags.comment, color: 'light-dark(#5b6575, #8f9bad)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator], color: 'var(--text-3)' },
]);
