/**
 * What the GPU tests use of Vitest, for a runtime that Vitest does not run in: `describe`, `it`, `afterEach` and its own
 * `expect`. Tests run one after the other, as in the browser.
 */
import { JestChaiExpect } from '@vitest/expect';
import * as chai from 'chai';

type Body = () => unknown;

interface Test {
  readonly name: string;
  readonly body: Body;
  readonly after: readonly Body[];
}

chai.use(JestChaiExpect);
export const { expect } = chai;

const tests: Test[] = [];
let path: string[] = [];
let after: Body[] = [];

/** A title with its row's values in place of %s. */
function title(name: string, row: readonly unknown[]): string {
  let at = 0;
  return name.replaceAll('%s', () => String(row[at++]));
}

type Row<T> = T extends readonly unknown[] ? T : readonly [T];
const rowOf = (each: unknown): readonly unknown[] => (Array.isArray(each) ? each : [each]);

export function describe(name: string, body: Body): void {
  const [outerPath, outerAfter] = [path, after];
  path = [...path, name];
  after = [...after];
  body();
  [path, after] = [outerPath, outerAfter];
}

describe.each = <T>(table: readonly T[]) =>
  function each(name: string, body: (...row: Row<T>) => unknown): void {
    for (const one of table) describe(title(name, rowOf(one)), () => body(...(rowOf(one) as Row<T>)));
  };

export function it(name: string, body: Body): void {
  tests.push({ name: [...path, name].join(' › '), body, after });
}

it.each = <T>(table: readonly T[]) =>
  function each(name: string, body: (...row: Row<T>) => unknown): void {
    for (const one of table) it(title(name, rowOf(one)), () => body(...(rowOf(one) as Row<T>)));
  };

export function afterEach(body: Body): void {
  after.push(body);
}

/** Runs what was declared since the last call and has `words` in its name. @returns counts by outcome. */
export async function runTests(
  file: string,
  log: (line: string) => void,
  words = '',
): Promise<{ passed: number; failed: number }> {
  const counts = { passed: 0, failed: 0 };
  for (const { name, body, after: ends } of tests.splice(0)) {
    if (!name.includes(words)) continue;
    const start = performance.now();
    let failure: Error | null = null;
    try {
      await body();
    } catch (error) {
      failure = error instanceof Error ? error : new Error('threw no error', { cause: error });
    }
    for (const end of ends) await end();
    const took = `${((performance.now() - start) / 1000).toFixed(1)} s`;
    if (failure === null) counts.passed += 1;
    else counts.failed += 1;
    log(`${failure === null ? '✓' : '✗'} ${file} › ${name} (${took})`);
    if (failure !== null) log(failure.stack ?? failure.message);
  }
  after = [];
  return counts;
}
