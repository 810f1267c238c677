/** What can be done with weights, heuristics and tweets of the ranking, and where its tools are. */
import { publishedScoreWeights } from '../../src/ranking/score-weights.ts';
import { pickFiles } from '../parts/pick-files.ts';
import type { Session } from '../session/session.ts';
import { chosenWeights, setsFor, stepsChanged, weightsChanged } from '../stores/scoring.ts';
import { RANKED_BY, rankedBy, TOOLS } from '../stores/ranking.ts';
import type { ToolId } from '../stores/ranking.ts';
import { draftTweet, tweetsShown } from '../stores/tweets.ts';
import type { Naming } from '../stores/page.ts';
import { pretrainedMisfit } from '../session/pretrained.ts';
import { labTexts } from '../texts/lab.ts';
import { tweetToolTexts } from '../texts/lab-tools.ts';
import { rankingTexts } from '../texts/ranking.ts';
import { actionTexts, actionWords } from '../texts/actions.ts';
import { goTo } from '../views/use-view.ts';
import type { Action } from './action.ts';
import { take } from './take.ts';

/** Heads of the model that is ranked with; none before there is one. */
export const headsNow = ({ ranking }: Session): readonly string[] => ranking.getState().now?.tasks ?? [];

const setOfNow = (session: Session) => chosenWeights(session.scoring.getState(), headsNow(session));

export const resetWeightsAction: Action = {
  id: 'ranking.weights.reset',
  group: 'ranking',
  title: () => actionTexts.resetWeights,
  whyNot: (session) =>
    weightsChanged(session.scoring.getState(), headsNow(session))
      ? null
      : actionTexts.asItWas(setOfNow(session).label),
  run: (session) => session.scoring.getState().resetWeights(headsNow(session)),
};

export const deleteWeightsAction: Action = {
  id: 'ranking.weights.delete',
  group: 'ranking',
  title: () => actionTexts.deleteWeights,
  whyNot: (session) => {
    const { ownWeights } = session.scoring.getState();
    const { id, label } = setOfNow(session);
    return ownWeights.some((own) => own.id === id) ? null : actionTexts.notYours(label);
  },
  run: (session) => session.scoring.getState().removeWeights(setOfNow(session).id),
};

/** Shows a tool of Rank. */
function openTool({ ranking }: Session, tool: ToolId): void {
  goTo('rank');
  ranking.getState().show(tool);
}

/** What is kept needs a name: the field for it stands beside the button. */
function namingAction(what: Naming, tool: ToolId, title: () => string): Action {
  return {
    id: `ranking.${what}.keep`,
    group: 'ranking',
    title,
    takesFocus: true,
    run: (session) => {
      openTool(session, tool);
      session.page.getState().setNaming(what);
    },
  };
}

export const keepWeightsAction = namingAction('weights', 'weights', () => actionTexts.keepWeights);
export const keepTweetsAction = namingAction('tweets', 'tweet', () => actionTexts.keepTweets);

const openAction = (what: 'scoreWeights' | 'tweets' | 'heuristics', title: () => string): Action => ({
  id: `ranking.open.${what}`,
  group: 'ranking',
  title,
  run: (session) => pickFiles((files) => void take(session, files, what)),
});

export const addTweetAction: Action = {
  id: 'ranking.tweets.add',
  group: 'ranking',
  title: () => tweetToolTexts.add,
  run: (session) => {
    const { ranking, tweets } = session;
    openTool(session, 'tweet');
    const { ownSets, added, add } = tweets.getState();
    const taken = [...ownSets.flatMap((other) => other.tweets), ...Object.values(added).flat()];
    ranking.getState().select(add(draftTweet(taken.map(({ id }) => id))));
  },
};

export const deleteTweetsAction: Action = {
  id: 'ranking.tweets.delete',
  group: 'ranking',
  title: () => actionTexts.deleteTweets,
  whyNot: ({ tweets }) => {
    const { set, ownSets } = tweets.getState();
    return ownSets.some(({ id }) => id === set) ? null : actionTexts.notYourTweets;
  },
  run: ({ tweets }) => tweets.getState().removeSet(tweets.getState().set),
};

