/** Sweeps, from wherever a person is: set up, trained, stopped. */
import { chosenKeys, isThatSweep, namedKeys, plannedRuns, restOfSweep } from '../session/sweep-plan.ts';
import { goTo } from '../views/use-view.ts';
import type { Action } from './action.ts';
import { actionTexts } from '../texts/actions.ts';
import { sweepTexts } from '../texts/runs.ts';

const setUpSweepAction: Action = {
  id: 'run.sweep',
  group: 'run',
  title: () => actionTexts.sweep,
  run: ({ sweep }) => {
    goTo('runs');
    sweep.store.setState({ asked: true });
  },
};

/** Its runs one after another; what is wrong with a key or a value is said by the error. */
export const trainSweepAction: Action = {
  id: 'run.sweep.train',
  group: 'run',
  title: () => sweepTexts.train,
  whyNot: ({ sweep, draft }) => {
    const { axes, at } = sweep.store.getState();
    if (at !== null) return actionTexts.sweepBusy;
    if (!draft.getState().recipe) return actionTexts.configBroken;
    return chosenKeys(axes).length === 0 ? actionTexts.noSweepKey : null;
  },
  run: ({ sweep, draft, library }) => {
    const { axes } = sweep.store.getState();
    const { recipe, config } = draft.getState();
    if (!recipe) return;
    const runs = plannedRuns(axes, namedKeys(config), recipe);
    // It takes as long as all its runs: nobody waits for it.
    void sweep.start(chosenKeys(axes), runs).then(() => library.refresh());
  },
};

/** What an interrupted one left, in the same runs as before. */
export const goOnSweepAction: Action = {
  id: 'run.sweep.goOn',
  group: 'run',
  title: ({ sweep, library, run }) => {
    const { cells } = sweep.store.getState();
    const rest = restOfSweep(cells, library.store.getState().runs ?? [], run.getState());
    return rest ? sweepTexts.goOn(cells.length - rest.from) : actionTexts.goOnSweep;
  },
  whyNot: ({ sweep, draft, library, run }) => {
    const { axes, cells, at } = sweep.store.getState();
    const { runs } = library.store.getState();
    const { recipe, config } = draft.getState();
    if (at !== null) return actionTexts.sweepBusy;
    if (!runs || !restOfSweep(cells, runs, run.getState())) return actionTexts.noSweepLeft;
    if (!recipe) return actionTexts.configBroken;
    try {
      return isThatSweep(cells, plannedRuns(axes, namedKeys(config), recipe), runs)
        ? null
        : actionTexts.otherSweep;
    } catch {
      return actionTexts.otherSweep;
    }
  },
  run: ({ sweep, draft, library, run }) => {
    const { axes, cells } = sweep.store.getState();
    const { recipe, config } = draft.getState();
    const rest = restOfSweep(cells, library.store.getState().runs ?? [], run.getState());
    if (!recipe || !rest) return;
    void sweep.goOn(plannedRuns(axes, namedKeys(config), recipe), rest).then(() => library.refresh());
  },
};

export const stopSweepAction: Action = {
  id: 'run.sweep.stop',
  group: 'run',
  title: () => actionTexts.stopSweep,
  whyNot: ({ sweep }) => (sweep.store.getState().at === null ? actionTexts.noSweep : null),
  run: ({ sweep }) => sweep.stop(),
};

export const sweepActions: readonly Action[] = [
  setUpSweepAction,
  trainSweepAction,
  goOnSweepAction,
  stopSweepAction,
];
