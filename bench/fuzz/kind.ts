/** What a kind of input is to the fuzzer: how to make one, and what reading it must be like. */
import fc from 'fast-check';

/** What one input came to: `value`, or the name of our error. */
export type Outcome = string;

export interface KindSpec<T> {
  /** For --only and the report. */
  readonly name: string;
  readonly input: fc.Arbitrary<T>;
  /**
   * Reads the input. Returns when there is a value, after checking it against what is known of it (another reader, what it
   * was made of); throws one of `errors` when the input is refused.
   */
  read(input: T): Promise<void> | void;
  /** The errors of ours that may come. */
  readonly errors: readonly (abstract new (...args: never[]) => Error)[];
  /** Reads something good with whatever the reader keeps between inputs; must give the same at all times. */
  probe(): unknown;
  /** What one input may take, in processor time and memory; by default 2,000 ms and 256 MB. */
  readonly limits?: { readonly ms: number; readonly megabytes: number };
  /** The input as a file, to keep it as a case. */
  bytes(input: T): Uint8Array;
}

export interface FuzzKind {
  readonly name: string;
  readonly limits: { readonly ms: number; readonly megabytes: number };
  /**
   * Reads `runs` inputs.
   * @param measured whether time and memory count: they do in a program of its own, never in a test.
   */
  run(seed: number, runs: number, measured: boolean): Promise<KindResult>;
}

export interface KindResult {
  readonly runs: number;
  readonly outcomes: ReadonlyMap<Outcome, number>;
  /** The smallest input found that is not read as it must be. */
  readonly failure: { readonly message: string; readonly path: string; readonly bytes: Uint8Array } | null;
}

/** Longest message that a person would read. */
const MAX_MESSAGE = 3000;

function checkMessage({ message }: Error): void {
  if (message.length < 10 || message.length > MAX_MESSAGE)
    throw new Error(`A message of ${message.length} characters.`);
  if (/undefined|\[object/.test(message))
    throw new Error(`A message with a value that nobody can read: ${message}`);
}

/** Bytes of all memory that the process holds for values. */
function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Makes a kind of its description; the type of its inputs stays inside. */
export function fuzzKind<T>(spec: KindSpec<T>): FuzzKind {
  const limits = spec.limits ?? { ms: 2000, megabytes: 256 };

  async function outcomeOf(input: T): Promise<Outcome> {
    try {
      await spec.read(input);
      return 'value';
    } catch (error) {
      if (!(error instanceof Error) || !spec.errors.some((kind) => error instanceof kind)) throw error;
      checkMessage(error);
      return error.name;
    }
  }

  /** Time and memory of a second reading, when those of the first were too much: other work must not count. */
  async function measuredOutcome(input: T): Promise<Outcome> {
    for (let attempt = 0; ; attempt++) {
      const before = memory();
      const start = process.cpuUsage();
      const outcome = await outcomeOf(input);
      const { user, system } = process.cpuUsage(start);
      const ms = (user + system) / 1000;
      const megabytes = (memory() - before) / 1e6;
      if (ms <= limits.ms && megabytes <= limits.megabytes) return outcome;
      if (attempt === 2) {
        throw new Error(
          `It took ${Math.round(ms)} ms and ${Math.round(megabytes)} MB of ${limits.ms} ms and ${limits.megabytes} MB.`,
        );
      }
    }
  }

  return {
    name: spec.name,
    limits,
    async run(seed, runs, measured) {
      const outcomes = new Map<Outcome, number>();
      const good = JSON.stringify(spec.probe());
      const property = fc.asyncProperty(spec.input, async (input) => {
        const before = spec.bytes(input).slice();
        const outcome = await (measured ? measuredOutcome(input) : outcomeOf(input));
        if (Buffer.compare(before, spec.bytes(input)) !== 0) throw new Error('Reading changed the input.');
        if (JSON.stringify(spec.probe()) !== good)
          throw new Error('Something good is read otherwise after this input.');
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      });
      const details = await fc.check(property, { seed, numRuns: runs });
      const [input] = details.counterexample ?? [];
      const cause = details.errorInstance;
      return {
        runs: details.numRuns,
        outcomes,
        failure: details.failed
          ? {
              message: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause),
              path: details.counterexamplePath ?? '',
              bytes: input === undefined ? new Uint8Array(0) : spec.bytes(input),
            }
          : null,
      };
    },
  };
}
