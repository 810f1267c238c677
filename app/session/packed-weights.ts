/** A set of weights in few words, for links and bundles: the id of a set that everyone has, and what differs from it. */
import { z } from '../../src/config/zod.ts';
import { parseScoreWeights, scoreWeightsToYaml } from '../../src/ranking/score-weights-file.ts';
import { publishedScoreWeights } from '../../src/ranking/score-weights.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import { valueDifferences } from '../../src/runs/recipe-forms.ts';
import { ALIKE } from '../stores/scoring.ts';

const differentSchema = z.strictObject({
  of: z.string().min(1).max(100),
  /** By task; null where the set has none. */
  heads: z.record(z.string(), z.number().nullable()).default({}),
  /** Of the larger of two. */
  pair: z.number().optional(),
  id: z.string().optional(),
  label: z.string().optional(),
  source: z.string().optional(),
  date: z.string().nullable().optional(),
});

export const packedWeightsSchema = z.union([z.string().max(100_000), differentSchema]).meta({
  description: 'Id of a set that comes with the program, what differs from one, or the text of a set.',
});

export type PackedWeights = z.output<typeof packedWeightsSchema>;

const COMMON = [...publishedScoreWeights, ALIKE];

export function sameWeights(a: ScoreWeights, b: ScoreWeights): boolean {
  return valueDifferences(a, b).length === 0;
}

/** As `unpackedWeights` gives it back. */
export function packedWeights(set: ScoreWeights): PackedWeights {
  const same = COMMON.find((one) => sameWeights(one, set));
  if (same) return same.id;
  const all = COMMON.map((base) => differentFrom(base, set)).filter((packed) =>
    sameWeights(different(packed) ?? ALIKE, set),
  );
  const [first, ...more] = all;
  const size = (packed: PackedWeights): number => JSON.stringify(packed).length;
  return first
    ? more.reduce((best, one) => (size(one) < size(best) ? one : best), first)
    : scoreWeightsToYaml(set);
}

type Different = z.output<typeof differentSchema>;

function differentFrom(base: ScoreWeights, set: ScoreWeights): Different {
  const tasks = [...new Set([...Object.keys(base.weights), ...Object.keys(set.weights)])];
  const pair = set.rule.kind === 'larger_of_two' ? set.rule.weight : undefined;
  const basePair = base.rule.kind === 'larger_of_two' ? base.rule.weight : undefined;
  return {
    of: base.id,
    heads: Object.fromEntries(
      tasks
        .filter((task) => base.weights[task] !== set.weights[task])
        .map((task) => [task, set.weights[task] ?? null]),
    ),
    ...(pair !== undefined && pair !== basePair && { pair }),
    ...(set.id !== base.id && { id: set.id }),
    ...(set.label !== base.label && { label: set.label }),
    ...(set.source !== base.source && { source: set.source }),
    ...(set.date !== base.date && { date: set.date }),
  };
}

/** Null where there is no such set. */
function different({ of, heads, pair, ...words }: Different): ScoreWeights | null {
  const base = COMMON.find(({ id }) => id === of);
  if (!base) return null;
  const weights = Object.entries({ ...base.weights, ...heads }).filter(
    (entry): entry is [string, number] => entry[1] !== null,
  );
  const rule =
    pair !== undefined && base.rule.kind === 'larger_of_two' ? { ...base.rule, weight: pair } : base.rule;
  return { ...base, ...words, rule, weights: Object.fromEntries(weights) };
}

/** The set, or what is wrong with it: it is checked as a file of weights is. */
export function unpackedWeights(packed: PackedWeights): ReturnType<typeof parseScoreWeights> {
  const common = COMMON.find(({ id }) => id === packed);
  if (common) return { value: common, problems: [] };
  if (typeof packed === 'string') return parseScoreWeights(packed);
  const set = different(packed);
  return parseScoreWeights(set ? scoreWeightsToYaml(set) : packed.of);
}
