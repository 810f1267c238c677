/**
 * What a kept run's newest weights say of tweets, or of rows of its own table, by a plain forward pass: for runs beside
 * each other, none of which is open.
 */
import type { RecapBatch } from '../data/recap-batch.ts';
import { defaultTeacherConfig } from '../data/synthesis/teacher-config.ts';
import { createTeacher, teacherScores } from '../data/synthesis/teacher.ts';
import { predictPlainly } from '../engines/oracle/predict.ts';
import type { Tweet } from '../ranking/tweets.ts';
import { createTweetEncoder, createTweetWorld } from '../ranking/tweet-features.ts';
import { RunCheckpoints } from '../runs/run-checkpoints.ts';
import { RunFolderError } from '../runs/run-folder.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import { runModel } from '../runs/run-model.ts';

export interface RunTweets {
  readonly run: string;
  /** Updates done. */
  readonly step: number;
  readonly tasks: readonly string[];
  /** [tweets or rows, tasks], calibrated. */
  readonly probabilities: Float32Array;
  /** The true ones, where the run's data has a teacher. */
  readonly teacher: Float32Array | null;
}

/** What a run is asked about: tweets, or where it was trained on a table rows of that, ready to predict. */
export type Asked = { readonly tweets: readonly Tweet[] } | { readonly batch: RecapBatch };

/** Above this many parameters a plain pass over the sample tweets takes minutes. */
const MAX_PARAMETERS = 2_000_000;

/** @throws RunFolderError where the run does not read what it is asked about, has no weights kept, or is too large for a plain pass. */
export async function predictRunTweets(folder: RunFolder, asked: Asked): Promise<RunTweets> {
  const { manifest } = folder;
  const { data } = manifest.recipe;
  if (data.kind === 'table' && !('batch' in asked)) {
    throw new RunFolderError(`${manifest.name}: its model reads a table of your own, and no tweets.`);
  }
  const { recipe, plan, graph } = runModel(manifest.recipe);
  const parameters = graph.parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1),
    0,
  );
  if (parameters > MAX_PARAMETERS) {
    throw new RunFolderError(
      `${manifest.name}: its ${parameters} parameters are too many to rank with beside others; open the run to see its ranking.`,
    );
  }
  const checkpoint = await new RunCheckpoints(folder, graph, { config: '', seed: 0 }).latest();
  if (!checkpoint) throw new RunFolderError(`${manifest.name}: none of its weights are kept.`);
  const answer = (batch: RecapBatch, teacher: Float32Array | null): RunTweets => ({
    run: manifest.id,
    step: checkpoint.step,
    tasks: recipe.tasks,
    probabilities: predictPlainly(graph, checkpoint.state.model, batch).calibrated,
    teacher,
  });
  if ('batch' in asked) return answer(asked.batch, null);
  const { tweets } = asked;
  const settings = data.kind === 'teacher' ? data.settings : defaultTeacherConfig;
  const encoder = createTweetEncoder(createTweetWorld(settings, plan.layout), plan.layout);
  const teacher =
    data.kind === 'teacher'
      ? teacherScores(createTeacher(settings, plan.layout), encoder.teacherRows(tweets), recipe.tasks)
      : null;
  return answer(encoder.encode(tweets), teacher);
}
