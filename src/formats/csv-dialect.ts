/** Guesses how a CSV file is written from its first characters: delimiter, quote, and whether the first row is a header. */
import { CsvError, CsvParser, type CsvDialect } from './csv-parser.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Rows that a guess looks at. */
const SAMPLE_ROWS = 100;

export interface SniffedDialect extends CsvDialect {
  /** What to leave out at the beginning: a spreadsheet's line "sep=;", or lines of words above the table. */
  readonly skip: Skipped;
}

export interface Skipped {
  /** Characters, line ends included. */
  readonly length: number;
  readonly lines: number;
  /** What they say, where a person wrote it. */
  readonly text: string | null;
}

const NOTHING: Skipped = { length: 0, lines: 0, text: null };
/** Most lines above a table. */
const MAX_TITLE_LINES = 10;

/** The first rows of a text, and whether it breaks behind them: is no CSV of this dialect. */
export interface SampledRows {
  readonly rows: readonly (readonly string[])[];
  readonly broken: boolean;
}

/**
 * The rows of a sample, which may end in the middle of one.
 * @param whole whether the sample is all of the file.
 */
export function sampleRows(sample: string, dialect: CsvDialect, whole: boolean): SampledRows {
  const parser = new CsvParser(dialect);
  let broken = false;
  try {
    parser.push(sample);
    if (whole) parser.end();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    broken = true;
  }
  const { size, cells } = parser.take();
  const rows = Array.from({ length: Math.min(size, SAMPLE_ROWS) }, (_, row) =>
    cells.map((column) => column[row] ?? ''),
  );
  return { rows, broken };
}

/** Share of the lines that have as many unquoted delimiters as the first, and how many it has. */
function lineScore(lines: readonly string[], delimiter: string): number {
  const counts = lines.map((line) => line.split(delimiter).length - 1);
  const first = counts[0] ?? 0;
  if (first === 0) return 0;
  return (counts.filter((count) => count === first).length / counts.length) * Math.log2(1 + first);
}

/** A single quote is the quote where no double quote opens a cell and single ones open and close several. */
function sniffQuote(sample: string): string {
  const opens = (quote: string) =>
    sample.match(new RegExp(`(?:^|[,;\\t|\\r\\n] ?)${quote}`, 'g'))?.length ?? 0;
  const closes = (quote: string) =>
    sample.match(new RegExp(`${quote} ?(?:$|[,;\\t|\\r\\n])`, 'g'))?.length ?? 0;
  const [single, closed] = [opens("'"), closes("'")];
  return opens('"') === 0 && single >= 2 && Math.abs(single - closed) <= 1 ? "'" : '"';
}

/**
 * The delimiter and the quote of a file.
 * @param sample its first characters, without a byte order mark.
 * @param whole whether the sample is all of the file.
 */
export function sniffDialect(sample: string, whole: boolean): SniffedDialect {
  const named = /^"?sep=(.)"?(\r\n|\n|\r)/.exec(sample);
  const quote = sniffQuote(sample);
  if (named?.[1] && named[1] !== quote) {
    return { delimiter: named[1], quote, skip: { length: named[0].length, lines: 1, text: null } };
  }
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const { rows, broken } = sampleRows(sample, { delimiter, quote }, whole);
    const width = rows[0]?.length ?? 0;
    // A dialect that reads every row alike beats one that only fits many lines.
    const lines = sample
      .split(/\r\n|\n|\r/)
      .slice(0, SAMPLE_ROWS)
      .filter((line) => line !== '');
    if (!whole) lines.pop();
    const score = !broken && width > 1 ? 100 + Math.log2(width) : lineScore(lines, delimiter);
    if (score > best.score) best = { delimiter, score };
  }
  if (best.score >= 100) return { delimiter: best.delimiter, quote, skip: NOTHING };
  for (const delimiter of DELIMITERS) {
    const skip = titleOf(sample, { delimiter, quote }, whole);
    if (skip) return { delimiter, quote, skip };
  }
  return { delimiter: best.delimiter, quote, skip: NOTHING };
}

/** Where the line that begins at `from` ends, its line end included; null where it does not. */
function lineEnd(text: string, from: number): number | null {
  const [cr, lf] = [text.indexOf('\r', from), text.indexOf('\n', from)];
  if (cr < 0 || (lf >= 0 && lf < cr)) return lf < 0 ? null : lf + 1;
  return lf === cr + 1 ? lf + 1 : cr + 1;
}

/** The lines above a table: without a delimiter, and all below them are rows of one length. Null where there are none. */
function titleOf(sample: string, dialect: CsvDialect, whole: boolean): Skipped | null {
  let [length, lines] = [0, 0];
  for (;;) {
    const end = lineEnd(sample, length);
    if (end === null || sample.slice(length, end).includes(dialect.delimiter)) break;
    length = end;
    if (++lines > MAX_TITLE_LINES) return null;
  }
  if (lines === 0) return null;
  const { rows, broken } = sampleRows(sample.slice(length), dialect, whole);
  if (broken || rows.length <= Math.max(1, lines) || (rows[0]?.length ?? 0) < 2) return null;
  return { length, lines, text: sample.slice(0, length).trim() };
}

/** Numbers, dates and booleans: what the name of a column hardly ever is. */
const VALUE =
  /^[-+]?(?:\d[\d.,]*(?:e[-+]?\d+)?|\.\d+)%?$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^(?:true|false|nan|null|\?)$/i;

/**
 * Whether the first row names the columns: all its cells are filled, differ, look like no values, and it is not simply
 * one more row of the same few texts.
 */
export function sniffHeader(rows: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = rows;
  if (!first || first.length === 0) return false;
  if (first.some((cell) => VALUE.test(cell))) return false;
  if (rest.length === 0) return true;
  const repeats = first.filter((cell, column) => cell !== '' && rest.some((row) => row[column] === cell));
  return repeats.length * 2 < first.length;
}
