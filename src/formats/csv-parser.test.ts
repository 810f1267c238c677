import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sniffDialect, sniffHeader } from './csv-dialect.ts';
import { CsvError, CsvParser, MAX_CSV_CELL } from './csv-parser.ts';
import { detectEncoding, decodeText } from './text-encoding.ts';

const RFC = { delimiter: ',', quote: '"' };

/** Rows of a text that comes in pieces. */
function parse(pieces: readonly string[], dialect = RFC): string[][] {
  const parser = new CsvParser(dialect);
  const rows: string[][] = [];
  const take = () => {
    const { size, cells } = parser.take();
    for (let row = 0; row < size; row++) rows.push(cells.map((column) => column[row]!));
  };
  for (const piece of pieces) {
    parser.push(piece);
    take();
  }
  parser.end();
  take();
  return rows;
}

function failure(text: string, dialect = RFC): string {
  try {
    parse([text], dialect);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return `${error.line}:${error.cell}: ${error.message}`;
  }
  return 'no error';
}

describe('CsvParser', () => {
  it('reads quotes, doubled quotes, line ends of three kinds and spaces around cells', () => {
    expect(parse(['a,b\r\n"x,1","he said ""hi"""\r 2 ,\t3\n"two\nlines" , " kept "\n\n4,'])).toEqual([
      ['a', 'b'],
      ['x,1', 'he said "hi"'],
      ['2', '3'],
      ['two\nlines', ' kept '],
      ['4', ''],
    ]);
  });

  it('gives back what an independent writer wrote, however the text is cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '7', ' ', ',', ';', '"', '\n', '\r', '\t') });
    fc.assert(
      fc.property(
        fc
          .integer({ min: 2, max: 4 })
          .chain((width) =>
            fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
          ),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.array(fc.nat(200), { maxLength: 6 }),
        (rows, delimiter, end, lastEnd, cuts) => {
          const write = (text: string) =>
            text !== text.trim() || text === '' || new RegExp(`["\\r\\n${delimiter}]`).test(text)
              ? `"${text.split('"').join('""')}"`
              : text;
          const text = rows.map((row) => row.map(write).join(delimiter)).join(end) + (lastEnd ? end : '');
          const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length].sort(
            (a, b) => a - b,
          );
          const pieces = places.slice(1).map((place, i) => text.slice(places[i], place));
          expect(parse(pieces, { delimiter, quote: '"' })).toEqual(rows);
        },
      ),
      { seed: 9, numRuns: 300 },
    );
  });

  it('keeps empty rows of a single column and drops blank lines of several', () => {
    expect(parse(['a\n\n1\n'])).toEqual([['a'], [''], ['1']]);
    expect(parse(['a,b\n\n1,2\n\n'])).toEqual([['a', 'b'], ['1', '2']]); // prettier-ignore
  });

  it('drops delimiters that no column stands above, and refuses everything else that is ragged', () => {
    expect(parse(['a,b\n1,2,,\n'])).toEqual([['a', 'b'], ['1', '2']]); // prettier-ignore
    expect(failure('a,b\n1,2\n3,4,5\n')).toMatch(/^3:null: The row has 3 cells, the first row 2\. Quote/);
    expect(failure('a,b\n1\n')).toMatch(/^2:null: The row has 1 cell, the first row 2\./);
  });

  it('names line and cell of quotes in the wrong place and of NUL characters', () => {
    expect(failure('a,b\n1,"x\ny\n')).toMatch(
      /^2:2: The quote that opens here is never closed: the file ends/,
    );
    expect(failure(`a,b\n1,"${'x\n'.repeat(MAX_CSV_CELL)}`)).toMatch(/^2:2: .*the next 1,048,576 characters/);
    expect(failure('a,b\n"x"y,1\n')).toMatch(/^2:1: Behind the closing quote comes "y,1/);
    expect(failure('a,b\n1,\0\n')).toMatch(/^2:2: There is a NUL character/);
    expect(failure(`a,b\n1,${'x'.repeat(MAX_CSV_CELL + 1)}`)).toMatch(/^2:2: The cell has more than/);
    expect(failure(`${'a,'.repeat(1_000_000)}b\n`)).toMatch(/^1:null: The row has more than 16,384 cells/);
  });

  it('does not scan a long quoted cell again with every piece', () => {
    const parser = new CsvParser(RFC);
    const piece = 'x'.repeat(1000);
    parser.push('a,b\n1,"');
    for (let i = 0; i < 1000; i++) parser.push(piece);
    parser.push('"\n');
    parser.end();
    expect(parser.take().cells[1]?.[1]).toHaveLength(1_000_000);
  });
});

