/** Edited heuristic steps as JSON, for saving: the same checks as when they run, with the place of every problem. */
import { z } from '../../config/zod.ts';
import { parseJsonText } from '../../config/text/json-text.ts';
import { problemsOfIssues } from '../../config/text/text-problem.ts';
import type { Parsed } from '../../config/text/text-problem.ts';
import type { HeuristicStep } from './presets.ts';
import { heuristicStep } from './presets.ts';
import { heuristics } from './registry.ts';

const ids = heuristics.map((heuristic) => heuristic.id);

const stepSchema = z
  .strictObject({
    id: z.enum(ids, `there is no such heuristic; there are ${ids.join(', ')}`),
    enabled: z.boolean().default(true),
    constants: z.record(z.string(), z.number()).default({}),
  })
  .superRefine(({ id, constants }, context) => {
    const specs = heuristics.find((heuristic) => heuristic.id === id)?.constants ?? [];
    for (const [name, value] of Object.entries(constants)) {
      const spec = specs.find((entry) => entry.name === name);
      const issue = (message: string) =>
        context.addIssue({ code: 'custom', path: ['constants', name], message });
      if (!spec) {
        const known = specs.map((entry) => entry.name).join(', ') || 'none';
        issue(`${id} has no constant "${name}"; its constants: ${known}`);
      } else if (value < spec.min || value > spec.max) {
        issue(`must be between ${spec.min} and ${spec.max}, it is ${value}`);
      }
    }
  });

const stepsSchema = z.array(stepSchema).superRefine((steps, context) => {
  for (const [position, { id }] of steps.entries()) {
    if (steps.findIndex((step) => step.id === id) === position) continue;
    context.addIssue({
      code: 'custom',
      path: [position, 'id'],
      message: `"${id}" occurs twice; a list names each once`,
    });
  }
});

/**
 * Reads steps from JSON text; constants that are left out take their defaults.
 * @returns the steps in order, or every problem with its path, line and column
 */
export function parseHeuristicSteps(text: string): Parsed<HeuristicStep[]> {
  const json = parseJsonText(text);
  if (!json.value) return json;
  const result = stepsSchema.safeParse(json.value.value);
  if (!result.success)
    return { value: null, problems: problemsOfIssues(result.error.issues, text, json.value) };
  return {
    value: result.data.map(({ id, enabled, constants }) => ({ ...heuristicStep(id, constants), enabled })),
    problems: [],
  };
}
