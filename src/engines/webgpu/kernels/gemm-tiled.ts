/**
 * GEMM for real GPUs: a workgroup computes a tile of C from tiles of A and B in workgroup memory, every invocation a
 * register tile of rows × columns (8 × 8 reads 4 vec4 from workgroup memory for 64 multiply-adds). Both tiles are stored
 * p-major in vec4s; where memory is contiguous along p, an invocation reads a 4 × 4 block and transposes it in registers,
 * so that every access to storage and to workgroup memory is a whole vec4. With M = 128 a product has few tiles, so
 * `split` cuts the sum over p into parts on the grid's z axis; the parts go to a workspace and reduce.ts adds them in a
 * fixed order (deterministic, unlike atomics).
 */
import type { Epilogue } from './epilogue.ts';
import { epilogueCode } from './epilogue.ts';
import type { GemmProblem, Operand } from './gemm-problem.ts';
import { gemmLabel, operands } from './gemm-problem.ts';
import type { Kernel } from './kernel.ts';
import { declare, HALVES, matrix } from './kernel.ts';

export interface TiledVariant {
  readonly kind: 'tiled';
  /** Invocations of a workgroup along columns and rows. */
  readonly x: number;
  readonly y: number;
  /** Register tile of an invocation; multiples of 4. */
  readonly rows: 4 | 8;
  readonly columns: 4 | 8;
  /** Depth of the tiles along p; a multiple of 4. */
  readonly depth: 8 | 16 | 32;
  /** Parts of the sum over p, 1 for none. The caller must add up the parts when above 1. */
  readonly split: number;
}

const range = (length: number) => Array.from({ length }, (_, position) => position);

/** Elements along p of each part, a multiple of the depth. */
export function partLength(k: number, variant: TiledVariant): number {
  return Math.ceil(Math.ceil(k / variant.split) / variant.depth) * variant.depth;
}

/** The epilogue and size of the workspace [split, batch, m, n] of a split product. */
export function partialEpilogue({ m, n }: GemmProblem): Epilogue {
  const ld = Math.ceil(n / 4) * 4;
  return { kind: 'partial', c: matrix(ld, 0, m * ld) };
}

/** One operand's cooperative load: `side` rows (or columns) of the tile by `depth`. */
function loadTile(
  name: string,
  operand: Operand,
  options: {
    side: number;
    limit: number;
    k: number;
    depth: number;
    threads: number;
    first: string;
    mask: boolean;
  },
): string {
  const { side, limit, k, depth, threads, first, mask } = options;
  const quads = side / 4;
  const blocks = quads * (depth / 4);
  const ragged = limit % side !== 0;
  const last = `${limit - 1}u`;
  const steps = range(4);
  const body = operand.alongK
    ? `
      let p = q + (block % ${depth / 4}u) * 4u;
      let quad = block / ${depth / 4}u;
      let s = ${first} + quad * 4u;
${steps
  .map((r) => {
    const row = ragged ? `min(s + ${r}u, ${last})` : `s + ${r}u`;
    const value = operand.vector(row, 'p');
    return `      let r${r} = ${mask ? `select(vec4<f32>(0.0), ${value}, vec4<u32>(p, p + 1u, p + 2u, p + 3u) < vec4<u32>(stop))` : value};`;
  })
  .join('\n')}
      let to = (block % ${depth / 4}u) * ${4 * quads}u + quad;
${steps
  .map((c) => `      ${name}[to + ${c * quads}u] = vec4<f32>(r0[${c}], r1[${c}], r2[${c}], r3[${c}]);`)
  .join('\n')}`
    : `
      let s = ${first} + (block % ${quads}u) * 4u;
      let p = q + (block / ${quads}u) * 4u;
      let to = (block / ${quads}u) * ${4 * quads}u + block % ${quads}u;
${steps
  .map((r) => {
    const value = operand.vector(
      mask ? `min(p + ${r}u, ${k - 1}u)` : `p + ${r}u`,
      ragged ? `min(s, ${Math.max(0, Math.ceil(limit / 4) * 4 - 4)}u)` : 's',
    );
    return `      ${name}[to + ${r * quads}u] = ${mask ? `select(vec4<f32>(0.0), ${value}, p + ${r}u < stop)` : value};`;
  })
  .join('\n')}`;
  const loops = Math.ceil(blocks / threads);
  const guard = blocks % threads === 0 ? ['{', '}'] : [`if (block < ${blocks}u) {`, '}'];
  return range(loops)
    .map(
      (loop) => `    {
      let block = thread + ${loop * threads}u;
      ${guard[0]}${body}
      ${guard[1]}
    }`,
    )
    .join('\n');
}

