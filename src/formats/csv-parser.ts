/**
 * CSV text → cells, incrementally and column by column, for files of any size: what is kept between two pieces of text
 * is the row that is being read, and nothing is scanned twice. Quotes as in RFC 4180 (a doubled quote is a quote), any
 * one-character delimiter, line ends LF, CRLF or CR. Unquoted cells lose the spaces around them.
 */

/** Excel's limit: a table with more columns is no table, or read with the wrong delimiter. */
export const MAX_CSV_COLUMNS = 16_384;
/** Characters of one cell. A quote that is never closed swallows the rest of the file: it ends here instead. */
export const MAX_CSV_CELL = 1_048_576;

/** CSV that cannot be read. Lines and cells count from 1. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  readonly line: number;
  /** The cell in its row, or null where the row as a whole is wrong. */
  readonly cell: number | null;

  constructor(line: number, cell: number | null, what: string) {
    super(what);
    this.line = line;
    this.cell = cell;
  }
}

export interface CsvDialect {
  readonly delimiter: string;
  readonly quote: string;
}

/** Some rows, column by column: `cells[column][row]`. */
export interface CsvRows {
  readonly size: number;
  readonly cells: readonly string[][];
  /** The line that each row begins on. */
  readonly lines: readonly number[];
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;

type Mode =
  /** Before the first character of a cell. */
  | 'start'
  | 'plain'
  | 'quoted'
  /** Behind a quote in a quoted cell: its end, or the first of a doubled quote. */
  | 'quote'
  /** Behind the end of a quoted cell: only spaces may follow. */
  | 'closed';

export class CsvParser {
  readonly #delimiter: number;
  readonly #quote: string;
  readonly #quoteCode: number;
  #mode: Mode = 'start';
  /** What is known of the cell that the last piece of text ended in. */
  #partial = '';
  /** The cells of the row that is being read, as many as are filled: emptying it would give its memory away. */
  readonly #row: string[] = [];
  #filled = 0;
  #line = 1;
  #rowLine = 1;
  #cellLine = 1;
  #afterCr = false;
  /** Cells of every row, known from the first. */
  #width = 0;
  #cells: string[][] = [];
  #lines: number[] = [];

  /** @throws RangeError when the delimiter or quote is not one character, or both are the same. */
  constructor({ delimiter, quote }: CsvDialect) {
    if (delimiter.length !== 1 || quote.length !== 1 || delimiter === quote || /[\r\n]/.test(delimiter)) {
      throw new RangeError('A delimiter and a quote are one character each, not the same and no line end.');
    }
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote;
    this.#quoteCode = quote.charCodeAt(0);
  }

  /** Rows that are complete and not yet taken. */
  get size(): number {
    return this.#lines.length;
  }

