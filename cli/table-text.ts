/** Tables of text for a terminal. */

/** Columns padded to their widest cell, two spaces between; the first is left-aligned, `right` ones to the right. */
export function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (right.has(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return `${[head, ...rows].map(line).join('\n')}\n`;
}

/** Of a table's columns, all from `from` on. */
export function columnsFrom(from: number, count: number): ReadonlySet<number> {
  return new Set(Array.from({ length: count - from }, (_, i) => from + i));
}