/** Generates the kernel; with `variant.split` above 1 pass `partialEpilogue(problem)`. */
export function tiledGemm(problem: GemmProblem, epilogue: Epilogue, variant: TiledVariant): Kernel {
  const { form, m, n, k, batch } = problem;
  const { x, y, rows, columns, depth, split } = variant;
  const { a, b } = operands(problem);
  const end = epilogueCode(epilogue, m, n);
  const bindings = [a.binding, b.binding, ...end.bindings];
  const height = y * rows;
  const width = x * columns;
  const threads = x * y;
  const part = partLength(k, variant);
  const mask = k % depth !== 0 || (split > 1 && part * split !== k);
  const rowQuads = rows / 4;
  const columnQuads = columns / 4;
  const shared = { k, depth, threads, mask };
  const accumulators = range(rows).flatMap((r) => range(columnQuads).map((c) => [r, c] as const));

  const inner = `
${range(rowQuads)
  .map((c) => `      let a${c} = tileA[p * ${height / 4}u + ty * ${rowQuads}u + ${c}u];`)
  .join('\n')}
${range(columnQuads)
  .map((c) => `      let b${c} = tileB[p * ${width / 4}u + tx + ${c * x}u];`)
  .join('\n')}
${accumulators.map(([r, c]) => `      s${r}_${c} = fma(vec4<f32>(a${r >> 2}[${r & 3}]), b${c}, s${r}_${c});`).join('\n')}`;

  // An invocation's column quads lie x apart, so that neighbours in a subgroup read neighbouring vec4s.
  const store = end.vector ? storeUnrolled() : storeLoop();

  function storeUnrolled(): string {
    return accumulators
      .map(([r, c]) => {
        const i = `i0 + ty * ${rows}u + ${r}u`;
        const j = `j0 + (tx + ${c * x}u) * 4u`;
        const conditions = [];
        if (m % height !== 0) conditions.push(`${i} < ${m}u`);
        if (n % width !== 0) conditions.push(`${j} < ${n}u`);
        const call = `finish(zOut, ${i}, ${j}, s${r}_${c});`;
        return conditions.length > 0 ? `  if (${conditions.join(' && ')}) { ${call} }` : `  ${call}`;
      })
      .join('\n');
  }

  /** Odd widths: one copy of the scalar epilogue instead of up to 64, which some compilers take seconds for. */
  function storeLoop(): string {
    const size = rows * columnQuads;
    const parts = accumulators.map(([r, c]) => `s${r}_${c}`).join(', ');
    return `  var results = array<vec4<f32>, ${size}>(${parts});
  for (var at = 0u; at < ${size}u; at++) {
    let i = i0 + ty * ${rows}u + at / ${columnQuads}u;
    let j = j0 + (tx + (at % ${columnQuads}u) * ${x}u) * 4u;
    if (i < ${m}u && j < ${n}u) {
      for (var e = 0u; e < min(4u, ${n}u - j); e++) { finish(zOut, i, j + e, results[at][e]); }
    }
  }`;
  }

  const code = `${declare(bindings)}
${problem.halves || end.halves ? HALVES : ''}${end.code}
var<workgroup> tileA: array<vec4<f32>, ${(depth * height) / 4}>;
var<workgroup> tileB: array<vec4<f32>, ${(depth * width) / 4}>;

@compute @workgroup_size(${x}, ${y})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let tx = local.x;
  let ty = local.y;
  let thread = ty * ${x}u + tx;
  let j0 = group.x * ${width}u;
  let i0 = group.y * ${height}u;
  let zOut = group.z;
  let z = group.z % ${batch}u;
  let start = (group.z / ${batch}u) * ${part}u;
  let stop = min(start + ${part}u, ${k}u);
${accumulators.map(([r, c]) => `  var s${r}_${c} = vec4<f32>(0.0);`).join('\n')}
  for (var q = start; q < stop; q += ${depth}u) {
${loadTile('tileA', a, { ...shared, side: height, limit: m, first: 'i0' })}
${loadTile('tileB', b, { ...shared, side: width, limit: n, first: 'j0' })}
    workgroupBarrier();
    for (var p = 0u; p < ${depth}u; p++) {${inner}
    }
    workgroupBarrier();
  }
${store}
}
`;
  return {
    label: `${gemmLabel(problem)} tiled ${height}×${width}×${depth}${split > 1 ? ` split ${split}` : ''}`,
    code,
    bindings,
    grid: (batchRows) => {
      const used = form === 'TN' ? m : Math.min(batchRows, m);
      return [Math.ceil(n / width), Math.ceil(used / height), batch * split];
    },
  };
}