  /** The complete rows since the last call. */
  take(): CsvRows {
    const rows = { size: this.#lines.length, cells: this.#cells, lines: this.#lines };
    this.#cells = Array.from({ length: this.#width }, () => []);
    this.#lines = [];
    return rows;
  }

  /**
   * Reads on.
   * @throws CsvError for a row that is longer or shorter than the first, a quote in the wrong place, a NUL character,
   * a cell or row beyond the limits.
   */
  push(text: string): void {
    let at = 0;
    if (this.#afterCr && text.length > 0) {
      if (text.charCodeAt(0) === LF) at = 1;
      this.#afterCr = false;
    }
    while (at < text.length) {
      switch (this.#mode) {
        case 'start':
          at = this.#start(text, at);
          break;
        case 'plain':
          at = this.#plain(text, at);
          break;
        case 'quoted':
          at = this.#quoted(text, at);
          break;
        case 'quote':
          if (text.charCodeAt(at) === this.#quoteCode) {
            this.#partial += this.#quote;
            this.#mode = 'quoted';
            at++;
          } else this.#mode = 'closed';
          break;
        case 'closed':
          at = this.#closed(text, at);
          break;
      }
    }
  }

  /** The end of the text: completes a last row without a line end. @throws CsvError for a quote that is not closed. */
  end(): void {
    if (this.#mode === 'quoted') throw this.#neverClosed('the file ends');
    if (this.#mode !== 'start' || this.#filled > 0) {
      this.#endCell(this.#mode === 'plain' ? this.#partial.trimEnd() : this.#partial);
      this.#endRow();
    }
  }

  #start(text: string, from: number): number {
    let at = from;
    let code = text.charCodeAt(at);
    while ((code === SPACE || code === TAB) && code !== this.#delimiter) {
      if (++at >= text.length) return at;
      code = text.charCodeAt(at);
    }
    this.#cellLine = this.#line;
    if (code === this.#quoteCode) {
      this.#mode = 'quoted';
      return at + 1;
    }
    this.#mode = 'plain';
    return this.#plain(text, at);
  }

  /** The hot loop: cell after cell without quotes, until the text ends or a quoted cell begins. */
  #plain(text: string, from: number): number {
    const delimiter = this.#delimiter;
    const quote = this.#quoteCode;
    const length = text.length;
    const row = this.#row;
    let start = from;
    let at = from;
    for (;;) {
      let code = 0;
      while (at < length) {
        code = text.charCodeAt(at);
        if (code === delimiter || (code <= CR && (code === LF || code === CR || code === 0))) break;
        at++;
      }
      if (at >= length) {
        this.#partial += text.slice(start);
        if (this.#partial.length > MAX_CSV_CELL) throw this.#tooLong();
        return at;
      }
      if (code === 0) throw this.#nul();
      let end = at;
      while (end > start && text.charCodeAt(end - 1) <= SPACE) end--;
      let cell = text.slice(start, end);
      if (this.#partial !== '') {
        cell = (this.#partial + text.slice(start, at)).trimEnd();
        this.#partial = '';
      }
      if (cell.length > MAX_CSV_CELL) throw this.#tooLong();
      if (code === delimiter) {
        row[this.#filled++] = cell;
        if (this.#filled > MAX_CSV_COLUMNS) throw this.#tooWide();
        at++;
      } else {
        this.#endCell(cell);
        at = this.#separator(text, at, code);
      }
      if (at >= length) break;
      const next = text.charCodeAt(at);
      if (next === quote || next === SPACE || next === TAB) break;
      start = at;
    }
    this.#mode = 'start';
    return at;
  }

  #quoted(text: string, from: number): number {
    const end = text.indexOf(this.#quote, from);
    const part = text.slice(from, end < 0 ? text.length : end);
    if (part.includes('\0')) throw this.#nul();
    this.#countLines(part);
    this.#partial += part;
    if (this.#partial.length > MAX_CSV_CELL) {
      throw this.#neverClosed(`the next ${MAX_CSV_CELL.toLocaleString('en-US')} characters hold none`);
    }
    if (end < 0) return text.length;
    this.#mode = 'quote';
    return end + 1;
  }

  #closed(text: string, from: number): number {
    let at = from;
    let code = text.charCodeAt(at);
    while ((code === SPACE || code === TAB) && code !== this.#delimiter) {
      if (++at >= text.length) return at;
      code = text.charCodeAt(at);
    }
    if (code !== this.#delimiter && code !== LF && code !== CR) {
      const found = JSON.stringify(text.slice(at, at + 12));
      throw new CsvError(
        this.#line,
        this.#filled + 1,
        `Behind the closing quote comes ${found}. Double a quote that belongs to the text (${this.#quote}${this.#quote}), or put a delimiter between.`,
      );
    }
    const cell = this.#partial;
    this.#partial = '';
    this.#endCell(cell);
    return this.#separator(text, at, code);
  }

  /** Steps over a delimiter or line end. */
  #separator(text: string, at: number, code: number): number {
    this.#mode = 'start';
    if (code === this.#delimiter) return at + 1;
    this.#endRow();
    this.#line++;
    this.#rowLine = this.#line;
    if (code === LF) return at + 1;
    if (at + 1 < text.length) return text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
    this.#afterCr = true;
    return at + 1;
  }

  #endCell(cell: string): void {
    this.#partial = '';
    this.#row[this.#filled++] = cell;
    if (this.#filled > MAX_CSV_COLUMNS) throw this.#tooWide();
  }

  #endRow(): void {
    const row = this.#row;
    const filled = this.#filled;
    if (this.#width === 0) {
      this.#width = filled;
      this.#cells = Array.from({ length: filled }, () => []);
    }
    const width = this.#width;
    // An empty line is no row, unless empty is what a row of one cell can be.
    const empty = filled === 1 && row[0] === '' && width > 1;
    if (filled !== width && !empty) this.#ragged();
    if (!empty) {
      const cells = this.#cells;
      for (let column = 0; column < width; column++) cells[column]!.push(row[column]!);
      this.#lines.push(this.#rowLine);
    }
    this.#filled = 0;
    this.#mode = 'start';
  }

  /** Delimiters at the end of a line that no column stands above lose nothing; anything else is refused. */
  #ragged(): void {
    const width = this.#width;
    const filled = this.#filled;
    if (filled > width && this.#row.slice(width, filled).every((cell) => cell === '')) return;
    const many = `${filled} cell${filled === 1 ? '' : 's'}`;
    throw new CsvError(
      this.#rowLine,
      null,
      `The row has ${many}, the first row ${width}. Quote cells that hold a delimiter, and give every row as many cells.`,
    );
  }

  #countLines(text: string): void {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#line++;
  }

  #neverClosed(how: string): CsvError {
    return new CsvError(
      this.#cellLine,
      this.#filled + 1,
      `The quote that opens here is never closed: ${how}. Close it, or double it if it belongs to the text.`,
    );
  }

  #tooLong(): CsvError {
    const most = MAX_CSV_CELL.toLocaleString('en-US');
    return new CsvError(
      this.#line,
      this.#filled + 1,
      `The cell has more than ${most} characters. Take it out, or name the right delimiter.`,
    );
  }

  #tooWide(): CsvError {
    const most = MAX_CSV_COLUMNS.toLocaleString('en-US');
    return new CsvError(
      this.#rowLine,
      null,
      `The row has more than ${most} cells. Name the right delimiter, or take columns out.`,
    );
  }

  #nul(): CsvError {
    return new CsvError(
      this.#line,
      this.#filled + 1,
      'There is a NUL character: this is no text, or text in UTF-16 without its mark. Save the file as UTF-8.',
    );
  }
}
