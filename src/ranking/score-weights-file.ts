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
 *
 * Of the ten heads one that is not named weighs 0; heads of one's own that are not named weigh 1 each.
 */
import { stringify } from 'yaml';
import { z } from '../config/zod.ts';
import { pythonFloat } from '../config/yaml-scalars.ts';
import type { Located, YamlValue } from '../config/yaml-tree.ts';
import { MAX_WEIGHT } from './score-weights.ts';
import type { ScoreWeights } from './score-weights.ts';
import { placeOf, problemsOfIssues } from '../config/text/text-problem.ts';
import type { Parsed } from '../config/text/text-problem.ts';
import { parseYamlText } from '../config/text/yaml-text.ts';
import type { LocatedYaml } from '../config/text/yaml-text.ts';

const weight = z.number().min(-MAX_WEIGHT).max(MAX_WEIGHT);
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
  const shape = shapeProblem(yaml.value);
  if (shape) return { value: null, problems: [{ ...shape, ...placeOf(text, shape.offset) }] };
  const value = yaml.value.root ? withNumbers(yaml.value.root, null) : null;
  const checked = known ? schema.superRefine((file, context) => checkNames(file, known, context)) : schema;
  const result = checked.safeParse(value);
  if (!result.success) {
    return { value: null, problems: problemsOfIssues(result.error.issues, text, yaml.value) };
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

const EXAMPLE = '"weights:", and under it a line such as "  recap.engagement.is_favorited: 0.5"';

/** What is wrong with the file as a whole: nothing in it, no map, or heads that stand a level too high. */
function shapeProblem({ root }: LocatedYaml): { message: string; path: string[]; offset: number } | null {
  if (!root || root.value === null)
    return { message: `The file is empty: write ${EXAMPLE}`, path: [], offset: 0 };
  if (!root.entries) return { message: `These are no score weights: write ${EXAMPLE}`, path: [], offset: 0 };
  if (root.entries.has('weights')) return null;
  for (const [name, { value, key }] of root.entries) {
    if (Object.hasOwn(schema.shape, name) || typeof value === 'object') continue;
    const message = `${name}: put the heads under weights:, each indented by two spaces`;
    return { message, path: [name], offset: key?.from ?? 0 };
  }
  return null;
}

/** The value, with the unquoted numbers that PyYAML takes for texts, such as 1e-4, as numbers where weights belong. */
function withNumbers({ value, plain, entries, items }: Located, key: string | null): YamlValue {
  if (entries) {
    const inner = key === 'weights' ? 'weight' : null;
    return Object.fromEntries([...entries].map(([name, entry]) => [name, withNumbers(entry, inner ?? name)]));
  }
  if (items) return items.map((item) => withNumbers(item, null));
  const number = key === 'weight' && plain !== null && typeof value === 'string' ? pythonFloat(value) : null;
  return number ?? value;
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
  const file = {
    ...rest,
    rule: rule.kind,
    ...(rule.kind === 'larger_of_two' ? { larger_of_two: { heads: rule.heads, weight: rule.weight } } : {}),
    weights,
  };
  const text = stringify(file, {
    version: '1.1',
    defaultStringType: 'QUOTE_DOUBLE',
    // A name with characters that are escaped below must stand in quotes too.
    defaultKeyType: Object.keys(weights).every((name) => /^[\w.-]+$/.test(name)) ? 'PLAIN' : 'QUOTE_DOUBLE',
  });
  // Inside quotes, where alone they can stand, characters that nobody sees are written as escapes.
  return text.replaceAll(/[^\P{C}\n]|[\u00A0\u2028\u2029]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}
