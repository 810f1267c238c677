/** Every choice of a list on the page as an action of its own: presets, sources of data, engines, weights, tweets. */
import { heuristicPresets } from '../../src/ranking/heuristics/presets.ts';
import { scenarios } from '../../src/ranking/scenarios/index.ts';
import { publishedScoreWeights } from '../../src/ranking/score-weights.ts';
import { headerTexts } from '../texts/header.ts';
import { presets, teachers } from '../session/built-in.ts';
import { ENGINE_CHOICES } from '../stores/settings.ts';
import type { Action } from './action.ts';
import { actionTexts, actionWords } from '../texts/actions.ts';

const presetActions = presets.map(({ file, title }): Action => ({
  id: `config.preset.${file}`,
  group: 'config',
  title: () => actionTexts.preset(title),
  words: () => file,
  run: (session) => session.config.getState().choosePreset(file),
}));

const engineActions = ENGINE_CHOICES.map((engine): Action => ({
  id: `config.engine.${engine}`,
  group: 'config',
  title: () =>
    actionTexts.engine(engine === 'auto' ? actionTexts.automatic : headerTexts.engineNames[engine]),
  words: () => engine,
  run: (session) => session.settings.getState().set({ engine }),
}));

const sourceActions: readonly Action[] = [
  ...teachers.map(({ id, label, about }): Action => ({
    id: `data.teacher.${id}`,
    group: 'data',
    title: () => actionTexts.syntheticData(label.toLowerCase()),
    words: () => about,
    run: (session) => session.data.getState().choose({ kind: 'teacher', teacher: id }),
  })),
  {
    id: 'data.uniform',
    group: 'data',
    title: () => actionTexts.uniformData,
    run: (session) => session.data.getState().choose({ kind: 'uniform' }),
  },
];

const rankingActions: readonly Action[] = [
  ...publishedScoreWeights.map(({ id, label }): Action => ({
    id: `ranking.weights.${id}`,
    group: 'ranking',
    title: () => actionTexts.headWeights(label),
    run: (session) => session.scoring.getState().chooseWeights(id),
  })),
  ...heuristicPresets.map(({ id, label }): Action => ({
    id: `ranking.heuristics.${id}`,
    group: 'ranking',
    title: () => actionTexts.heuristics(label),
    words: () => actionWords['ranking.heuristics'] ?? '',
    run: (session) => session.scoring.getState().choosePreset(id),
  })),
  ...[...scenarios, { id: 'all', label: null }].map(({ id, label }): Action => ({
    id: `ranking.tweets.${id}`,
    group: 'ranking',
    title: () => actionTexts.tweets(label ?? actionTexts.allTweets),
    words: () => actionWords['ranking.tweets'] ?? '',
    run: (session) => session.tweets.getState().choose(id),
  })),
];

export const chooseActions: readonly Action[] = [
  ...presetActions,
  ...engineActions,
  ...sourceActions,
  ...rankingActions,
];
