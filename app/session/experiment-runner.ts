/** Runs an experiment on the page's own session: the default model, then the changed one; then everything as it was. */
import { setInText } from '../../src/config/edit-text.ts';
import { latestOf } from '../../src/training/guidance/findings.ts';
import type { TaskEvaluation } from '../../src/training/events.ts';
import { publishedWeights, withWeight } from '../../src/ranking/score-weights.ts';
import { scoreFunction } from '../../src/ranking/score.ts';
import { answerOf } from '../stores/experiments.ts';
import type { Answer, Outcome } from '../stores/experiments.ts';
import type { Snapshot } from '../stores/ranking.ts';
import type { ExperimentId } from '../texts/story.ts';
import type { Session } from './session.ts';
import { presets } from './built-in.ts';
import { answerTexts } from '../texts/experiments.ts';
import '../stores/readers.ts';

const STEPS = 150;
const LAST = 20;
const LIKE = 'recap.engagement.is_favorited';
const REPORT = 'recap.engagement.is_report_tweet_clicked';
const PRESET = 'playground.yaml';

/** An experiment that could not be finished. */
export class ExperimentError extends Error {
  override readonly name = 'ExperimentError';
}

interface Variant {
  readonly edit: (text: string) => string;
  readonly teacher: 'easy' | 'noise';
  /** Factor on all learning rates. */
  readonly rate: number;
}

const BASE: Variant = { edit: (text) => text, teacher: 'easy', rate: 1 };
const backbone = ['model', 'backbone'];

const VARIANTS: Readonly<Record<ExperimentId, Partial<Variant> | null>> = {
  // The same run under other weights.
  report: null,
  rate: { rate: 10 },
  mask: {
    edit: (text) =>
      setInText(text, backbone, { mlp_config: { layer_sizes: [128, 64], final_layer_activation: true } }),
  },
  serial: { edit: (text) => setInText(text, [...backbone, 'mask_net_config', 'use_parallel'], false) },
  // To a model that sees them, a positive that counts ten times is nine of ten negatives left out.
  downsampling: { edit: (text) => setInText(text, ['model', 'tasks', LIKE, 'pos_weight'], 10) },
  noise: { teacher: 'noise' },
};

/**
 * @param told how far it is, in words.
 * @throws ExperimentError when a run fails or is stopped; what was in the editor is back then too.
 */
export async function runExperiment(
  session: Session,
  id: ExperimentId,
  told: (progress: string) => void,
): Promise<Answer> {
  const { text, name, original } = session.config.getState();
  const { kind, teacher, teacherText, seed, examples } = session.data.getState();
  const { plannedChanges } = session.settings.getState();
  try {
    const variant = VARIANTS[id];
    const count = variant ? 2 : 1;
    const base = await outcomeOf(session, BASE, (step) => told(answerTexts.running(1, count, step, STEPS)));
    const other = variant
      ? await outcomeOf(session, { ...BASE, ...variant }, (step) =>
          told(answerTexts.running(2, 2, step, STEPS)),
        )
      : base;
    const answer = answerOf(id, base, other);
    if (!answer) throw new ExperimentError(answerTexts.tooLittle);
    return answer;
  } finally {
    session.settings.getState().set({ plannedChanges });
    const data = session.data.getState();
    data.choose({ kind, teacher, seed, examples });
    if (session.data.getState().teacherText !== teacherText) data.setTeacherText(teacherText);
    const config = session.config.getState();
    config.open(name, original);
    config.setText(text);
  }
}

async function outcomeOf(
  session: Session,
  { edit, teacher, rate }: Variant,
  told: (step: number) => void,
): Promise<Outcome> {
  const preset = presets.find(({ file }) => file === PRESET)?.text ?? '';
  const small = [
    ['num_train_steps', STEPS],
    ['eval_log_every_n', STEPS],
    ['checkpoint_every_n', STEPS],
  ] as const;
  const text = small.reduce(
    (changed, [key, value]) => setInText(changed, ['training', key], value),
    edit(preset),
  );
  session.settings.getState().set({
    plannedChanges: rate === 1 ? [] : [{ step: 0, key: 'learning_rate', value: rate }],
  });
  session.data.getState().choose({ kind: 'teacher', teacher, examples: null });
  session.config.getState().open(PRESET, text);
  await session.restart();
  const { phase, message } = await ended(session, told);
  if (phase === 'failed' || phase === 'paused') {
    throw new ExperimentError(message ?? answerTexts.stopped);
  }
  const { series, evaluations } = session.run.getState();
  const losses = series?.losses ?? new Float64Array(0);
  const last = losses.slice(-LAST);
  const tasks = latestOf(evaluations, 'validation')?.tasks ?? [];
  const aurocs = tasks.flatMap(({ auroc }) => (auroc.kind === 'value' ? [auroc.value] : []));
  const { now } = session.ranking.getState();
  return {
    loss: phase === 'diverged' ? Number.POSITIVE_INFINITY : mean(last),
    auroc: aurocs.length === 0 ? null : mean(aurocs),
    like: likeOf(tasks),
    moved: now && movedWithoutReports(now),
  };
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function likeOf(tasks: readonly TaskEvaluation[]): Outcome['like'] {
  const like = tasks.find(({ task }) => task === LIKE);
  if (like?.ctr.kind !== 'value' || like.pctr.kind !== 'value' || like.auroc.kind !== 'value') return null;
  const { x, counts } = like.calibration;
  const guesses = Array.from(x, (guess, bin) => ({ guess, examples: counts[bin] ?? 0 }));
  return { ctr: like.ctr.value, pctr: like.pctr.value, auroc: like.auroc.value, guesses };
}

/** Tweets whose place by the score alone differs once reports weigh nothing. */
function movedWithoutReports({ tasks, probabilities }: Snapshot): Outcome['moved'] {
  const weights = publishedWeights('2023-04-05');
  const places = (set: typeof weights): number[] => {
    const score = scoreFunction(tasks, set);
    const count = probabilities.length / tasks.length;
    const scores = Array.from({ length: count }, (_, row) => score.weightedSum(probabilities, row));
    const order = [...scores.keys()].toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    return scores.map((_, row) => order.indexOf(row));
  };
  const [withReports, without] = [places(weights), places(withWeight(weights, REPORT, 0))];
  return {
    tweets: withReports.length,
    without: withReports.filter((place, row) => place !== without[row]).length,
  };
}

/** Waits for the end of the run that has just begun. */
function ended(session: Session, told: (step: number) => void) {
  return new Promise<{ readonly phase: string; readonly message: string | null }>((resolve) => {
    const look = (): boolean => {
      const { phase, step, message, failure } = session.run.getState();
      told(step);
      // Behind its last step the run is evaluated and predicted with once more; the phase changes after that.
      const over =
        phase === 'finished' ||
        phase === 'diverged' ||
        phase === 'failed' ||
        (phase === 'paused' && step > 0);
      if (over) resolve({ phase, message: failure?.message ?? message });
      return over;
    };
    if (look()) return;
    const stop = session.run.subscribe(() => {
      if (look()) stop();
    });
  });
}
