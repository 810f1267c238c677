/** A run told in words, at a pace that can be listened to. */
import type { RunSeries } from '../../src/runs/run-series.ts';
import { count, decimal } from '../format.ts';
import { speedOf } from './run.ts';
import { trainingTexts } from '../texts/training.ts';

/** How far a run was when it was last told of. */
export interface Told {
  readonly tenth: number;
  /** Seconds of training. */
  readonly elapsed: number;
}

/** Seconds of training between two sentences at least. */
const PAUSE = 10;
/** Steps whose mean loss is told: one step's alone jumps. */
const STEPS = 20;

/** Mean of a loss's first and last steps, each over at most a tenth of the run. */
function fall(losses: Float64Array): readonly [number, number] {
  const steps = Math.max(1, Math.min(STEPS, Math.floor(losses.length / 10)));
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / steps;
  return [mean(losses.subarray(0, steps)), mean(losses.subarray(losses.length - steps))];
}

/** The time left in words that are read out well. */
function left(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  const minutes = Math.round(seconds / 60);
  return minutes >= 2
    ? trainingTexts.minutesLeft(minutes)
    : trainingTexts.secondsLeft(Math.max(1, Math.round(seconds)));
}

/** How the run stands, one to three short sentences. @param total steps that it is to do. */
export function runWords(series: RunSeries, total: number): string {
  const { losses, steps } = series;
  const step = (steps.at(-1) ?? -1) + 1;
  if (step === 0) return '';
  const [first, now] = fall(losses);
  const moved = now < first ? trainingTexts.lossDown : trainingTexts.lossUp;
  const loss =
    losses.length > 1 ? moved(decimal(now, 3), decimal(first, 3)) : trainingTexts.lossIs(decimal(now, 3));
  const { stepsPerSecond } = speedOf(series);
  const rest = step < total && stepsPerSecond > 0 ? left((total - step) / stepsPerSecond) : '';
  return rest === ''
    ? trainingTexts.told(count(step), count(total), loss)
    : trainingTexts.toldWithRest(count(step), count(total), loss, rest);
}

/** What is to be said now, and how far the run is then; null while it is too soon after `told`. */
export function nextWords(
  series: RunSeries,
  total: number,
  told: Told | null,
): { readonly words: string; readonly told: Told } | null {
  const step = (series.steps.at(-1) ?? -1) + 1;
  if (step === 0) return null;
  const elapsed = (series.elapsed.at(-1) ?? 0) / 1000;
  const tenth = total > 0 ? Math.floor((10 * step) / total) : 0;
  if (told && (tenth <= told.tenth || elapsed - told.elapsed < PAUSE)) return null;
  // A first sentence at the first step would only say that it has begun, which the status has said.
  if (!told && elapsed < PAUSE / 2) return null;
  return { words: runWords(series, total), told: { tenth, elapsed } };
}