export const resetTweetsAction: Action = {
  id: 'ranking.tweets.reset',
  group: 'ranking',
  title: () => actionTexts.resetTweets,
  whyNot: ({ tweets }) =>
    Object.keys(tweets.getState().edits).length > 0 ? null : actionTexts.noTweetChanged,
  run: ({ tweets }) => tweets.getState().resetAll(),
};

/** The tweet that is taken apart, where a person has chosen one. */
const selectedTweet = ({ ranking, tweets }: Session) => {
  const { selected } = ranking.getState();
  return tweetsShown(tweets.getState()).find(({ key }) => key === selected);
};

const resetTweetAction: Action = {
  id: 'ranking.tweet.reset',
  group: 'ranking',
  title: () => actionTexts.resetTweet,
  whyNot: (session) => {
    const tweet = selectedTweet(session);
    return tweet ? (tweet.edited ? null : actionTexts.noTweetChanged) : actionTexts.noTweetChosen;
  },
  run: (session) => session.tweets.getState().reset(selectedTweet(session)?.key ?? ''),
};

const removeTweetAction: Action = {
  id: 'ranking.tweet.remove',
  group: 'ranking',
  title: () => actionTexts.removeTweet,
  whyNot: (session) => {
    const tweet = selectedTweet(session);
    return tweet ? (tweet.added ? null : actionTexts.notYourTweet) : actionTexts.noTweetChosen;
  },
  run: (session) => session.tweets.getState().remove(selectedTweet(session)?.key ?? ''),
};

export const resetStepsAction: Action = {
  id: 'ranking.heuristics.reset',
  group: 'ranking',
  title: () => actionTexts.resetSteps,
  whyNot: ({ scoring }) => (stepsChanged(scoring.getState()) ? null : actionTexts.noStepChanged),
  run: ({ scoring }) => scoring.getState().choosePreset(scoring.getState().preset),
};

const toolActions = TOOLS.map((tool): Action => ({
  id: `ranking.tool.${tool}`,
  group: 'ranking',
  title: () => actionTexts.tool(labTexts.toolNames[tool]),
  run: (session) => openTool(session, tool),
}));

const momentActions = RANKED_BY.map((by): Action => ({
  id: `ranking.by.${by}`,
  group: 'ranking',
  title: () => actionTexts.rankedBy(rankingTexts.rankedBy[by].label),
  whyNot: ({ ranking, draft }) => {
    const misfit = pretrainedMisfit(draft.getState().config);
    return rankedBy(ranking.getState(), misfit).unavailable[by];
  },
  run: ({ ranking }) => ranking.getState().choose(by),
}));

/** The person's own sets, each to be chosen, and for heads of their own all alike. */
export function ownSetActions(session: Session): Action[] {
  const { scoring, tweets } = session;
  const listed = new Set(publishedScoreWeights.map(({ id }) => id));
  const sets = setsFor(headsNow(session), scoring.getState());
  return [
    ...sets
      .filter(({ id }) => !listed.has(id))
      .map((own): Action => ({
        id: `ranking.weights.${own.id}`,
        group: 'ranking',
        title: () => actionTexts.headWeights(own.label),
        run: (session) => session.scoring.getState().chooseWeights(own.id, headsNow(session)),
      })),
    ...tweets.getState().ownSets.map(({ id, label }): Action => ({
      id: `ranking.tweets.${id}`,
      group: 'ranking',
      title: () => actionTexts.tweets(label),
      words: () => actionWords['ranking.tweets'] ?? '',
      run: (session) => session.tweets.getState().choose(id),
    })),
  ];
}

export const rankingActions: readonly Action[] = [
  ...momentActions,
  ...toolActions,
  resetWeightsAction,
  keepWeightsAction,
  deleteWeightsAction,
  openAction('scoreWeights', () => actionTexts.openWeights),
  resetStepsAction,
  openAction('heuristics', () => actionTexts.openSteps),
  addTweetAction,
  resetTweetAction,
  removeTweetAction,
  resetTweetsAction,
  keepTweetsAction,
  deleteTweetsAction,
  openAction('tweets', () => actionTexts.openTweets),
];
