/**
 * What every kernel generator returns: WGSL with all sizes baked in as constants (shader compilers unroll and strength-
 * reduce them, and no uniform buffer is needed per dispatch), the names of its bindings, and its grid for a number of rows.
 */

/** Element type of a storage binding. */
export type ElementType = 'f32' | 'u32' | 'vec4<f32>' | 'vec2<u32>';

export interface Binding {
  readonly name: string;
  /** An update reads what it writes: its bytes cross memory twice. */
  readonly access: 'read' | 'write' | 'update';
  readonly type: ElementType;
}

/** A grid of workgroups. */
export type Grid = readonly [x: number, y: number, z: number];

export interface Kernel {
  /** For labels, error messages and profiles. */
  readonly label: string;
  readonly code: string;
  readonly bindings: readonly Binding[];
  /** Workgroups for a batch of `rows` examples, at most the number that the kernel was generated for. */
  grid(rows: number): Grid;
  /** The same numbers from the same bindings, slower and compiled in a fraction of the time: what runs until this one is ready. */
  readonly sooner?: Kernel;
}

/** A matrix inside a buffer: element (z, i, j) lies at offset + z·batchStride + i·ld + j, all in floats. */
export interface Matrix {
  readonly offset: number;
  readonly ld: number;
  readonly batchStride: number;
}

export function matrix(ld: number, offset = 0, batchStride = 0): Matrix {
  return { ld, offset, batchStride };
}

/** Whether every row can be read in groups of four floats from its first element on. */
export function aligned({ offset, ld, batchStride }: Matrix): boolean {
  return offset % 4 === 0 && ld % 4 === 0 && batchStride % 4 === 0;
}

/** WGSL index of an element in floats; `z`, `i`, `j` are u32 expressions. */
export function index(m: Matrix, z: string, i: string, j: string): string {
  const terms = [];
  if (m.offset !== 0) terms.push(`${m.offset}u`);
  if (m.batchStride !== 0 && z !== '0u') terms.push(`(${z}) * ${m.batchStride}u`);
  if (i !== '0u') terms.push(m.ld === 1 ? `(${i})` : `(${i}) * ${m.ld}u`);
  if (j !== '0u') terms.push(`(${j})`);
  return terms.length === 0 ? '0u' : terms.join(' + ');
}

export function read(name: string, type: ElementType = 'f32'): Binding {
  return { name, access: 'read', type };
}

export function write(name: string, type: ElementType = 'f32'): Binding {
  return { name, access: 'write', type };
}

export function update(name: string, type: ElementType = 'f32'): Binding {
  return { name, access: 'update', type };
}

/** Declarations of the bindings in group 0, in order. */
export function declare(bindings: readonly Binding[]): string {
  return bindings
    .map(
      ({ name, access, type }, slot) =>
        `@group(0) @binding(${slot}) var<storage, ${access === 'read' ? 'read' : 'read_write'}> ${name}: array<${type}>;`,
    )
    .join('\n');
}

/** Workgroups along one dimension that every device takes. */
const MAX_WORKGROUPS = 65535;

/** Rows that one workgroup of an element-wise kernel goes through: one, unless there are more rows than workgroups. */
const rowsEach = (rows: number) => Math.ceil(rows / MAX_WORKGROUPS);

/** Workgroups along the rows of an element-wise kernel, for `used` of the `rows` that it was generated for. */
export function rowGroups(rows: number, used = rows): number {
  return Math.ceil(Math.min(used, rows) / rowsEach(rows));
}

/** WGSL that runs `body` for every row of a workgroup, the row being `name`; `y` is the workgroup's number. */
export function eachRow(rows: number, name: string, y: string, body: string): string {
  const each = rowsEach(rows);
  if (each === 1) return `  let ${name} = ${y};\n${body}`;
  return `  for (var ${name} = ${y} * ${each}u; ${name} < min(${y} * ${each}u + ${each}u, ${rows}u); ${name}++) {
${body}
  }`;
}

/** Folds a line of workgroups that is longer than a dimension may be. @returns its grid and the number of a workgroup. */
export function foldedLine(groups: number): {
  readonly x: number;
  readonly y: number;
  index(id: string): string;
} {
  if (groups <= MAX_WORKGROUPS) return { x: groups, y: 1, index: (id) => `${id}.x` };
  const x = 32768;
  return { x, y: Math.ceil(groups / x), index: (id) => `(${id}.x + ${id}.y * ${x}u)` };
}

/** A finite number as a WGSL f32 literal. */
export function literal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no WGSL literal`);
  const rounded = Math.fround(value);
  const magnitude = Number.isFinite(rounded) ? rounded : Math.sign(value) * 3.4028234663852886e38;
  const text = String(magnitude);
  return /[.e]/.test(text) ? `f32(${text})` : `f32(${text}.0)`;
}

/**
 * `halves(words) -> vec4<f32>` and `packed(values) -> vec2<u32>`: four half-precision numbers in two words. WGSL's own
 * packing and not the type f16, which needs `shader-f16`: the bytes moved are the same, and it runs everywhere.
 * Out of range, packing is undefined, hence the clamp.
 */
export const HALVES = `
fn halves(words: vec2<u32>) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(words.x), unpack2x16float(words.y));
}
fn packed(values: vec4<f32>) -> vec2<u32> {
  let v = clamp(values, vec4<f32>(-65504.0), vec4<f32>(65504.0));
  return vec2<u32>(pack2x16float(v.xy), pack2x16float(v.zw));
}
`;

/** Words of the per-step buffer `hyper` that every training kernel may read. */
export const HYPER = {
  /** √(1 − β₂ᵗ), the second moment's bias correction. */
  secondCorrection: 0,
  /** What summed gradients are multiplied with: 1 / number of accumulated batches. */
  gradientScale: 1,
  /** 1 when the gradient buffer already holds a sum to add to, else 0. */
  accumulate: 2,
  /** 1 when running statistics follow this batch, else 0. */
  track: 3,
  /**
   * hashKey(seed, step, microStep), to which a dropout node's index is added for that node's key. As two numbers of 16 bits:
   * the bits of a u32 read as a float could be a NaN, whose bits a device may change.
   */
  dropoutHigh: 4,
  dropoutLow: 5,
  /** From here on lr / (1 − β₁ᵗ) by learning-rate group. */
  rates: 8,
} as const;

/** Floats of the buffer `hyper` with that many learning-rate groups. */
export function hyperLength(groups: number): number {
  return Math.ceil((HYPER.rates + groups) / 4) * 4;
}
