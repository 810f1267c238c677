/**
 * How often each thing redraws, in milliseconds: one place, because together they must leave the page free. How often the
 * workers tell of steps and evaluations, which nothing here outpaces, stands in src/workers/cadence.ts: src/ knows no page.
 */
export const CADENCE = {
  /** Step, speed and status of a running run: readable, and light for the main thread. */
  numbers: 100,
  /** A new order of the ranking while training. */
  ranking: 800,
  /** The chart of the total loss, those of the heads, and the learning rates, which change least. */
  loss: 400,
  heads: 700,
  rates: 1500,
  /** Evaluation table and charts: a fast GPU evaluates several times a second. */
  evaluations: 800,
  /** What a run is to be told of: it grows over many steps. */
  guidance: 2000,
  /** Between two looks into the model while it trains, each of which reads it whole; of a large one the second. */
  model: 5000,
  largeModel: 30_000,
  /** What is worked out anew for a value that is dragged, once it rests. */
  rest: 250,
  /** An untrained model is built again once a person pauses in an edit. */
  untrained: 700,
  /** In a hidden tab, which has no frames. */
  hidden: 200,
  /** Between the redraws of two charts, so that no frame has two. */
  chartPause: 60,
  /** How long an order must be quiet before the list's elements follow what is seen. */
  settled: 1500,
} as const;

/** Steps between two predictions of the sample tweets. */
export const WATCH_EVERY = 5;
