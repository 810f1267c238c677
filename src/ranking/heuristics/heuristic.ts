/**
 * What a heuristic is: one step between the score and the final order. A step either scales scores (one factor per
 * tweet) or drops and moves tweets in the order that the steps before it left. Steps know nothing of each other.
 */
import { significant } from '../../config/number-text.ts';

/** What the heuristics need to know about a tweet. */
export interface Candidate {
  readonly id: string;
  readonly authorId: string;
  readonly inNetwork: boolean;
  readonly isReply: boolean;
  readonly isRetweet: boolean;
  readonly verified: boolean;
  readonly creator: boolean;
  readonly ageHours: number;
  /** Days since the viewer gave negative feedback on this author; null where there was none. */
  readonly feedbackFatigueDays: number | null;
}

/** A candidate in the list, with its scores so far. */
export interface Entry {
  readonly candidate: Candidate;
  /** Position in the input: the last tie-breaker everywhere. */
  readonly index: number;
  /** The score before any heuristic. */
  readonly baseScore: number;
  /** The score with all factors so far. */
  readonly score: number;
}

/** A step's constants by name; the heuristic's `constants` say what each means. */
export type Constants = Readonly<Record<string, number>>;

export interface ConstantSpec {
  readonly name: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: number;
  /** 'flag' constants are 0 or 1 and are drawn as a switch. */
  readonly kind: 'number' | 'flag';
}

export interface Scaling {
  readonly factor: number;
  /** A sentence for the tweet's reason list. */
  readonly reason: string;
}

export interface Dropped {
  readonly entry: Entry;
  readonly reason: string;
}

export interface Moved {
  readonly entry: Entry;
  readonly reason: string;
}

export interface Selection {
  /** The list afterwards, in order. */
  readonly kept: readonly Entry[];
  readonly dropped: readonly Dropped[];
  readonly moved: readonly Moved[];
}

interface HeuristicBase {
  /** Key of a preset's step and of a tweet's factor. */
  readonly id: string;
  readonly label: string;
  /** One line for a tooltip. */
  readonly meaning: string;
  readonly constants: readonly ConstantSpec[];
}

export type Heuristic = HeuristicBase &
  (
    | {
        readonly kind: 'scale';
        /**
         * By entry of the unordered list: its factor, or null where the step does not apply to that tweet.
         * A heuristic that also drops tweets says so with `drops`.
         */
        scale(entries: readonly Entry[], constants: Constants): readonly (Scaling | null)[];
        /** The entries to drop before scaling, with reasons. */
        drops?(entries: readonly Entry[], constants: Constants): readonly Dropped[];
      }
    | {
        readonly kind: 'select';
        /** Takes the list sorted by score, or as an earlier selection left it. */
        select(entries: readonly Entry[], constants: Constants): Selection;
      }
  );

/** Higher score first; equal scores keep the order of the input. */
export function byScore(a: Entry, b: Entry): number {
  return b.score - a.score || a.index - b.index;
}

/** The heuristic's constants with defaults for those a step leaves out. */
export function withDefaults(heuristic: Heuristic, constants: Constants): Constants {
  return Object.fromEntries(
    heuristic.constants.map((spec) => [spec.name, constants[spec.name] ?? spec.default]),
  );
}

/** 2 → '2', 0.4375 → '0.4375', 0.2571428… → '0.2571': factors and scores in reasons. */
export function shortNumber(value: number): string {
  return significant(value, 4);
}

/** 1 → '1st', 12 → '12th'. */
export function ordinal(value: number): string {
  const tens = value % 100;
  if (tens >= 11 && tens <= 13) return `${value}th`;
  return `${value}${['th', 'st', 'nd', 'rd'][value % 10] ?? 'th'}`;
}
