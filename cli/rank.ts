/** `rank`: scores and orders tweets, or rows of a table, with a trained model, and writes what goes into the order. */
import { forPrediction } from '../src/data/for-prediction.ts';
import { defaultTeacherConfig } from '../src/data/synthesis/teacher-config.ts';
import type { TeacherConfig } from '../src/data/synthesis/teacher-config.ts';
import type { DataPlan } from '../src/data/layout.ts';
import type { Engine } from '../src/engines/engine.ts';
import { heuristicPreset, heuristicPresets } from '../src/ranking/heuristics/presets.ts';
import type { HeuristicPreset } from '../src/ranking/heuristics/presets.ts';
import { rank as rankCandidates } from '../src/ranking/rank.ts';
import type { DroppedTweet, RankedTweet } from '../src/ranking/rank.ts';
import { sampleTweets } from '../src/ranking/scenarios/index.ts';
import { scoreBreakdown } from '../src/ranking/score.ts';
import type { ProbabilityTable } from '../src/ranking/score.ts';
import type { ScoreWeights } from '../src/ranking/score-weights.ts';
import { createTweetEncoder, createTweetWorld } from '../src/ranking/tweet-features.ts';
import { parseTweets } from '../src/ranking/tweets-file.ts';
import { candidateOf } from '../src/ranking/tweets.ts';
import type { Tweet } from '../src/ranking/tweets.ts';
import type { RunManifest } from '../src/runs/manifest.ts';
import { CliError } from './command.ts';
import type { Command, Options } from './command.ts';
import { ENGINE_OPTION } from './engine.ts';
import { readText } from './files.ts';
import { withOutputs } from './output.ts';
import { counted, Progress } from './progress.ts';
import { rankTable } from './rank-table.ts';
import { firstProblem, readScoreWeights, SCORE_WEIGHTS_OPTION } from './score-weights.ts';
import { COLUMNS_OPTION, CSV_OPTIONS } from './table.ts';
import { MODEL_OPTIONS, trainedModel } from './trained-model.ts';
import { teacherFile } from './teacher-file.ts';
import { appVersion } from './version.ts';

const presetIds = heuristicPresets.map((preset) => preset.id);

export const rank: Command = {
  name: 'rank',
  summary: 'Ranks tweets, or the rows of a table, with a trained model and writes JSON or CSV in rank order.',
  options: [
    ...MODEL_OPTIONS,
    { name: 'tweets', value: 'FILE', help: 'Tweets (JSON); the sample tweets where none is given.' },
    SCORE_WEIGHTS_OPTION,
    {
      name: 'heuristics',
      value: presetIds.join('|'),
      help: 'What follows the score; none by default.',
    },
    {
      name: 'teacher',
      value: 'FILE',
      help: "Settings of the synthetic data (YAML) whose viewers and authors the model knows; the run's own with --run.",
    },
    {
      name: 'table',
      value: 'FILE',
      help: 'In place of tweets, the rows of a CSV or Parquet file. Writes CSV.',
    },
    COLUMNS_OPTION,
    { name: 'out', value: 'FILE', help: 'File to write: JSON, of a table CSV.', required: true },
    ENGINE_OPTION,
    ...CSV_OPTIONS,
  ],
  run: (options) => (options.has('table') ? rankTable(options) : runRanking(options)),
};

async function runRanking(options: Options): Promise<void> {
  const model = await trainedModel('rank', options);
  const scoreWeights = await readScoreWeights(options.text('score-weights'), model.tasks);
  const preset = readPreset(options.text('heuristics'));
  const tweets = await readTweets(options.text('tweets'));
  const teacher = await readTeacher(options.text('teacher'), model.manifest);
  // Tweets are no records: what drops examples or mends labels does not apply to them.
  const plan = await model.plan(forPrediction(model.config.train_data));
  const engine = await model.engine(await model.load(plan));
  const progress = new Progress();
  try {
    await withOutputs(async (outputs) => {
      const file = await outputs.open(options.required('out'));
      const probabilities = await predictTweets(tweets, teacher, plan, engine);
      const { ranked, dropped } = rankCandidates(
        tweets.map(candidateOf),
        probabilities,
        scoreWeights,
        preset.steps,
      );
      const entry = (tweet: RankedTweet | DroppedTweet) => numbersOf(tweet, probabilities, scoreWeights);
      const result = {
        app: appVersion(),
        score_weights: scoreWeights.id,
        heuristics: preset.id,
        tweets: ranked.map((tweet) => ({
          id: tweet.id,
          rank: tweet.rank,
          ...entry(tweet),
          reason: tweet.reason,
        })),
        dropped: dropped.map((tweet) => ({
          id: tweet.id,
          step: tweet.step,
          ...entry(tweet),
          reason: tweet.reason,
        })),
      };
      await file.write(`${JSON.stringify(result, null, 2)}\n`);
      const gone = dropped.length > 0 ? `, ${dropped.length} dropped by heuristics` : '';
      progress.note(`${counted(ranked.length, 'tweet')} ranked by ${scoreWeights.label}${gone}.`);
    });
  } finally {
    progress.clear();
    engine.dispose();
  }
}

async function readTeacher(path: string | null, manifest: RunManifest | null): Promise<TeacherConfig> {
  const data = manifest?.recipe.data;
  if (path === null) return data?.kind === 'teacher' ? data.settings : defaultTeacherConfig;
  return teacherFile(path);
}

function readPreset(given: string | null): HeuristicPreset {
  if (given !== null && !presetIds.includes(given)) {
    throw new CliError(`--heuristics must be ${presetIds.join(' or ')}, not "${given}".`);
  }
  return heuristicPreset(given ?? 'none');
}

async function readTweets(path: string | null): Promise<readonly Tweet[]> {
  if (path === null) return sampleTweets;
  const { value, problems, notes = [] } = parseTweets(await readText(path));
  if (!value) throw firstProblem(path, problems);
  for (const note of notes) process.stderr.write(`${path}: note: ${note}\n`);
  if (value.length === 0) throw new CliError(`${path}: the file holds no tweet.`);
  return value;
}

/** Calibrated probabilities: what the heads say about the data before any downsampling. */
async function predictTweets(
  tweets: readonly Tweet[],
  teacher: TeacherConfig,
  plan: DataPlan,
  engine: Engine,
): Promise<ProbabilityTable> {
  const { layout } = plan;
  const encoder = createTweetEncoder(createTweetWorld(teacher, layout), layout);
  const { calibrated } = await engine.predict(encoder.encode(tweets));
  const bad = calibrated.findIndex((probability) => !Number.isFinite(probability));
  if (bad >= 0) {
    const [row, task] = [
      Math.floor(bad / layout.tasks.length),
      layout.tasks[bad % layout.tasks.length] ?? '',
    ];
    throw new CliError(
      `Tweet "${tweets[row]?.id ?? ''}" has no finite probability for ${task}: check its features, and that no LayerNorm has epsilon 0.`,
    );
  }
  return { tasks: layout.tasks, values: calibrated };
}

/** The numbers of one tweet; the contributions add up to the weighted sum. */
function numbersOf(
  { index, score, weightedSum, factors }: RankedTweet | DroppedTweet,
  { tasks, values }: ProbabilityTable,
  weights: ScoreWeights,
) {
  const row = Array.from(tasks, (_, column) => values[index * tasks.length + column]!);
  const { heads } = scoreBreakdown(tasks, row, weights);
  return {
    score,
    weighted_sum: weightedSum,
    heads: Object.fromEntries(
      heads.map(({ task, probability, weight, contribution }) => [
        task,
        { probability, weight, contribution },
      ]),
    ),
    factors,
  };
}