describe('sniffDialect', () => {
  it('finds delimiter and quote', () => {
    expect(sniffDialect('a;b;c\n1,5;2;3\n', true)).toMatchObject({ delimiter: ';', quote: '"' });
    expect(sniffDialect('a\tb\n"x, y, z"\t2\n', true)).toMatchObject({ delimiter: '\t' });
    expect(sniffDialect('a|b\n1|2\n', true)).toMatchObject({ delimiter: '|' });
    expect(sniffDialect("a,b\n'x, y',1\n'z',2\n", true)).toMatchObject({ delimiter: ',', quote: "'" });
    expect(sniffDialect("name,n\nO'Neil,1\n", true)).toMatchObject({ quote: '"' });
    expect(sniffDialect('sep=|\na|b\n', true)).toEqual({
      delimiter: '|',
      quote: '"',
      skip: { length: 6, lines: 1, text: null },
    });
    expect(sniffDialect('only\n1\n', true)).toMatchObject({ delimiter: ',' });
    expect(sniffDialect('a,b\n"x;y;z;w",1\n', true)).toMatchObject({ delimiter: ',' });
  });

  it('leaves out lines of words above a table, and nothing else', () => {
    const skip = (text: string) => sniffDialect(text, true).skip;
    expect(skip('Sales of 2024\n\nname;n\nx;1\ny;2\nz;3\n')).toEqual({
      length: 15,
      lines: 2,
      text: 'Sales of 2024',
    });
    expect(skip('a\rb,c\rd,e\rf,g\r')).toMatchObject({ length: 2, lines: 1 });
    expect(skip('a\r\nb,c\r\nd,e\r\nf,g\r\n')).toMatchObject({ length: 3, lines: 1 });
    const nothing = { length: 0, lines: 0, text: null };
    // As many steps as characters: a text without a line end is looked at once.
    expect(skip('x'.repeat(200_000))).toEqual(nothing);
    // A header that names one column less, a list of words, rows of different lengths below: a person decides.
    expect(skip('a,b\n1,2,3\n4,5,6\n')).toEqual(nothing);
    expect(skip('word\none\ntwo\nthree, four\n')).toEqual(nothing);
    expect(skip('title\na,b\n1,2,3\n4,5\n')).toEqual(nothing);
    expect(skip('a,b\n1,2\n')).toEqual(nothing);
  });

  it('tells a header from a first row', () => {
    expect(sniffHeader([['age', 'job'], ['39', 'x']])).toBe(true); // prettier-ignore
    expect(sniffHeader([['39', 'x'], ['40', 'y']])).toBe(false); // prettier-ignore
    expect(sniffHeader([['no', 'yes'], ['no', 'yes'], ['yes', 'no']])).toBe(false); // prettier-ignore
    expect(sniffHeader([['2024-01-02', 'x']])).toBe(false);
  });
});

describe('encodings', () => {
  async function* pieces(bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; at += 3) yield bytes.subarray(at, at + 3);
  }
  const utf16 = (text: string, big: boolean, mark: boolean) => {
    const all = (mark ? '\ufeff' : '') + text;
    const view = new DataView(new ArrayBuffer(2 * all.length));
    for (let i = 0; i < all.length; i++) view.setUint16(2 * i, all.charCodeAt(i), !big);
    return new Uint8Array(view.buffer);
  };
  it.each([
    ['utf-8', new TextEncoder().encode('name,é 東\n')],
    ['utf-8', new TextEncoder().encode('\ufeffname,é 東\n')],
    ['utf-16le', utf16('name,é 東\n', false, true)],
    ['utf-16be', utf16('name,é 東\n', true, true)],
    ['utf-16le', utf16('name,é 東\n', false, false)],
    ['utf-16be', utf16('name,é 東\n', true, false)],
  ] as const)('knows %s and drops its mark', async (encoding, bytes) => {
    expect(await detectEncoding(pieces(bytes))).toBe(encoding);
    let text = '';
    for await (const piece of decodeText(pieces(bytes), encoding)) text += piece;
    expect(text).toBe('name,é 東\n');
  });

  it('takes windows-1252 for what is no UTF-8, however late', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('a'.repeat(9000)), 0xe9, 0x80]);
    expect(await detectEncoding(pieces(bytes))).toBe('windows-1252');
    let text = '';
    for await (const piece of decodeText(pieces(bytes), 'windows-1252')) text += piece;
    expect(text.slice(-2)).toBe('é€');
  });
});
