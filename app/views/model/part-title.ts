/** What a part is called on the page. */
import type { ModelPart } from '../../../src/graph/parts.ts';
import { headStyle } from '../../heads.ts';
import { partTexts, diagramTexts } from '../../texts/model.ts';

export function partTitle({ kind, name }: Pick<ModelPart, 'kind' | 'name'>): string {
  const { title } = partTexts[kind];
  if (kind === 'mask_block') return diagramTexts.numbered(title, Number(name) + 1);
  if (kind === 'backbone' && name !== null) return name === 'mlp' ? diagramTexts.sharedMlp : name;
  return kind === 'tower' && name !== null ? headStyle(name).label : title;
}

/** A part's colour: of a tower its head's. */
export function partColor({ kind, name }: Pick<ModelPart, 'kind' | 'name'>): string {
  if (kind === 'tower' && name !== null) return headStyle(name).color;
  return kind === 'mask_block' ? 'var(--accent)' : 'var(--line-strong)';
}
