/** What every benchmark is: a name for --only, and a run that gives JSON for machines and a table for people. */

/** Where training rows run: Chromium, Firefox, Dawn in Node, wgpu in Deno. */
export const RUNTIMES = ['browser', 'firefox', 'node', 'deno'] as const;
export type Runtime = (typeof RUNTIMES)[number];

export interface BenchOptions {
  readonly root: string;
  /** With several, those that are not installed are left out, by name. */
  readonly runtimes: readonly Runtime[];
  /** Restricts the training benchmark's rows; null for all. */
  readonly engines: readonly string[] | null;
  readonly presets: readonly string[] | null;
  /** Whether the training benchmark also times every kernel of our engine. */
  readonly profile: boolean;
  /** A line of progress, on standard error. */
  log(line: string): void;
}

export interface BenchResult {
  readonly json: unknown;
  readonly table: string;
  /** What the project promises and this run did not show, a line each. Any makes the command exit with 1. */
  readonly broken?: readonly string[];
}

export interface Benchmark {
  readonly name: string;
  /** Runs only when it is named: it needs what most machines lack. */
  readonly onRequest?: boolean;
  readonly title: string;
  run(options: BenchOptions): Promise<BenchResult>;
}

/** A table in plain text, columns aligned, numbers to the right. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const numeric = header.map((_title, i) => rows.every((row) => /^[-–]?[\d.,]*[×%]?$/.test(row[i] ?? '')));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ');
  return [line(header), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
