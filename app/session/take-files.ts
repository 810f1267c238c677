/** Files that a person drops or chooses, each where its kind belongs. Nothing of them leaves the page. Loaded with the first file. */
import { problemsText } from '../../src/config/text/text-problem.ts';
import { heuristicPreset } from '../../src/ranking/heuristics/presets.ts';
import { parseHeuristicSteps } from '../../src/ranking/heuristics/steps-file.ts';
import { weighs } from '../../src/ranking/score-weights.ts';
import type { ImportedRun } from '../../src/runs/bundle.ts';
import { count } from '../format.ts';
import type { Said } from '../stores/page.ts';
import type { ViewId } from '../views/views.ts';
import { SessionInputError } from './draft-recipe.ts';
import { kindOf, wanted } from './file-kinds.ts';
import type { FileKind } from './file-kinds.ts';
import { bundledRanking, putBundledRanking } from './bundle-ranking.ts';
import type { BundledRanking } from './bundle-ranking.ts';
import { readDescriptions } from './own-files.ts';
import { takeTweets, takeWeights, textOfFile } from './ranking-files.ts';
import type { Session } from './session.ts';
import { editTexts } from '../texts/edits.ts';
import { fileTexts } from '../texts/files.ts';
import '../stores/readers.ts';

/** What came of a file. */
interface Taken {
  readonly title: string;
  readonly text: string;
  /** Where it is to be seen; null where the view shown will do. */
  readonly view: ViewId | null;
}

type Take = (files: readonly File[], session: Session) => Promise<Taken>;

/** Kinds of which several files together are one thing. */
const TOGETHER: readonly FileKind[] = ['records', 'masks'];

const takers: Readonly<Record<FileKind, Take>> = {
  config: async ([file], session) => {
    const { name, text } = await textOf(file);
    session.config.getState().open(name, text);
    return {
      title: fileTexts.configTaken(name),
      text: fileTexts.configTakenAbout,
      view: 'train',
    };
  },
  bundle: async ([file], session) => {
    const found = await session.runs.call('bundledRanking', { file: one(file) });
    // Read before anything is taken in: a bundle comes whole or not at all.
    const ranking = found && bundledRanking(found, session);
    const runs = await session.runs.call('unbundle', { file: one(file) });
    await session.library.refresh();
    return {
      title: fileTexts.runsTaken(runs.length),
      text: [...runs.map(outcomeText), ...(ranking ? [takeRanking(ranking, session)] : [])].join(' '),
      view: 'runs',
    };
  },
  ranking: async ([file], session) => {
    const { name: path, text } = await textOf(file);
    return {
      title: fileTexts.named(path),
      text: takeRanking(bundledRanking({ path, text }, session), session),
      view: 'rank',
    };
  },
  weights: async ([file], session) => {
    const { name } = one(file);
    const { step, notes } = await session.importWeights(one(file));
    return {
      title: fileTexts.imported,
      text: [fileTexts.importedAbout(name, count(step)), ...notes].join(' '),
      view: null,
    };
  },
  manifest: async ([file], session) => {
    const { name, recipe } = await session.openManifest((await textOf(file)).text);
    const said = fileTexts.openedAbout(name, session.draft.getState().missing ?? fileTexts.openedNext);
    return {
      title: fileTexts.opened,
      text: recipe.warmStart ? `${said} ${fileTexts.beganFrom(recipe.warmStart.name)}` : said,
      view: 'train',
    };
  },
  table: async ([file], session) => {
    const table = one(file);
    const known = await (await session.tables()).bringBack(table);
    if (!known) session.page.getState().lookAt(table);
    return {
      title: table.name,
      text: known ? fileTexts.tableUsed : fileTexts.tableNew,
      view: 'train',
    };
  },
  records: async (files, session) => {
    session.data.getState().setFiles(files);
    return {
      title: fileTexts.named(files.map(({ name }) => name).join(', ')),
      text: fileTexts.recordsAbout,
      view: 'train',
    };
  },
  schema: async ([file], session) => {
    const { set, ownMasks } = session.data.getState();
    set(await readDescriptions({ records: [], table: null, schema: one(file), masks: [] }, ownMasks));
    return {
      title: fileTexts.schemaTaken(one(file).name),
      text: fileTexts.schemaAbout,
      view: null,
    };
  },
  masks: async (files, session) => {
    const { set, ownMasks } = session.data.getState();
    set(await readDescriptions({ records: [], table: null, schema: null, masks: files }, ownMasks));
    const names = files.map(({ name }) => name).join(', ');
    return { title: fileTexts.named(names), text: fileTexts.masksAbout, view: null };
  },
  tweets: async ([file], session) => {
    const { name, text } = await textOf(file);
    const { tweets, notes } = takeTweets(name, text, session);
    return { title: fileTexts.tweetsTaken(tweets.length), text: notes.join(' '), view: 'rank' };
  },
  scoreWeights: async ([file], session) => {
    const set = takeWeights((await textOf(file)).text, session);
    const { label } = set;
    const tasks = session.ranking.getState().now?.tasks ?? [];
    if (tasks.length > 0 && !tasks.some((task) => weighs(set, task))) {
      const heads = Object.keys(set.weights).join(', ');
      return {
        title: fileTexts.weightsKept(label),
        text: fileTexts.weightsElsewhere(heads),
        view: 'rank',
      };
    }
    return {
      title: fileTexts.weightsTaken(label),
      text: fileTexts.weightsAbout,
      view: 'rank',
    };
  },
  heuristics: async ([file], session) => {
    const { text } = await textOf(file);
    const { value, problems } = parseHeuristicSteps(text);
    if (!value) throw new SessionInputError(problemsText(problems));
    const { weights, headSet, preset, replace } = session.scoring.getState();
    replace({ weights, headSet, preset, steps: value });
    return {
      title: fileTexts.stepsTaken(value.length),
      text: fileTexts.stepsAbout,
      view: 'rank',
    };
  },
  teacher: async ([file], session) => {
    const { name, text } = await textOf(file);
    const { choose, setTeacherText } = session.data.getState();
    choose({ kind: 'teacher' });
    setTeacherText(text);
    const problems = session.data.getState().teacherProblems;
    return {
      title: fileTexts.teacherTaken(name),
      text: problems.length === 0 ? '' : fileTexts.teacherProblems,
      view: 'train',
    };
  },
};

