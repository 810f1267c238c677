/** A link to what the page shows: made from the stores, and read against them before anything is changed. Loaded when asked for. */
import { decodeLink, encodeLink, LinkError, linkOf, recipeOfLink } from '../../src/runs/link.ts';
import type { Link, LinkPresets } from '../../src/runs/link.ts';
import { ManifestError } from '../../src/runs/new-manifest.ts';
import type { RunRecipe, RunSchema } from '../../src/runs/manifest.ts';
import { openRecipe, recipeDifferences } from '../../src/runs/recipe.ts';
import { recipeMasksOf, recipeSchemaOf } from '../../src/runs/recipe-forms.ts';
import type { ConfigState } from '../stores/config.ts';
import { differenceText } from './difference-text.ts';
import { SessionInputError } from './draft-recipe.ts';
import type { Schemas } from './draft-recipe.ts';
import { configText, putRecipe } from './open-manifest.ts';
import { linkSamples } from './link-samples.ts';
import type { Session } from './session.ts';
import { linkSource, putRanking, rankingDifferences, rankingIn, rankingOf } from './share-ranking.ts';
import { sessionTexts } from '../texts/session.ts';
import { shareTexts } from '../texts/share.ts';
import { editTexts } from '../texts/edits.ts';
import '../stores/readers.ts';

/** Before the link in an address's fragment. */
export const LINK_MARK = '#link=';

const presetsOf = ({ presets }: Pick<ConfigState, 'presets'>): LinkPresets =>
  new Map(presets.map(({ file, text }) => [file.replace(/\.yaml$/, ''), text]));

/**
 * The fragment of an address that carries what is shown, '#' included.
 * @throws SessionInputError while the configuration has errors or data is missing; LinkError for what no address holds.
 */
export function linkTo(session: Session, view: string): string {
  const { recipe, missing } = session.draft.getState();
  const config = session.config.getState();
  if (!recipe || config.valid?.text !== config.text) {
    throw new SessionInputError(missing ?? shareTexts.configBroken);
  }
  const link = linkOf(recipe, { view, ...rankingOf(session) });
  return LINK_MARK + encodeLink(link, presetsOf(config), linkSamples());
}

/** A link that was read and understood; nothing has changed yet. */
export interface OpenLink {
  /** What it would change, line by line; empty where the page shows just that. */
  readonly changes: readonly string[];
  readonly view: string | null;
  /** Makes the page what the link says, as one edit. */
  readonly apply: () => void;
}

/**
 * Reads a link against what is shown.
 * @throws LinkError for one that is broken, of a newer version, or names what is not at hand.
 */
export function readLink(fragment: string, session: Session, builtIn: Schemas): OpenLink {
  const config = session.config.getState();
  const link = decodeLink(fragment, presetsOf(config), linkSamples());
  const recipe = recipeOf(link, session, builtIn);
  const ranking = rankingIn(linkSource(link));
  const changes = [...recipeChanges(recipe, session), ...rankingDifferences(ranking, session)];
  const preset = config.presets.find(({ file }) => file === `${fragment.split('.')[1]}.yaml`);
  return {
    changes,
    view: link.view ?? null,
    apply: () =>
      session.history.together(editTexts.link, () => {
        putRecipe(recipe, session, builtIn, () => {
          const { choosePreset, open, setText } = session.config.getState();
          const text = configText(recipe);
          if (preset) {
            choosePreset(preset.file);
            setText(text);
          } else open('from-a-link.yaml', text);
        });
        putRanking(ranking, session);
      }),
  };
}

function recipeOf(link: Link, session: Session, builtIn: Schemas): RunRecipe {
  const { ownSchema, ownMasks, table } = session.data.getState();
  const schemas = new Map<string, RunSchema>();
  const add = (name: string, schema: Parameters<typeof recipeSchemaOf>[1]): void =>
    void schemas.set(name, recipeSchemaOf(name, schema));
  for (const [name, schema] of builtIn) add(name, schema);
  if (table) add(table.schema.name, table.schema.schema);
  if (ownSchema) add(ownSchema.name, ownSchema.schema);
  const recipe = recipeOfLink(link, { schemas, masks: recipeMasksOf(ownMasks) });
  try {
    openRecipe(recipe);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new LinkError(shareTexts.configUnusable(error.message));
  }
  const { data } = recipe;
  if (data.kind === 'table' && (table?.name !== data.file.name || table.size !== data.file.size)) {
    throw new LinkError(shareTexts.tableMissing(data.file.name, data.file.size));
  }
  return recipe;
}

function recipeChanges(recipe: RunRecipe, session: Session): string[] {
  const shown = session.draft.getState().recipe;
  const { text, valid } = session.config.getState();
  const changes = shown ? recipeDifferences(shown, recipe).map(differenceText) : [shareTexts.wholeRecipe];
  const words = configText(recipe);
  if (text !== words && valid?.text !== text) changes.push(shareTexts.brokenText);
  else if (text !== words && changes.length === 0) {
    changes.push(shareTexts.idleWords);
  }
  if (recipe.data.kind === 'files') {
    const names = recipe.data.files.map(({ name, size }) => sessionTexts.fileOfSize(name, size)).join(', ');
    changes.push(shareTexts.readsFiles(names));
  }
  return changes;
}
