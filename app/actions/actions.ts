/** Every action, each once: what the palette, the sheet of shortcuts and the keys know. Loaded when the page stands. */
import type { RunEntry } from '../../src/workers/runs-protocol.ts';
import type { Session } from '../session/session.ts';
import { checkpointActions } from './checkpoint-actions.ts';
import { chartActions, headLineActions } from './chart-actions.ts';
import { chooseActions } from './choose-actions.ts';
import { dataEditActions } from './data-edit-actions.ts';
import type { Action } from './action.ts';
import { configActions } from './config-actions.ts';
import { editActions } from './edit-actions.ts';
import { exportActions } from './export-actions.ts';
import { keptRunActions, libraryActions } from './kept-run-actions.ts';
import { mendActions } from './mend-actions.ts';
import { pageActions } from './page-actions.ts';
import { ownSetActions, rankingActions } from './ranking-actions.ts';
import { runActions } from './run-actions.ts';
import { shareActions } from './share-actions.ts';
import { suggestionActions, takeBackAction } from './suggestion-actions.ts';
import { sweepActions } from './sweep-actions.ts';
import { tourActions } from './tour-actions.ts';
import { viewActions } from './view-actions.ts';

export const actions: readonly Action[] = [
  ...runActions,
  ...sweepActions,
  ...editActions,
  ...configActions,
  ...chooseActions,
  ...suggestionActions,
  takeBackAction,
  ...rankingActions,
  ...dataEditActions,
  ...mendActions,
  ...shareActions,
  ...exportActions,
  ...chartActions,
  ...libraryActions,
  ...viewActions,
  ...tourActions,
  ...pageActions,
];

/** Those, and what can be done with the checkpoints and runs that there are and with what is shown now. */
export function actionsNow(session: Session, runs: readonly RunEntry[]): readonly Action[] {
  const offered = session.offers.now().map(({ id, group, title, why, run }): Action => ({
    id,
    group: group ?? 'charts',
    title: () => title,
    whyNot: () => why,
    run,
  }));
  return [
    ...actions,
    ...checkpointActions(session),
    ...ownSetActions(session),
    ...headLineActions(session),
    ...keptRunActions(runs),
    ...offered,
  ];
}