/**
 * Takes every file where it belongs, and says on the page what came of each; one that can't be taken is refused by name
 * and changes nothing.
 * @param kind what they were asked for as, where a button asked.
 * @returns the view to look at, null where the one shown will do.
 */
export async function takeFiles(
  files: readonly File[],
  session: Session,
  kind: FileKind | null = null,
): Promise<ViewId | null> {
  const groups = new Map<string, { readonly kind: FileKind; readonly files: File[] }>();
  const said: Said[] = [];
  for (const file of files) {
    const sorted = kind ? { kind } : await kindOf(file);
    if ('refusal' in sorted) {
      said.push({ tone: 'error', title: fileTexts.notTaken(file.name), text: sorted.refusal });
      continue;
    }
    const key = TOGETHER.includes(sorted.kind) ? sorted.kind : `${sorted.kind} ${groups.size}`;
    const group = groups.get(key) ?? { kind: sorted.kind, files: [] };
    group.files.push(file);
    groups.set(key, group);
  }
  let view: ViewId | null = null;
  for (const { kind: found, files: own } of groups.values()) {
    try {
      const taken = await takers[found](own, session);
      view = taken.view ?? view;
      said.push({ tone: 'info', title: taken.title, text: taken.text });
    } catch (error) {
      said.push({
        tone: 'error',
        title: fileTexts.misfit(own.map(({ name }) => name).join(', ')),
        text: fileTexts.misfitAbout(
          fileTexts.kinds[found],
          error instanceof Error ? error.message : String(error),
        ),
      });
    }
  }
  session.page.getState().say(joined(said));
  return view;
}

/** One answer for all. */
function joined(said: readonly Said[]): Said | null {
  const [first, ...more] = said;
  if (!first || more.length === 0) return first ?? null;
  const worst = said.find(({ tone }) => tone === 'error') ?? first;
  const all = said.map(({ title, text }) => `${title} ${text}`).join(' ');
  // What the page reads is a long list: once is enough.
  const once = all.replaceAll(` ${wanted()}`, '');
  return {
    tone: worst.tone,
    title: fileTexts.filesSaid(said.length),
    text: once === all ? all : `${once} ${wanted()}`,
  };
}

/** @returns what is ranked by now. */
function takeRanking(ranking: BundledRanking, session: Session): string {
  session.history.together(editTexts.ranking, () => putBundledRanking(ranking, session));
  const { weights, preset } = ranking.scoring;
  return fileTexts.rankingTaken(weights.label, heuristicPreset(preset).label);
}

function outcomeText({ name, outcome }: ImportedRun): string {
  switch (outcome) {
    case 'new':
      return fileTexts.runNew(name);
    case 'renumbered':
      return fileTexts.runRenumbered(name);
    case 'there':
      return fileTexts.runThere(name);
  }
}

function one(file: File | undefined): File {
  if (!file) throw new SessionInputError(fileTexts.noFile);
  return file;
}

async function textOf(file: File | undefined): Promise<{ readonly name: string; readonly text: string }> {
  return { name: one(file).name, text: await textOfFile(one(file)) };
}
