/** --score-weights: a published set, a file, or what suits the model's heads. */
import { parseScoreWeights } from '../src/ranking/score-weights-file.ts';
import { defaultWeights, publishedScoreWeights, weightsOfHeads } from '../src/ranking/score-weights.ts';
import type { ScoreWeights } from '../src/ranking/score-weights.ts';
import { CliError } from './command.ts';
import type { OptionSpec } from './command.ts';
import { readText } from './files.ts';

const publishedIds = publishedScoreWeights.map((set) => set.id);

export const SCORE_WEIGHTS_OPTION: OptionSpec = {
  name: 'score-weights',
  value: `${publishedIds.join('|')}|FILE`,
  help: 'Head weights: a published set or a YAML file; by default 2023-04-05, for heads of a table 1 each.',
};

/** A published set by its id, else a file; without either, the default for these heads. @throws CliError naming the place in the file. */
export async function readScoreWeights(
  given: string | null,
  tasks: readonly string[],
): Promise<ScoreWeights> {
  if (given === null) return defaultWeights(tasks);
  const published = publishedScoreWeights.find((set) => set.id === given);
  if (published) return weightsOfHeads(tasks, published);
  if (/^\d{4}-\d{2}(-\d{2})?$/.test(given)) {
    throw new CliError(`--score-weights must be ${publishedIds.join(' or ')} or a file, not "${given}".`);
  }
  const { value, problems } = parseScoreWeights(await readText(given), tasks);
  if (!value) throw firstProblem(given, problems);
  return weightsOfHeads(tasks, value);
}

/** The first of a file's problems, with its place. */
export function firstProblem(
  path: string,
  problems: readonly { readonly message: string; readonly line: number; readonly column: number }[],
): CliError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new CliError(
    first
      ? `${path}:${first.line}:${first.column}: ${first.message}${more}`
      : `${path}:1:1: this can't be read.`,
  );
}
