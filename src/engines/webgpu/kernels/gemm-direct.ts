/**
 * GEMM without workgroup memory or barriers: every invocation computes a register tile of rows × columns straight from
 * storage. Made for software adapters (SwiftShader, llvmpipe, WARP): there a barrier makes every invocation of the
 * workgroup yield, and "workgroup memory" is ordinary memory anyway, so the caches already do what tiling would. What
 * counts there is the number of loads (each is bounds-checked by lane), so the tile is tall: 8 × 4 needs 12 vec4 loads for
 * 128 multiply-adds. And their compilers move nothing out of a loop, so addresses are stepped by hand. It also serves
 * tiny products on GPUs.
 *
 * With `quads`, the four invocations of a quad compute the same rows of neighbouring columns, and each loads a quarter of A
 * for all four, by subgroup operations: half of the loads of 8 × 4 are gone, still without workgroup memory or barriers.
 * That neighbours in a workgroup are neighbours in a subgroup is so on every device but promised by none: the check of the
 * kernels that a device was given (self-check.ts) sees where it is not.
 */
import type { Epilogue } from './epilogue.ts';
import { epilogueCode } from './epilogue.ts';
import type { GemmProblem, Operand } from './gemm-problem.ts';
import { gemmLabel, operands } from './gemm-problem.ts';
import type { Kernel } from './kernel.ts';
import { aligned, declare, HALVES } from './kernel.ts';

export interface DirectVariant {
  readonly kind: 'direct';
  /** Register tile of an invocation. */
  readonly rows: 1 | 2 | 4 | 8 | 16;
  readonly columns: 4 | 8;
  /** Invocations of a workgroup along columns and rows. */
  readonly x: number;
  readonly y: number;
  /** Quads share what they load of A: needs the feature `subgroups`, x a multiple of 4, rows of 4 or 8, and A aligned. */
  readonly quads?: boolean;
}

/** Whether a product's A can be loaded by quads. */
export function takesQuads({ a, form, m }: GemmProblem): boolean {
  return aligned(a) && (form !== 'TN' || m >= 4);
}

/** How a kernel reads one operand of four steps along p. */
interface Reader {
  /** Before the loop. */
  readonly setup: string;
  /** At the end of each round of four steps. */
  readonly step: string;
  /** A vec4: along p for tile line `line` (operands contiguous along p), else tile lines 4·line… at step `u`. */
  load(line: number, u: number): string;
}

const range = (length: number) => Array.from({ length }, (_, position) => position);

/** @param first tile line 0, @param lines their number, @param limit of lines that exist. */
function reader(operand: Operand, first: string, lines: number, limit: number): Reader {
  const { name } = operand.binding;
  const line = (at: number) =>
    limit % lines === 0 ? `${first} + ${at}u` : `min(${first} + ${at}u, ${limit - 1}u)`;
  if (operand.alongK) {
    if (!operand.wide) return { setup: '', step: '', load: (at) => operand.vector(line(at), 'q') };
    return {
      setup: range(lines)
        .map((at) => `  var ${name}At${at} = (${operand.at(line(at), '0u')}) >> 2u;\n`)
        .join(''),
      step: range(lines)
        .map((at) => `    ${name}At${at}++;\n`)
        .join(''),
      load: (at) => operand.quad(`${name}At${at}`),
    };
  }
  if (lines % 4 !== 0)
    return {
      setup: '',
      step: '',
      load: (at, u) => {
        const parts = range(4).map((c) =>
          4 * at + c < lines ? operand.scalar(`q + ${u}u`, line(4 * at + c)) : '0.0',
        );
        return `vec4<f32>(${parts.join(', ')})`;
      },
    };
  if (!operand.wide)
    return { setup: '', step: '', load: (at, u) => operand.vector(`q + ${u}u`, `${first} + ${4 * at}u`) };
  const ld = operand.ld / 4;
  return {
    setup: `  var ${name}At = (${operand.at('0u', first)}) >> 2u;\n`,
    step: `    ${name}At += ${4 * ld}u;\n`,
    load: (at, u) => operand.quad(`${name}At + ${u * ld + at}u`),
  };
}

/**
 * A for a quad: the invocation of number `lane` loads every fourth line (operands contiguous along p), or the step `lane`
 * of four, and hands it to the others.
 */
