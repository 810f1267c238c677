/** What a run and its data are taken away as, and what they are made from again: files of every kind. */
import { manifestText } from '../../src/runs/new-manifest.ts';
import type { ExportFormat } from '../../src/formats/export.ts';
import type { MetricsFormat } from '../../src/runs/metrics-export.ts';
import { compact, count } from '../format.ts';
import { pickFiles } from '../parts/pick-files.ts';
import { saveFile } from '../parts/save-file.ts';
import type { Session } from '../session/session.ts';
import type { DataState } from '../stores/data.ts';
import { weightsFor } from '../stores/scoring.ts';
import { tweetsShown } from '../stores/tweets.ts';
import { dataTexts, ownTableTexts } from '../texts/data.ts';
import { weightsPanelTexts } from '../texts/weights.ts';
import { signedYaml } from '../version.ts';
import type { Action } from './action.ts';
import { take } from './take.ts';
import { actionTexts } from '../texts/actions.ts';

function noModel(session: Session): string | null {
  const { info, phase } = session.run.getState();
  return info === null || phase === 'preparing' ? actionTexts.modelBuilding : null;
}

const weightsAction = (kind: 'weights' | 'checkpoint'): Action => ({
  id: `share.${kind}`,
  group: 'share',
  title: () => weightsPanelTexts[kind === 'weights' ? 'exportWeights' : 'exportCheckpoint'],
  words: () => 'safetensors',
  whyNot: noModel,
  once: true,
  run: async (session) => {
    const { step } = session.run.getState();
    const name = `${kind === 'weights' ? 'model' : 'checkpoint'}-step-${step}.safetensors`;
    saveFile(await session.exports.weights(kind), name);
  },
});

export const exportWeightsAction = weightsAction('weights');
export const exportCheckpointAction = weightsAction('checkpoint');

const EXPORT_FORMATS = ['pytorch', 'onnx', 'reference'] as const satisfies readonly ExportFormat[];

export const exportModelActions = EXPORT_FORMATS.map(
  (format): Action & { readonly format: ExportFormat } => ({
    id: `share.model.${format}`,
    format,
    group: 'share',
    title: () => weightsPanelTexts.exportAs(weightsPanelTexts.formats[format].name),
    words: () => weightsPanelTexts.formats[format].hint,
    whyNot: noModel,
    once: true,
    run: async (session) => {
      const { file, name } = await session.exports.model(format);
      saveFile(file, name);
    },
  }),
);

export const saveManifestAction: Action = {
  id: 'share.manifest',
  group: 'share',
  title: () => weightsPanelTexts.saveManifest,
  whyNot: noModel,
  run: (session) => {
    const { manifest } = session.run.getState();
    if (manifest) saveFile(new Blob([manifestText(manifest)], { type: 'application/json' }), 'manifest.json');
  },
};

const METRICS: Readonly<Record<MetricsFormat, string>> = { csv: 'CSV', jsonl: 'JSON Lines' };

export const metricsActions = (['csv', 'jsonl'] as const).map(
  (format): Action & { readonly name: string } => ({
    id: `share.metrics.${format}`,
    name: METRICS[format],
    group: 'share',
    title: () => weightsPanelTexts.downloadMetrics(METRICS[format]),
    // The training worker writes the file: after a reload the steps are shown before it has the run.
    whyNot: (session) =>
      (session.run.getState().series?.length ?? 0) > 0 ? noModel(session) : actionTexts.noStepYet,
    run: async (session) => saveFile(await session.exports.metrics(format), `metrics.${format}`),
  }),
);

const base = (file: string): string => file.replace(/(?:\.[A-Za-z0-9]+)+$/, '');

/** Of data without an end. */
const EXPORT_EXAMPLES = 10_000;

export function exportRecordsHint({ kind, table, examples }: DataState): string {
  return kind === 'table' && table
    ? dataTexts.exportTable(table.counts?.train ?? null)
    : dataTexts.exportExamples(compact(examples ?? EXPORT_EXAMPLES));
}

