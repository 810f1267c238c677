/** How the training charts are looked at: axes, window, outliers, and which heads have a line. */
import { headStyle } from '../heads.ts';
import type { Session } from '../session/session.ts';
import { AXES } from '../stores/chart-view.ts';
import { actionTexts } from '../texts/actions.ts';
import { chartTexts } from '../texts/chart.ts';
import type { Action } from './action.ts';

const { controls, axes } = chartTexts;

const axisActions = AXES.map((axis): Action => ({
  id: `charts.axis.${axis}`,
  group: 'charts',
  title: () => actionTexts.chartsAlong(axes[axis]),
  run: ({ chartView }) => chartView.getState().setAxis(axis),
}));

/** A switch: on where it is off, and off where it is on. */
function switchAction(
  id: string,
  name: () => string,
  isOn: (session: Session) => boolean,
  turn: (session: Session, on: boolean) => void,
): Action {
  return {
    id: `charts.${id}`,
    group: 'charts',
    title: (session) => (isOn(session) ? actionTexts.chartsWithout : actionTexts.chartsWith)(name()),
    run: (session) => turn(session, !isOn(session)),
  };
}

export const showAllAction: Action = {
  id: 'charts.showAll',
  group: 'charts',
  title: () => actionTexts.chartsWhole,
  whyNot: ({ chartView }) => (chartView.getState().window === null ? actionTexts.chartsAreWhole : null),
  run: ({ chartView }) => chartView.getState().set({ window: null }),
};

/** Each head's line, of the run or of what is shown. */
export function headLineActions(session: Session): Action[] {
  const { run, config, settings } = session;
  const tasks = run.getState().info?.tasks ?? Object.keys(config.getState().valid?.config.model.tasks ?? {});
  return tasks.map((task) =>
    switchAction(
      `head.${task}`,
      () => headStyle(task).label,
      () => !settings.getState().hiddenHeads.includes(task),
      () => settings.getState().toggleHead(task),
    ),
  );
}

export const chartActions: readonly Action[] = [
  ...axisActions,
  switchAction(
    'logY',
    () => controls.logAxis,
    ({ settings }) => settings.getState().logLoss,
    ({ settings }, logLoss) => settings.getState().set({ logLoss }),
  ),
  switchAction(
    'logX',
    () => controls.logX,
    ({ chartView }) => chartView.getState().logX,
    ({ chartView }, logX) => chartView.getState().set({ logX }),
  ),
  switchAction(
    'outliers',
    () => controls.outliersOut,
    ({ chartView }) => chartView.getState().outliersOut,
    ({ chartView }, outliersOut) => chartView.getState().set({ outliersOut }),
  ),
  showAllAction,
];
