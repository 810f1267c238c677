/**
 * Own score weights as YAML or JSON:
 *
 *     label: Mine
 *     rule: weighted_sum          # or larger_of_two
 *     larger_of_two:              # with rule larger_of_two only
 *       heads: [TASK, TASK]
 *       weight: 11
 *     weights:
 *       recap.engagement.is_favorited: 0.5
 */
import { stringify } from 'yaml';
import { z } from 'zod';
import type { ScoreWeights } from './score-weights.ts';
import { problemsOfIssues } from './text/text-problem.ts';
import type { Parsed } from './text/text-problem.ts';
import { parseYamlText } from './text/yaml-text.ts';

const weight = z.number().min(-1_000_000).max(1_000_000);
const task = z.string().min(1);

const schema = z
  .strictObject({
    id: z.string().min(1).default('own'),
    label: z.string().min(1).max(100).default('Own weights'),
    date: z.iso.date('a date is written year-month-day, as 2023-04-05').nullable().default(null),
    source: z.string().max(1_000).default('Own numbers.'),
    rule: z.enum(['weighted_sum', 'larger_of_two']).default('weighted_sum'),
    larger_of_two: z.strictObject({ heads: z.tuple([task, task]), weight }).optional(),
    weights: z.record(task, weight),
  })
  .superRefine((file, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const { larger_of_two: pair, rule, weights } = file;
    if (rule === 'larger_of_two' && !pair) {
      issue(['rule'], 'the rule larger_of_two needs a key larger_of_two with heads and weight: add it');
    }
    if (rule === 'weighted_sum' && pair) {
      issue(['larger_of_two'], 'this key belongs to the rule larger_of_two: remove it, or set the rule');
    }
    if (pair && pair.heads[0] === pair.heads[1]) {
      issue(['larger_of_two', 'heads', 1], 'the two heads must differ');
    }
    for (const head of pair?.heads ?? []) {
      if (Object.hasOwn(weights, head)) {
        issue(['weights', head], 'this head has its weight under larger_of_two: remove it here');
      }
    }
  });

/**
 * Reads one set of score weights.
 * @param known tasks that a head may have (a model's tasks): a name outside is a problem at its line. Any name is taken
 *   when absent.
 * @returns the set, or every problem with its path, line and column
 */
export function parseScoreWeights(text: string, known?: readonly string[]): Parsed<ScoreWeights> {
  const yaml = parseYamlText(text);
  if (!yaml.value) return yaml;
  const { value, locate } = yaml.value;
  const checked = known ? schema.superRefine((file, context) => checkNames(file, known, context)) : schema;
  const result = checked.safeParse(value);
  if (!result.success) {
    return { value: null, problems: problemsOfIssues(result.error.issues, text, locate) };
  }
  const { rule, larger_of_two: pair, ...rest } = result.data;
  return {
    value: {
      ...rest,
      rule:
        rule === 'larger_of_two' && pair
          ? { kind: 'larger_of_two', heads: pair.heads, weight: pair.weight }
          : { kind: 'weighted_sum' },
    },
    problems: [],
  };
}

function checkNames(file: z.output<typeof schema>, known: readonly string[], context: z.RefinementCtx): void {
  const unknown = (name: string, path: (string | number)[]) => {
    if (known.includes(name)) return;
    context.addIssue({
      code: 'custom',
      path,
      message: `there is no head "${name}"; there are ${known.join(', ')}`,
    });
  };
  for (const name of Object.keys(file.weights)) unknown(name, ['weights', name]);
  file.larger_of_two?.heads.forEach((name, position) => unknown(name, ['larger_of_two', 'heads', position]));
}

/** A set as YAML text that `parseScoreWeights` reads back the same. */
export function scoreWeightsToYaml(set: ScoreWeights): string {
  const { rule, weights, ...rest } = set;
  return stringify({
    ...rest,
    rule: rule.kind,
    ...(rule.kind === 'larger_of_two' ? { larger_of_two: { heads: rule.heads, weight: rule.weight } } : {}),
    weights,
  });
}