/** The way out as TFRecords: of a table its rows to train on and those held out, a file each. */
export const exportRecordsAction: Action = {
  id: 'data.export',
  group: 'data',
  title: () => dataTexts.export,
  whyNot: (session) => {
    const { kind, tableFile, exporting } = session.data.getState();
    if (exporting) return actionTexts.exporting;
    if (kind === 'files') return actionTexts.areFiles;
    return kind === 'table' && tableFile === null ? dataTexts.absent : null;
  },
  run: async (session) => {
    const { kind, table, examples } = session.data.getState();
    const { dataActions } = session;
    if (kind !== 'table' || !table) {
      const blob = await dataActions.exportTfRecords(examples ?? EXPORT_EXAMPLES);
      if (blob) saveFile(blob, 'recap.tfrecord.gz');
      return;
    }
    const counts = await (await session.tables()).counts();
    for (const [side, rows] of [
      ['train', counts.train],
      ['held-out', counts.heldOut],
    ] as const) {
      const blob = await dataActions.exportTfRecords(rows, side);
      if (!blob) return;
      saveFile(blob, `${base(table.name)}-${side}.tfrecord.gz`);
    }
  },
};

/** A table in, a file of its rows' probabilities out. @returns what came of it, in words. */
export async function predictTable(session: Session, file: File, signal: AbortSignal): Promise<string> {
  const { blob, rows, empty, notes } = await (await session.tables()).predict(file, signal);
  saveFile(blob, `${base(file.name)}-predictions.csv`);
  const done =
    empty > 0 ? ownTableTexts.predictedWithGaps(rows, count(empty)) : ownTableTexts.predicted(rows);
  return [done, ...notes].join(' ');
}

const predictTableAction: Action = {
  id: 'data.predict',
  group: 'data',
  title: () => ownTableTexts.predictHint,
  whyNot: (session) => (session.recipe()?.data.kind === 'table' ? noModel(session) : actionTexts.noTableRun),
  run: (session) => {
    pickFiles(([file]) => {
      if (!file) return;
      const { say } = session.page.getState();
      void predictTable(session, file, new AbortController().signal).then(
        (text) => say({ tone: 'info', title: ownTableTexts.predict, text }),
        (error: unknown) =>
          say({
            tone: 'warning',
            title: actionTexts.failed(ownTableTexts.predict),
            text: error instanceof Error ? error.message : String(error),
          }),
      );
    });
  },
};

const openManifestAction: Action = {
  id: 'share.openManifest',
  group: 'share',
  title: () => weightsPanelTexts.openManifestHint,
  run: (session) => pickFiles((files) => void take(session, files, 'manifest')),
};

const importWeightsAction: Action = {
  id: 'share.import',
  group: 'share',
  title: () => weightsPanelTexts.importHint,
  run: (session) => pickFiles((files) => void take(session, files, 'weights')),
};

export const saveWeightSetAction: Action = {
  id: 'ranking.saveWeights',
  group: 'ranking',
  title: () => actionTexts.saveHeadWeights,
  run: async ({ scoring, ranking }) => {
    const { scoreWeightsToYaml } = await import('../../src/ranking/score-weights-file.ts');
    const text = signedYaml(
      scoreWeightsToYaml(weightsFor(ranking.getState().now?.tasks ?? [], scoring.getState())),
    );
    saveFile(new Blob([text], { type: 'text/yaml' }), 'score-weights.yaml');
  },
};

export const saveTweetsAction: Action = {
  id: 'ranking.saveTweets',
  group: 'ranking',
  title: () => actionTexts.saveTweets,
  run: async ({ tweets, app }) => {
    const { tweetsToJson } = await import('../../src/ranking/tweets-file.ts');
    const text = tweetsToJson(
      tweetsShown(tweets.getState()).map(({ tweet }) => tweet),
      app,
    );
    saveFile(new Blob([text], { type: 'application/json' }), 'tweets.json');
  },
};

export const exportActions: readonly Action[] = [
  exportWeightsAction,
  exportCheckpointAction,
  ...exportModelActions,
  importWeightsAction,
  saveManifestAction,
  openManifestAction,
  ...metricsActions,
  exportRecordsAction,
  predictTableAction,
  saveWeightSetAction,
  saveTweetsAction,
];
