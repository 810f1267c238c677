/**
 * The ranking that a bundle may hold beside its runs, `ranking.json`: what scores and order hang on and is not as it
 * comes, in the parts and the form in which a link has them, and the sets that a person keeps.
 */
import { parseJsonText } from '../config/text/json-text.ts';
import { pathText, placeOf, problemsOfIssues, problemsText } from '../config/text/text-problem.ts';
import { z } from '../config/zod.ts';
import { BundleError } from './bundle-error.ts';

export const RANKING = 'ranking.json';
export const RANKING_FORMAT = 'heavy-ranker-ranking';
const VERSION = 1;

/** As in a link's head, whoever knows a part checks it. */
const rankingSchema = z.strictObject({
  format: z.literal(RANKING_FORMAT),
  version: z.int().min(1),
  app: z.string().max(200).optional().meta({ description: 'Version of the program that wrote it.' }),
  weights: z.unknown().optional().meta({ description: 'Score weights: id of a published set, or a set.' }),
  ownWeights: z.unknown().optional().meta({ description: 'Sets of weights that are kept.' }),
  heuristics: z.unknown().optional().meta({ description: 'Steps after the model, and their constants.' }),
  tweets: z.unknown().optional().meta({ description: 'Edited tweets, and sets of them.' }),
});

export type BundleRanking = Omit<z.output<typeof rankingSchema>, 'format' | 'version' | 'app'>;

/** A ranking's file that was read. */
export interface ReadRanking {
  /**
   * A part as its owner knows it; undefined where there is none.
   * @throws BundleError naming the place of what the owner's schema refuses.
   */
  readonly part: <T extends z.ZodType>(name: keyof BundleRanking, schema: T) => z.output<T> | undefined;
  /** Of what stands at a path, for reasons that only its owner knows. */
  readonly refusal: (
    path: readonly [keyof BundleRanking, ...(string | number)[]],
    why: string,
  ) => BundleError;
}

/** The file's text. */
export function bundleRankingText(parts: BundleRanking, app: string): string {
  return `${JSON.stringify({ format: RANKING_FORMAT, version: VERSION, app, ...parts }, null, 2)}\n`;
}

/**
 * @param path of the file, to name it by.
 * @throws BundleError naming line and column of what is wrong, or the version of a newer playground.
 */
export function readRanking(text: string, path: string = RANKING): ReadRanking {
  const json = parseJsonText(text);
  if (!json.value) throw new BundleError(path, problemsText(json.problems));
  const { value: located } = json;
  const { value } = located;
  if (typeof value === 'object' && value !== null && 'version' in value && Number(value.version) > VERSION) {
    throw new BundleError(
      path,
      `it is of version ${Number(value.version)}, which a newer playground wrote; this one reads up to ${VERSION}. Reload the page or update the program.`,
    );
  }
  const refused = (issues: readonly z.core.$ZodIssue[]): BundleError =>
    new BundleError(path, problemsText(problemsOfIssues(issues, text, located)));
  const parsed = rankingSchema.safeParse(value);
  if (!parsed.success) throw refused(parsed.error.issues);
  return {
    part(name, schema) {
      if (parsed.data[name] === undefined) return undefined;
      const read = schema.safeParse(parsed.data[name]);
      if (read.success) return read.data;
      throw refused(read.error.issues.map((issue) => ({ ...issue, path: [name, ...issue.path] })));
    },
    refusal(at, why) {
      const { line, column } = placeOf(text, located.locate(at, 'value'));
      const message = `${pathText(at)}: ${why}`;
      return new BundleError(path, problemsText([{ line, column, path: at, message }]));
    },
  };
}
