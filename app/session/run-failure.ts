/** What went wrong with a run, of which kind: the kind says what can be done about it. */
import type { RunFailure } from '../stores/run.ts';

/** Kinds that an error's name tells, whatever was being done. */
const KINDS = new Map<string, RunFailure['kind']>([
  ['WorkerDiedError', 'worker'],
  ['RunBusyError', 'busy'],
]);

/** @param kind of all other errors. */
export function failureOf(error: unknown, kind: RunFailure['kind']): RunFailure {
  if (!(error instanceof Error)) return { kind, message: String(error) };
  return { kind: KINDS.get(error.name) ?? kind, message: error.message };
}
