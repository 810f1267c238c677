/** What keeps a data section from working with its schema, each problem with its place in the configuration. */

export interface DataProblem {
  /** Path within the data section, such as ['preprocess', 'truncate_and_slice', 'continuous_feature_truncation']. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what to do. */
  readonly message: string;
}

/** A data section that does not fit its schema. `problems` has all of them, the message the first. */
export class DataConfigError extends Error {
  override readonly name = 'DataConfigError';
  readonly problems: readonly DataProblem[];

  constructor(problems: readonly DataProblem[]) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    super(
      first
        ? `${first.path.join('.')}: ${first.message}${more}`
        : 'The data section does not fit its schema.',
    );
    this.problems = problems;
  }
}
