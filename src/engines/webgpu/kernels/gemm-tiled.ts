/**
 * GEMM for real GPUs: a workgroup computes a tile of C from tiles of A and B in workgroup memory, every invocation a
 * register tile of rows × columns (8 × 8 reads 4 vec4 from workgroup memory for 64 multiply-adds). Both tiles are stored
 * p-major in vec4s; where memory is contiguous along p, an invocation reads a 4 × 4 block and transposes it in registers,
 * so that every access to storage and to workgroup memory is a whole vec4. The next tiles are on their way into registers
 * while the present ones are multiplied.
 *
 * With M = 128 a product has few tiles, so the sum over p is shared out: among `slices` of a workgroup, which add up in
 * workgroup memory, or in `split` parts on the grid's z axis, which go to a workspace that reduce.ts adds up. Both in a
 * fixed order. (A last arriver can't add up the parts in the same dispatch: WGSL orders storage writes between workgroups
 * nowhere, its barriers reach one workgroup only.)
 */
import type { Epilogue } from './epilogue.ts';
import { epilogueCode } from './epilogue.ts';
import type { GemmProblem, Operand } from './gemm-problem.ts';
import { gemmLabel, operands } from './gemm-problem.ts';
import type { Kernel } from './kernel.ts';
import { declare, HALVES, matrix } from './kernel.ts';

export interface TiledVariant {
  readonly kind: 'tiled';
  /** Invocations of a slice along columns and rows. */
  readonly x: number;
  readonly y: number;
  /** Register tile of an invocation; multiples of 4. */
  readonly rows: 4 | 8;
  readonly columns: 4 | 8;
  /** Depth of the tiles along p; a multiple of 4. */
  readonly depth: 8 | 16 | 32;
  /** Groups of x·y invocations in a workgroup, each with its share of the sum over p; weight gradients take 1. */
  readonly slices: 1 | 2 | 4;
  /** Parts of the sum over p, 1 for none. The caller must add up the parts when above 1. */
  readonly split: number;
}

const range = (length: number) => Array.from({ length }, (_, position) => position);

/** Bytes of workgroup memory that a variant takes. */
export function workgroupBytes({ x, y, rows, columns, depth, slices }: TiledVariant): number {
  return 4 * slices * depth * (y * rows + x * columns);
}

/** Elements along p of each part, a multiple of what the slices take in one round. */
export function partLength(k: number, { split, depth, slices }: TiledVariant): number {
  const round = depth * slices;
  return Math.ceil(Math.ceil(k / split) / round) * round;
}

/** The epilogue and size of the workspace [split, batch, m, n] of a split product. */
export function partialEpilogue({ m, n }: GemmProblem): Epilogue {
  const ld = Math.ceil(n / 4) * 4;
  return { kind: 'partial', c: matrix(ld, 0, m * ld) };
}

/** One operand's cooperative load, from storage to registers to workgroup memory. */
interface TileLoad {
  /** Declares the registers. */
  readonly registers: string;
  /** Reads the tile that begins at `q`. */
  readonly fetch: string;
  /** Stores it. */
  readonly put: string;
}

/**
 * Lanes that transpose stand in one row of the tile for every fourth of its depth, so their stores would meet in the same
 * banks of workgroup memory: columns of four are exchanged by row instead. An expression to be xor-ed to a column.
 */
function swizzle(operand: Operand, quads: number, depth: number): ((p4: string) => string) | null {
  const reach = Math.min(8, quads);
  const step = Math.floor(8 / (depth / 4));
  if (!operand.alongK || reach < 2 || (quads & (quads - 1)) !== 0) return null;
  return (p4) => `((${p4} * ${step}u) & ${reach - 1}u)`;
}