function quadReader(operand: Operand, rows: number, limit: number): Reader & { readonly share: string } {
  const { name } = operand.binding;
  const own = range(rows / 4);
  if (operand.alongK) {
    const line = (at: number) => `min(i0 + ${4 * at}u + lane, ${limit - 1}u)`;
    return {
      setup: own.map((at) => `  var ${name}At${at} = (${operand.at(line(at), '0u')}) >> 2u;\n`).join(''),
      share: own.map((at) => `    let own${at} = ${operand.quad(`${name}At${at}`)};\n`).join(''),
      step: own.map((at) => `    ${name}At${at}++;\n`).join(''),
      load: (at) => `quadBroadcast(own${at >> 2}, ${at & 3}u)`,
    };
  }
  return {
    setup: `  var ${name}At = (${operand.at('lane', 'i0')}) >> 2u;\n`,
    share: own.map((at) => `    let own${at} = ${operand.quad(`${name}At + ${at}u`)};\n`).join(''),
    step: `    ${name}At += ${operand.ld}u;\n`,
    load: (at, u) => `quadBroadcast(own${at}, ${u}u)`,
  };
}

/** Generates the kernel; row and column remainders are handled by clamping reads and skipping writes. */
export function directGemm(problem: GemmProblem, epilogue: Epilogue, variant: DirectVariant): Kernel {
  const { form, m, n, k, batch } = problem;
  const { rows, columns, x, y, quads: inQuads = false } = variant;
  const { a, b } = operands(problem);
  const end = epilogueCode(epilogue, m, n);
  const bindings = [a.binding, b.binding, ...end.bindings];
  const tile = range(rows);
  const quads = range(columns / 4);
  const four = range(4);
  if (inQuads && (!a.wide || rows % 4 !== 0 || x % 4 !== 0))
    throw new Error('quads need aligned rows of A, and four columns and rows of invocations');
  const quadA = inQuads ? quadReader(a, rows, m) : null;
  const readA = quadA ?? reader(a, 'i0', rows, m);
  const readB = reader(b, 'j0', columns, n);
  // The smallest tiles are there to be compiled soon. (Forms that read A along p add up four products before they add them.)
  const rolled = form === 'TN' && rows * columns <= 8;
  const whole = rolled ? 0 : k - (k % 4);

  const aLines = a.alongK ? tile : range(Math.ceil(rows / 4));
  const round: string[] = [];
  if (form === 'TN')
    for (const u of four) {
      round.push(...aLines.map((line) => `    let a${line}_${u} = ${readA.load(line, u)};`));
      round.push(...quads.map((c) => `    let b${c}_${u} = ${readB.load(c, u)};`));
      for (const r of tile)
        round.push(...quads.map((c) => `    s${r}_${c} += a${r >> 2}_${u}[${r & 3}] * b${c}_${u};`));
    }
  else {
    round.push(...aLines.map((line) => `    let a${line} = ${readA.load(line, 0)};`));
    for (const c of quads) {
      round.push(
        ...four.map(
          (e) => `    let b${c}_${e} = ${form === 'NT' ? readB.load(4 * c + e, 0) : readB.load(c, e)};`,
        ),
      );
      for (const r of tile)
        round.push(
          form === 'NT'
            ? `    s${r}_${c} += vec4<f32>(${four.map((e) => `dot(a${r}, b${c}_${e})`).join(', ')});`
            : `    s${r}_${c} += ${four.map((e) => `a${r}[${e}] * b${c}_${e}`).join(' + ')};`,
        );
    }
  }
  const loop =
    whole === 0
      ? ''
      : `  for (var q = 0u; q < ${whole}u; q += 4u) {
${quadA ? quadA.share : ''}${round.join('\n')}
${readA.step}${readB.step}  }
`;
  const clampRow = (r: number) => `min(i0 + ${r}u, ${m - 1}u)`;
  const clampColumn = (c: number) => `min(j0 + ${c}u, ${n - 1}u)`;
  const left = (r: number, q: string) => (a.alongK ? a.scalar(clampRow(r), q) : a.scalar(q, clampRow(r)));
  const right = (c: number, q: string) => {
    if (!b.alongK && b.wide) return b.vector(q, `j0 + ${4 * c}u`);
    const parts = four
      .map((e) => clampColumn(4 * c + e))
      .map((column) => (b.alongK ? b.scalar(column, q) : b.scalar(q, column)));
    return `vec4<f32>(${parts.join(', ')})`;
  };
  const one = (q: string) =>
    [
      ...quads.map((c) => `    let t${c} = ${right(c, q)};`),
      ...tile.flatMap((r) => [
        `    let l${r} = ${left(r, q)};`,
        ...quads.map((c) => `    s${r}_${c} += l${r} * t${c};`),
      ]),
    ].join('\n');
  // One copy of a step, however many there are: a compiler takes as long for each.
  const tail =
    k - whole > 1
      ? `  for (var q = ${whole}u; q < ${k}u; q++) {\n${one('q')}\n  }\n`
      : k > whole
        ? `  {\n${one(`${whole}u`)}\n  }\n`
        : '';

  const store = epilogue.kind === 'adam' || !end.vector ? storeLoop() : storeUnrolled();
  // By one column of invocations, which walks A once more: for tiny products, where a dispatch costs more than that.
  const sums =
    end.sums === undefined
      ? ''
      : `  if (j0 == 0u) {
    for (var i = i0; i < min(i0 + ${rows}u, ${m}u); i++) {
      var sum = 0.0;
      for (var p = 0u; p < ${k}u; p++) { sum += ${a.scalar('p', 'i')}; }
      finishSum(z, i, sum);
    }
  }
`;

  /** One copy of the epilogue: a whole Adam step copied for every row takes longer to compile than it saves. */
  function storeLoop(): string {
    const size = rows * quads.length;
    const parts = tile.flatMap((r) => quads.map((c) => `s${r}_${c}`)).join(', ');
    return `  var results = array<vec4<f32>, ${size}>(${parts});
  for (var at = 0u; at < ${size}u; at++) {
    let i = i0 + at / ${quads.length}u;
    let j = j0 + (at % ${quads.length}u) * 4u;
    if (i < ${m}u && j < ${n}u) {
      ${
        end.vector
          ? 'finish(z, i, j, results[at]);'
          : `for (var e = 0u; e < min(4u, ${n}u - j); e++) { finish(z, i, j + e, results[at][e]); }`
      }
    }
  }`;
  }

  function storeUnrolled(): string {
    return tile
      .flatMap((r) =>
        quads.map((c) => {
          const call = `finish(z, i0 + ${r}u, j0 + ${4 * c}u, s${r}_${c});`;
          const conditions = [];
          if (m % rows !== 0 && r > 0) conditions.push(`i0 + ${r}u < ${m}u`);
          if (n % columns !== 0 && c > 0) conditions.push(`j0 + ${4 * c}u < ${n}u`);
          return conditions.length > 0 ? `  if (${conditions.join(' && ')}) { ${call} }` : `  ${call}`;
        }),
      )
      .join('\n');
  }

  // Quads stay together to the end of the sum: none may leave before.
  const [leave, guarded] = inQuads
    ? ['', `  if (j0 < ${n}u && i0 < ${m}u) {\n${sums}${store}\n  }`]
    : [`  if (j0 >= ${n}u || i0 >= ${m}u) { return; }\n`, sums + store];
  const code = `${inQuads ? 'enable subgroups;\n' : ''}${declare(bindings)}
${problem.halves || end.halves ? HALVES : ''}${end.code}${end.sums ?? ''}
@compute @workgroup_size(${x}, ${y})
fn main(@builtin(global_invocation_id) id: vec3<u32>${inQuads ? ', @builtin(subgroup_invocation_id) place: u32' : ''}) {
  let j0 = id.x * ${columns}u;
  let i0 = id.y * ${rows}u;
  let z = id.z;
${inQuads ? '  let lane = place & 3u;\n' : leave}${tile.flatMap((r) => quads.map((c) => `  var s${r}_${c} = vec4<f32>(0.0);`)).join('\n')}
${readA.setup}${readB.setup}${loop}${tail}${guarded}
}
`;
  return {
    label: `${gemmLabel(problem)} direct ${rows}×${columns}${inQuads ? ' by quads' : ''}`,
    code,
    bindings,
    grid: (batchRows) => {
      const used = form === 'TN' ? m : Math.min(batchRows, m);
      return [Math.ceil(Math.ceil(n / columns) / x), Math.ceil(Math.ceil(used / rows) / y), batch];
    },
  };
}
