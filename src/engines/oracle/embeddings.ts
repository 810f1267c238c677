/** Tables and dot products, forward and backward, in plain float64 loops. */

/** Row ids[i] of a table [·, width] as row i, where kept; else zeros. */
export function gatherRows(
  table: Float64Array,
  ids: readonly number[],
  kept: Float32Array,
  width: number,
): Float64Array {
  const out = new Float64Array(ids.length * width);
  ids.forEach((id, row) => {
    if (kept[row]) out.set(table.subarray(id * width, (id + 1) * width), row * width);
  });
  return out;
}

/** The gradient of the whole table [tableRows, ·]: an id's examples add up. */
export function scatterRows(
  dy: Float64Array,
  ids: readonly number[],
  kept: Float32Array,
  tableRows: number,
): Float64Array {
  const width = dy.length / ids.length;
  const out = new Float64Array(tableRows * width);
  ids.forEach((id, row) => {
    if (!kept[row]) return;
    for (let column = 0; column < width; column++) {
      const at = id * width + column;
      out[at] = (out[at] ?? 0) + (dy[row * width + column] ?? 0);
    }
  });
  return out;
}

/** Calls back for every pair of parts i > j with its column. */
function pairs(vectors: number, call: (i: number, j: number, column: number) => void): void {
  let column = 0;
  for (let i = 1; i < vectors; i++) for (let j = 0; j < i; j++) call(i, j, column++);
}

/** See the node's kind in graph.ts. */
export function interaction(x: Float64Array, rows: number, vectors: number): Float64Array {
  const width = x.length / rows / vectors;
  const columns = (vectors * (vectors - 1)) / 2;
  const out = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    pairs(vectors, (i, j, column) => {
      let sum = 0;
      for (let d = 0; d < width; d++)
        sum += (x[(row * vectors + i) * width + d] ?? 0) * (x[(row * vectors + j) * width + d] ?? 0);
      out[row * columns + column] = sum;
    });
  return out;
}

export function interactionBackward(
  dy: Float64Array,
  x: Float64Array,
  rows: number,
  vectors: number,
): Float64Array {
  const width = x.length / rows / vectors;
  const columns = dy.length / rows;
  const dx = new Float64Array(x.length);
  for (let row = 0; row < rows; row++)
    pairs(vectors, (i, j, column) => {
      const gradient = dy[row * columns + column] ?? 0;
      for (let d = 0; d < width; d++) {
        const [a, b] = [(row * vectors + i) * width + d, (row * vectors + j) * width + d];
        dx[a] = (dx[a] ?? 0) + gradient * (x[b] ?? 0);
        dx[b] = (dx[b] ?? 0) + gradient * (x[a] ?? 0);
      }
    });
  return dx;
}
