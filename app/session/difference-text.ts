/** A difference between two runs in words, for the restart button and the list of runs. */
import type { RecipeDifference } from '../../src/runs/recipe-forms.ts';

const MAX_VALUE = 40;

export function differenceText({ path, before, after }: RecipeDifference): string {
  return `${path}: ${valueText(before)} → ${valueText(after)}`;
}

export function valueText(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}
