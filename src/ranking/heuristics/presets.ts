/** The dated heuristic presets: ordered steps, each with a switch and its constants. */
import type { Constants } from './heuristic.ts';
import { withDefaults } from './heuristic.ts';
import { heuristicById } from './registry.ts';

export interface HeuristicStep {
  /** A heuristic's id; occurs once in a list. */
  readonly id: string;
  readonly enabled: boolean;
  readonly constants: Constants;
}

export interface HeuristicPreset {
  readonly id: string;
  readonly label: string;
  /** One sentence on what is particular to this version. */
  readonly note: string;
  readonly steps: readonly HeuristicStep[];
}

/** An enabled step with the heuristic's default constants where `constants` names none. */
export function heuristicStep(id: string, constants: Constants = {}): HeuristicStep {
  return { id, enabled: true, constants: withDefaults(heuristicById(id), constants) };
}

export const heuristicPresets: readonly HeuristicPreset[] = [
  {
    id: '2023-03',
    label: '2023-03, first publication',
    note: 'Steps one after another; author diversity looks at the scores as scaled so far.',
    steps: [
      heuristicStep('out_of_network', { factor: 0.75, spare_retweets: 1 }),
      heuristicStep('verified', { in_network: 4, out_of_network: 2, original_only: 0 }),
      heuristicStep('author_diversity', { decay: 0.5, floor: 0.25, rank_by_unscaled: 0 }),
      heuristicStep('top_n', { limit: 120 }),
      heuristicStep('best_out_of_network_per_author'),
      heuristicStep('feedback_fatigue'),
      heuristicStep('max_consecutive_out_of_network', { limit: 2 }),
    ],
  },
  {
    id: '2023-07',
    label: '2023-07, one product of factors',
    note: 'All factors multiply; author diversity looks at the scores before any factor.',
    steps: [
      heuristicStep('out_of_network', { factor: 1, spare_retweets: 0 }),
      heuristicStep('reply', { factor: 0.75 }),
      heuristicStep('verified', { in_network: 4, out_of_network: 2, original_only: 1 }),
      heuristicStep('creator', { in_network: 1.1, out_of_network: 1.3, original_only: 1 }),
      heuristicStep('author_diversity', { decay: 0.5, floor: 0.25, rank_by_unscaled: 1 }),
      heuristicStep('feedback_fatigue', {
        drop_before_days: 14,
        start_days: 14,
        floor: 0.2,
        step: 0.2,
        step_days: 35,
      }),
      heuristicStep('best_out_of_network_per_author'),
      heuristicStep('network_caps', { in_network: 60, out_of_network: 60 }),
      heuristicStep('max_consecutive_out_of_network', { limit: 2 }),
    ],
  },
  {
    id: '2025-09',
    label: '2025-09, no boost by badge',
    note: 'No verified or creator factor; old tweets are dropped, and feedback fatigue counts from day 0.',
    steps: [
      heuristicStep('out_of_network', { factor: 0.75, spare_retweets: 0 }),
      heuristicStep('reply', { factor: 0.75 }),
      heuristicStep('author_diversity', { decay: 0.5, floor: 0.25, rank_by_unscaled: 1 }),
      heuristicStep('feedback_fatigue', {
        drop_before_days: 14,
        start_days: 0,
        floor: 0.2,
        step: 0.2,
        step_days: 35,
      }),
      heuristicStep('age_limit', { max_hours: 48 }),
      heuristicStep('top_n', { limit: 50 }),
    ],
  },
  {
    id: 'none',
    label: 'No heuristics',
    note: 'The order of the score alone.',
    steps: [],
  },
];

/**
 * The preset of that id.
 * @throws RangeError naming the known ids when there is none.
 */
export function heuristicPreset(id: string): HeuristicPreset {
  const preset = heuristicPresets.find((entry) => entry.id === id);
  if (!preset) {
    const known = heuristicPresets.map((entry) => entry.id).join(', ');
    throw new RangeError(`There is no heuristic preset "${id}"; there are ${known}.`);
  }
  return preset;
}

/** Steps as JSON text that `parseHeuristicSteps` reads back the same. */
export function heuristicStepsToJson(steps: readonly HeuristicStep[]): string {
  return `${JSON.stringify(steps, null, 2)}\n`;
}
