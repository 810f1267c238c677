/** Recipes read and compared key by key: the configuration, the schema and the masks as the rest of the program takes them. */
import { parseRecapConfig } from '../config/parse-config.ts';
import type { RunRecipe } from './manifest.ts';
import { knowConfig, openRecipeWith, recipeDifferencesWith } from './recipe-forms.ts';
import type { OpenRecipe, ReadText, RecipeDifference } from './recipe-forms.ts';

/**
 * What a recipe says, parsed; the same object for the same recipe.
 * @throws ManifestError with the place in the configuration's text, or when the schema names a feature twice.
 */
export function openRecipe(recipe: RunRecipe): OpenRecipe {
  return openRecipeWith(parseRecapConfig, recipe);
}

/** The recipe's configuration as another thread has read it, which openRecipe then need not do. */
export function knowRecipe(recipe: RunRecipe, found: ReadText): void {
  knowConfig(parseRecapConfig, recipe.config, found);
}

/** Everything in which `after` differs from `before`, leaf by leaf, in their order; empty when a run would be the same. */
export function recipeDifferences(before: RunRecipe, after: RunRecipe): RecipeDifference[] {
  return recipeDifferencesWith(parseRecapConfig, before, after);
}
