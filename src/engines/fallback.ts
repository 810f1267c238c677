/** Goes down a list of engines until one works: a driver's fault costs speed, never the run. */
import type { Engine, EngineName } from './engine.ts';

export interface Working {
  readonly name: EngineName;
  readonly engine: Engine;
  /** A sentence on every engine that was given up, and on what the working one found of its device. */
  readonly notes: readonly string[];
}

/** @throws what the last engine of the list threw, when none works. */
export async function firstThatWorks(
  order: readonly EngineName[],
  make: (name: EngineName) => Promise<Engine>,
): Promise<Working> {
  const notes: string[] = [];
  let last: Error | null = null;
  for (const name of order)
    try {
      const engine = await make(name);
      return { name, engine, notes: [...notes, ...(engine.info.notes?.() ?? [])] };
    } catch (error) {
      last = error instanceof Error ? error : new Error('it gave no reason', { cause: error });
      notes.push(`${name} was given up: ${/[.!?]$/.test(last.message) ? last.message : `${last.message}.`}`);
    }
  throw last ?? new Error('there is no engine to try');
}
