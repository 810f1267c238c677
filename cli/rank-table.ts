/** `rank --table`: the rows of a table in the order of their score, as CSV with every number that goes into it. */
import { csvRow } from '../src/formats/csv.ts';
import { scoreFunction } from '../src/ranking/score.ts';
import { weightOf } from '../src/ranking/score-weights.ts';
import { UsageError } from './command.ts';
import type { Options } from './command.ts';
import { withOutputs } from './output.ts';
import { predictRows } from './predict-table.ts';
import { Progress } from './progress.ts';
import { readScoreWeights } from './score-weights.ts';
import { trainedModel } from './trained-model.ts';

/** Options that are about tweets only. */
const OF_TWEETS = ['tweets', 'heuristics', 'teacher'] as const;

/**
 * One line a row that can be predicted: rank, the row's number from 1, score, weighted sum, and for each head its
 * probability and what it adds to the sum (weight times probability, before a rule passes it over). A higher score comes
 * first, of equal ones the earlier row.
 */
export async function rankTable(options: Options): Promise<void> {
  const other = OF_TWEETS.find((name) => options.has(name));
  if (other !== undefined) throw new UsageError(`--${other} is about tweets: leave it out with --table.`);
  const model = await trainedModel('rank', options);
  const { tasks } = model;
  const weights = await readScoreWeights(options.text('score-weights'), tasks);
  const scorer = scoreFunction(tasks, weights);
  const progress = new Progress();
  try {
    await withOutputs(async (outputs) => {
      const file = await outputs.open(options.required('out'));
      const rows: { number: number; sum: number; score: number; probabilities: Float32Array }[] = [];
      const prediction = await predictRows(model, options, progress, ({ number, probabilities }) => {
        const sum = scorer.weightedSum(probabilities, 0);
        rows.push({ number, sum, score: scorer.offset(sum), probabilities: probabilities.slice() });
      });
      rows.sort((a, b) => b.score - a.score || a.number - b.number);
      const heads = tasks.flatMap((task) => [task, `${task} × ${weightOf(weights, task)}`]);
      await file.write(csvRow(['rank', 'row', 'score', 'weighted_sum', ...heads]));
      let text = '';
      for (const [i, { number, sum, score, probabilities }] of rows.entries()) {
        const parts = tasks.flatMap((task, t) => {
          const probability = probabilities[t]!;
          return [probability, weightOf(weights, task) * probability];
        });
        text += csvRow([i + 1, number + 1, score, sum, ...parts]);
        if (i % 1000 === 999) {
          await file.write(text);
          text = '';
        }
      }
      await file.write(text);
      for (const note of prediction.notes()) progress.note(note);
      const gaps = prediction.rows() - rows.length;
      const left = gaps > 0 ? `, ${gaps} left out for a missing value` : '';
      progress.note(`${rows.length} rows ranked by ${weights.label}${left}.`);
    });
  } finally {
    progress.clear();
  }
}