/** @param side rows (or columns) of the tile, @param base of the tile in workgroup memory. */
function tileLoad(
  operand: Operand,
  options: {
    side: number;
    limit: number;
    k: number;
    depth: number;
    threads: number;
    first: string;
    base: string;
    /** Which invocation takes which block. */
    block: string;
    mask: boolean;
  },
): TileLoad {
  const { side, limit, k, depth, threads, first, base, mask } = options;
  const { name } = operand.binding;
  const quads = side / 4;
  const blocks = quads * (depth / 4);
  const ragged = limit % side !== 0;
  const steps = range(4);
  const exchange = swizzle(operand, quads, depth);
  const each = (body: (loop: number) => string) =>
    range(Math.ceil(blocks / threads))
      .map((loop) => {
        const guard =
          blocks % threads === 0 ? '{' : `if (${options.block} + ${loop * threads}u < ${blocks}u) {`;
        return `    ${guard} let block = ${options.block} + ${loop * threads}u;\n${body(loop)}\n    }`;
      })
      .join('\n');
  const register = (loop: number, r: number) => `${name}Next${loop}_${r}`;
  const fetchAlongK = (loop: number) => `
      let p = q + (block % ${depth / 4}u) * 4u;
      let s = ${first} + (block / ${depth / 4}u) * 4u;
${steps
  .map((r) => {
    const row = ragged ? `min(s + ${r}u, ${limit - 1}u)` : `s + ${r}u`;
    const value = operand.vector(row, 'p');
    return `      ${register(loop, r)} = ${mask ? `select(vec4<f32>(0.0), ${value}, vec4<u32>(p, p + 1u, p + 2u, p + 3u) < vec4<u32>(stop))` : value};`;
  })
  .join('\n')}`;
  const fetchAcross = (loop: number) => `
      let s = ${first} + (block % ${quads}u) * 4u;
      let p = q + (block / ${quads}u) * 4u;
${steps
  .map((r) => {
    const value = operand.vector(
      mask ? `min(p + ${r}u, ${k - 1}u)` : `p + ${r}u`,
      ragged ? `min(s, ${Math.max(0, Math.ceil(limit / 4) * 4 - 4)}u)` : 's',
    );
    return `      ${register(loop, r)} = ${mask ? `select(vec4<f32>(0.0), ${value}, p + ${r}u < stop)` : value};`;
  })
  .join('\n')}`;
  const putTransposed = (loop: number) => {
    const quad = `block / ${depth / 4}u`;
    const column = exchange ? `((${quad}) ^ ${exchange(`(block % ${depth / 4}u)`)})` : `${quad}`;
    return `
      let to = ${base} + (block % ${depth / 4}u) * ${4 * quads}u + ${column};
${steps
  .map((c) => {
    const parts = steps.map((r) => `${register(loop, r)}[${c}]`).join(', ');
    return `      tiles[to + ${c * quads}u] = vec4<f32>(${parts});`;
  })
  .join('\n')}`;
  };
  const putStraight = (loop: number) => `
      let to = ${base} + (block / ${quads}u) * ${4 * quads}u + block % ${quads}u;
${steps.map((r) => `      tiles[to + ${r * quads}u] = ${register(loop, r)};`).join('\n')}`;
  return {
    registers: range(Math.ceil(blocks / threads))
      .flatMap((loop) => steps.map((r) => `  var ${register(loop, r)}: vec4<f32>;`))
      .join('\n'),
    fetch: each(operand.alongK ? fetchAlongK : fetchAcross),
    put: each(operand.alongK ? putTransposed : putStraight),
  };
}

