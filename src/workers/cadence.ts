/** How often workers tell the page of what goes on, in milliseconds: the page redraws no oftener (app/cadence.ts). */
export const TELL = {
  /** Steps: a page draws at most every 16 ms, and charts need fewer. */
  steps: 50,
  /** How far an evaluation is. */
  activity: 150,
} as const;

/** Milliseconds of training that a reload may cost. */
export const AUTOSAVE_INTERVAL = 3000;
