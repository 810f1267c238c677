/**
 * Building blocks of the configuration schema: optional and defaulted keys (null means absent, as in the reference),
 * number ranges, and rules over several keys that report where in the text they were broken.
 */
import { isPlainObject } from '../plain-object.ts';
import type { PlainObject } from '../plain-object.ts';
import { z } from '../zod.ts';

const FLOAT32_MAX = 3.4028234663852886e38;
/** Widest layer, embedding or batch: beyond it no single buffer would hold the weights. */
const MAX_SIZE = 1_048_576;
/** Longest list of layers or blocks. */
export const MAX_LAYERS = 256;

/** A key that may be left out or null; absent comes out as null. */
export function optional<T extends z.ZodType>(schema: T, description: string) {
  return z
    .nullable(schema)
    .optional()
    .transform((value): z.output<T> | null => (value === undefined ? null : value))
    .meta({ description });
}

/** A key that takes `value` when it is left out or null. */
export function defaulted<T extends z.ZodType>(schema: T, value: z.output<T>, description: string) {
  return z
    .nullable(schema)
    .optional()
    .transform((given): z.output<T> => (given === undefined || given === null ? value : given))
    .meta({ description, defaultValue: value });
}

/** A key that must be there. */
export function required<T extends z.ZodType>(schema: T, description: string): T {
  return schema.meta({ description });
}

export const flag = () => z.boolean();
export const text = () => z.string().min(1);
/** A finite number that float32 can hold. */
export const float = () => z.number().min(-FLOAT32_MAX).max(FLOAT32_MAX);
export const positiveFloat = () => z.number().positive().max(FLOAT32_MAX);
export const nonNegativeFloat = () => z.number().nonnegative().max(FLOAT32_MAX);
/** A width or batch size: 1 … 1,048,576. */
export const size = () => z.int().min(1).max(MAX_SIZE);
/** A number of steps, files, bytes: a whole number from 1. */
export const count = () => z.int().min(1);
/** A column or vocabulary index: a whole number from 0. */
export const index = () => z.int().min(0);

/** Where the squiggle of a broken rule goes: under the key at the path, or under its value. */
export type IssuePlace = 'key' | 'value';

/** Reports one broken rule at a path below the object under test. */
export type Report = (path: PropertyKey[], message: string, place?: IssuePlace) => void;

/**
 * Adds a rule over several keys. It runs even when some of the keys are broken themselves, so that a person sees all
 * problems at once; `check` therefore gets unknown values.
 */
export function rule<T extends z.ZodType>(schema: T, check: (value: PlainObject, report: Report) => void): T {
  return schema.superRefine(
    (value: unknown, context) => {
      if (!isPlainObject(value)) return;
      check(value, (path, message, place = 'key') => {
        context.addIssue({ code: 'custom', path, message, params: { place } });
      });
    },
    { when: (payload) => isPlainObject(payload.value) },
  );
}

/** The keys of `keys` that are set to something other than null. */
export function presentKeys(value: PlainObject, keys: readonly string[]): string[] {
  return keys.filter((key) => value[key] !== null && value[key] !== undefined);
}

/** Exactly one of `keys` must be set. */
export function exactlyOneOf<T extends z.ZodType>(schema: T, keys: readonly string[], what: string): T {
  return rule(schema, (value, report) => {
    const present = presentKeys(value, keys);
    if (present.length === 0) report([], `${what} is missing: set exactly one of ${keys.join(', ')}.`);
    for (const key of present.slice(1)) {
      report([key], `${what} is given twice: keep either ${present[0]} or ${key} and remove the other.`);
    }
  });
}
