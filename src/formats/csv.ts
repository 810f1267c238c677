/**
 * CSV after RFC 4180: commas, quotes where needed. Lines end in LF, which spreadsheets read as well as CRLF, and tools of
 * a terminal better.
 */

export type CsvValue = string | number | boolean | null | undefined;

function cell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line, with its line end. Numbers keep all their digits; null and undefined are empty cells. */
export function csvRow(values: readonly CsvValue[]): string {
  return `${values.map(cell).join(',')}\n`;
}

/** A table with a header line. @throws RangeError when a row has not as many cells as the header. */
export function toCsv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  let text = csvRow(header);
  let line = 2;
  for (const row of rows) {
    if (row.length !== header.length) {
      throw new RangeError(`CSV row ${line} has ${row.length} cells, the header ${header.length}.`);
    }
    text += csvRow(row);
    line++;
  }
  return text;
}