/** Generates the kernel; with `variant.split` above 1 pass `partialEpilogue(problem)`. */
export function tiledGemm(problem: GemmProblem, epilogue: Epilogue, variant: TiledVariant): Kernel {
  const { form, m, n, k, batch } = problem;
  const { x, y, rows, columns, depth, slices, split } = variant;
  const { a, b } = operands(problem);
  const end = epilogueCode(epilogue, m, n);
  if (end.sums !== undefined && slices > 1) throw new Error('the sums of a weight gradient take one slice');
  const bindings = [a.binding, b.binding, ...end.bindings];
  const height = y * rows;
  const width = x * columns;
  const threads = x * y;
  const part = partLength(k, variant);
  const round = depth * slices;
  const mask = k % round !== 0 || (split > 1 && part * split !== k);
  const rowQuads = rows / 4;
  const columnQuads = columns / 4;
  const accumulators = range(rows).flatMap((r) => range(columnQuads).map((c) => [r, c] as const));
  const [sizeA, sizeB] = [(depth * height) / 4, (depth * width) / 4];
  const inSlice = (size: number) => (slices > 1 ? ` + slice * ${size}u` : '');
  const baseA = `0u${inSlice(sizeA)}`;
  const baseB = `${slices * sizeA}u${inSlice(sizeB)}`;
  const shared = { k, depth, threads, mask };
  const loadA = tileLoad(a, {
    ...shared,
    side: height,
    limit: m,
    first: 'i0',
    base: baseA,
    block: 'thread',
  });
  // Where a tile has fewer blocks than there are invocations, the other half of them takes B.
  const otherHalf = Math.max(sizeA, sizeB) / 4 <= threads / 2;
  const loadB = tileLoad(b, {
    ...shared,
    side: width,
    limit: n,
    first: 'j0',
    base: baseB,
    block: otherHalf ? 'otherThread' : 'thread',
  });

  const column = (operand: Operand, quads: number, at: string) => {
    const exchange = swizzle(operand, quads, depth);
    return exchange ? `((${at}) ^ ${exchange('(p >> 2u)')})` : at;
  };
  const inner = `
${range(rowQuads)
  .map(
    (c) =>
      `      let a${c} = tiles[${baseA} + p * ${height / 4}u + ${column(a, height / 4, `ty * ${rowQuads}u + ${c}u`)}];`,
  )
  .join('\n')}
${range(columnQuads)
  .map(
    (c) =>
      `      let b${c} = tiles[${baseB} + p * ${width / 4}u + ${column(b, width / 4, `tx + ${c * x}u`)}];`,
  )
  .join('\n')}
${accumulators.map(([r, c]) => `      s${r}_${c} = fma(vec4<f32>(a${r >> 2}[${r & 3}]), b${c}, s${r}_${c});`).join('\n')}`;

  const rowOf = (r: number) => `i0 + ty * ${rows}u + ${r}u`;
  // An invocation's column quads lie x apart, so that neighbours in a subgroup read neighbouring vec4s.
  const columnOf = (c: number) => `j0 + (tx + ${c * x}u) * 4u`;
  const store = end.block ? storeBlocks(end.block) : end.vector ? storeUnrolled() : storeLoop();

  function storeUnrolled(): string {
    return accumulators
      .map(([r, c]) => {
        const conditions = [];
        if (m % height !== 0) conditions.push(`${rowOf(r)} < ${m}u`);
        if (n % width !== 0) conditions.push(`${columnOf(c)} < ${n}u`);
        const call = `finish(zOut, ${rowOf(r)}, ${columnOf(c)}, s${r}_${c});`;
        return conditions.length > 0 ? `  if (${conditions.join(' && ')}) { ${call} }` : `  ${call}`;
      })
      .join('\n');
  }

  /** Four rows at a time: all their loads are under way before the first store. */
  function storeBlocks(block: NonNullable<typeof end.block>): string {
    return range(columnQuads)
      .flatMap((c) =>
        range(rowQuads).map((four) => {
          const items = range(4).map((r) => ({
            i: rowOf(4 * four + r),
            value: `s${4 * four + r}_${c}`,
          }));
          const code = block('zOut', columnOf(c), items, m % height !== 0);
          return n % width === 0 ? `  {\n${code}  }` : `  if (${columnOf(c)} < ${n}u) {\n${code}  }`;
        }),
      )
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

  /** Adds the slices' sums in the order of a tree, as many registers at a time as workgroup memory holds. */
  function addSlices(): string {
    const rounds: string[] = [];
    for (let half = slices / 2; half >= 1; half /= 2) {
      const size = Math.min(accumulators.length, Math.floor((slices * (sizeA + sizeB)) / (half * threads)));
      for (let begin = 0; begin < accumulators.length; begin += size) {
        const some = accumulators.slice(begin, begin + size);
        const at = (slot: number, slice: string) =>
          `tiles[(${slice}) * ${size * threads}u + ${slot * threads}u + thread]`;
        rounds.push(`  if (slice >= ${half}u && slice < ${2 * half}u) {
${some.map(([r, c], slot) => `    ${at(slot, `slice - ${half}u`)} = s${r}_${c};`).join('\n')}
  }
  workgroupBarrier();
  if (slice < ${half}u) {
${some.map(([r, c], slot) => `    s${r}_${c} += ${at(slot, 'slice')};`).join('\n')}
  }
  workgroupBarrier();`);
      }
    }
    return `${rounds.join('\n')}\n  if (slice != 0u) { return; }\n`;
  }

  /** The sums over p of A, by one column of workgroups: the tiles are here already. */
  const sums = end.sums !== undefined && {
    declared: '  let summing = group.x == 0u && thread < ' + `${height / 4}u;\n  var sum = vec4<f32>(0.0);\n`,
    added: `    if (summing) { for (var p = 0u; p < ${depth}u; p++) { sum += tiles[p * ${height / 4}u + ${column(a, height / 4, 'thread')}]; } }\n`,
    stored: `  if (summing) {
    for (var e = 0u; e < 4u; e++) {
      let i = i0 + thread * 4u + e;
      if (i < ${m}u) { finishSum(z, i, sum[e]); }
    }
  }
`,
  };

  // Not where one round is all there is: not every compiler sees that it never happens.
  const next =
    part > round
      ? `    if (at + ${round}u < stop) {
      let q = at + ${round}u${slices > 1 ? ` + slice * ${depth}u` : ''};
${loadA.fetch}
${loadB.fetch}
    }
`
      : '';

  const code = `${declare(bindings)}
${problem.halves || end.halves ? HALVES : ''}${end.blockCode ?? end.code}${end.sums ?? ''}
var<workgroup> tiles: array<vec4<f32>, ${slices * (sizeA + sizeB)}>;

@compute @workgroup_size(${x}, ${y}, ${slices})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let tx = local.x;
  let ty = local.y;
  let thread = ty * ${x}u + tx;
${otherHalf ? `  let otherThread = (thread + ${threads / 2}u) % ${threads}u;\n` : ''}${slices > 1 ? '  let slice = local.z;\n' : ''}  let j0 = group.x * ${width}u;
  let i0 = group.y * ${height}u;
  let zOut = group.z;
  let z = group.z % ${batch}u;
  let start = (group.z / ${batch}u) * ${part}u;
  let stop = min(start + ${part}u, ${k}u);
${accumulators.map(([r, c]) => `  var s${r}_${c} = vec4<f32>(0.0);`).join('\n')}
${loadA.registers}
${loadB.registers}
${sums ? sums.declared : ''}  if (start < stop) {
    let q = start${slices > 1 ? ` + slice * ${depth}u` : ''};
${loadA.fetch}
${loadB.fetch}
  }
  for (var at = start; at < stop; at += ${round}u) {
${loadA.put}
${loadB.put}
    workgroupBarrier();
${next}    for (var p = 0u; p < ${depth}u; p++) {${inner}
    }
${sums ? sums.added : ''}    workgroupBarrier();
  }
${slices > 1 ? addSlices() : ''}${sums ? sums.stored : ''}${end.start ?? ''}${store}
}
`;
  const shape = `${height}×${width}×${depth}${slices > 1 ? `, ${slices} slices` : ''}${split > 1 ? `, split ${split}` : ''}`;
  return {
    label: `${gemmLabel(problem)} tiled ${shape}`,
    code,
    bindings,
    grid: (batchRows) => {
      const used = form === 'TN' ? m : Math.min(batchRows, m);
      return [Math.ceil(n / width), Math.ceil(used / height), batch * split];
    },
  };
}
