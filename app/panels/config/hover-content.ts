/** What the editor shows over a key. */
import type { Hover } from '../../../src/config/hover.ts';
import { configEditorTexts } from '../../texts/config-editor.ts';

export function hoverContent({ title, description, default: value }: Hover): HTMLElement {
  const box = document.createElement('div');
  box.style.cssText = 'padding: 8px 10px; font: var(--small) / 1.45 var(--sans)';
  const add = (text: string, css: string): void => {
    const line = document.createElement('div');
    line.textContent = text;
    line.style.cssText = css;
    box.append(line);
  };
  add(title, 'font-family: var(--mono); color: var(--text-2); overflow-wrap: anywhere; margin-bottom: 4px');
  add(description, '');
  if (value !== null) add(configEditorTexts.default(value), 'color: var(--text-3); margin-top: 4px');
  return box;
}
