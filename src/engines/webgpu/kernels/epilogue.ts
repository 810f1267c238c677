/**
 * What happens to an element of a matrix product before it reaches memory: bias, activation, the MaskBlock's gate, an
 * activation's gradient, accumulation, or a whole Adam step. Written once for scalars and for groups of four columns, and used by the
 * GEMM kernels and by the split-K reduction alike, so that no intermediate is stored and read back.
 */
import type { ElementOp } from '../../../graph/ops/element-op.ts';
import type { AdamOptions } from '../../engine.ts';
import {
  ADAM_START,
  adamBlockFunction,
  adamCall,
  adamFunction,
  adamLoads,
  rateFunction,
  type RateRange,
} from './adam-code.ts';
import type { Binding, Matrix } from './kernel.ts';
import { aligned, HYPER, index, read, update, write } from './kernel.ts';

/** An activation whose gradient its value tells. */
export type FusedOp = NonNullable<ElementOp['fused']>;

export type Epilogue =
  | {
      /** c = activation(v + bias); with `gate`: c = (v + bias) ⊙ x, and `keep` stores the ungated mask for the gradient. */
      readonly kind: 'forward';
      readonly c: Matrix;
      /** Element (z, j) of the bias lies at biasOffset + z·n + j; null without one. */
      readonly biasOffset: number | null;
      readonly activation: FusedOp | null;
      readonly gate: Matrix | null;
      readonly keep: Matrix | null;
    }
  | {
      /** c = v or c + v; times the slope where the product is the gradient of an activation's value y. */
      readonly kind: 'input_gradient';
      readonly c: Matrix;
      readonly accumulate: boolean;
      readonly activation: { readonly op: FusedOp; readonly y: Matrix } | null;
    }
  | {
      /** The product is a weight gradient: update p, m and v in place. Row of the block: z·m + i. */
      readonly kind: 'adam';
      readonly c: Matrix;
      readonly adam: AdamOptions;
      readonly rates: readonly RateRange[];
      /** Writes a half-precision copy of the new weights to `h`, at the same positions; needs aligned rows. */
      readonly copy?: boolean;
      readonly bias?: number | null;
    }
  | {
      /** The product is a weight gradient, stored, or added to what is there when hyper says so. */
      readonly kind: 'store_gradient';
      readonly c: Matrix;
      /**
       * Where the bias gradients go, which are the sums over p of A: that of row (z, i) to `grads` at bias + z·m + i, added
       * when hyper says so. Null or absent where nobody wants them from this product.
       */
      readonly bias?: number | null;
    }
  /** Partial sums of a split-K product, densely packed. */
  | { readonly kind: 'partial'; readonly c: Matrix };

export interface EpilogueCode {
  readonly bindings: readonly Binding[];
  /** Columns that one call of `finish` takes: 4 with `vec4<f32>`, else 1. */
  readonly vector: boolean;
  /** Whether `code` calls the functions of HALVES. */
  readonly halves?: boolean;
  /** Declares `fn finish(z: u32, i: u32, j: u32, value: V)`. */
  readonly code: string;
  /** Statements before the first `block`. */
  readonly start?: string;
  /** Declares what `block` calls, in place of `code`. */
  readonly blockCode?: string;
  /**
   * The same as `finish` for several rows of a column, all their loads before the first store: a store to an array holds
   * back later loads from it. With `ragged`, rows beyond the matrix are left out. Needs `start`.
   */
  readonly block?: (
    z: string,
    j: string,
    items: readonly { readonly i: string; readonly value: string }[],
    ragged: boolean,
  ) => string;
  /** Declares `fn finishSum(z: u32, i: u32, sum: f32)`, for the sums over p of A. */
  readonly sums?: string;
}

/** Bindings and code of the bias gradients, where a weight gradient gives them too. */
function biasSums(bias: number | null | undefined, m: number): Pick<EpilogueCode, 'sums' | 'bindings'> {
  if (bias === null || bias === undefined) return { bindings: [] };
  return {
    bindings: [write('grads')],
    sums: `
fn finishSum(z: u32, i: u32, sum: f32) {
  let to = ${bias}u + z * ${m}u + i;
  grads[to] = select(sum, grads[to] + sum, hyper[${HYPER.accumulate}] != 0.0);
}
`,
  };
}

/**
 * @param m rows and @param n columns of one product of the batch.
 */
export function epilogueCode(epilogue: Epilogue, m: number, n: number): EpilogueCode {
  const matrices = [epilogue.c];
  if (epilogue.kind === 'forward')
    matrices.push(...[epilogue.gate, epilogue.keep].filter((each) => each !== null));
  if (epilogue.kind === 'input_gradient' && epilogue.activation) matrices.push(epilogue.activation.y);
  const vector = n % 4 === 0 && matrices.every(aligned);
  const type = vector ? 'vec4<f32>' : 'f32';
  const at = (matrix: Matrix) => {
    const expression = index(matrix, 'z', 'i', 'j');
    return vector ? `(${expression}) >> 2u` : expression;
  };
  const finish = (body: string) => `
fn finish(z: u32, i: u32, j: u32, value: ${type}) {
${body}
}
`;
  switch (epilogue.kind) {
    case 'forward': {
      const { c, gate, keep, activation } = epilogue;
      const { biasOffset } = epilogue;
      const bias = vector ? `vec4<f32>(bias[b], bias[b + 1u], bias[b + 2u], bias[b + 3u])` : 'bias[b]';
      const lines =
        biasOffset === null
          ? ['  var v = value;']
          : [`  let b = ${biasOffset}u + z * ${n}u + j;`, `  var v = value + ${bias};`];
      if (activation) lines.push(`  v = ${activation.value('v', type)};`);
      if (keep) lines.push(`  kept[${at(keep)}] = v;`);
      if (gate) lines.push(`  v = v * x[${at(gate)}];`);
      lines.push(`  c[${at(c)}] = v;`);
      const bindings = [write('c', type)];
      if (biasOffset !== null) bindings.push(read('bias'));
      if (gate) bindings.push(read('x', type));
      if (keep) bindings.push(write('kept', type));
      return { bindings, vector, code: finish(lines.join('\n')) };
    }
    case 'input_gradient': {
      const { c, accumulate, activation } = epilogue;
      const lines = ['  var v = value;'];
      if (activation) lines.push(`  v = ${activation.op.gradient('v', `y[${at(activation.y)}]`, type)};`);
      lines.push(`  let to = ${at(c)};`, accumulate ? '  c[to] = c[to] + v;' : '  c[to] = v;');
      const bindings = [write('c', type)];
      if (activation) bindings.push(read('y', type));
      return { bindings, vector, code: finish(lines.join('\n')) };
    }
    case 'adam': {
      const { c, adam, rates, copy = false } = epilogue;
      if (copy && !vector) throw new Error('a half-precision copy needs aligned rows');
      const bindings = [update('p', type), update('m', type), update('v', type), read('hyper')];
      if (copy) bindings.push(write('h', 'vec2<u32>'));
      const extra = biasSums(epilogue.bias, m);
      bindings.push(...extra.bindings);
      const common = { ...extra, bindings, vector, halves: copy };
      const rate = rateFunction(rates);
      if (!vector)
        return {
          ...common,
          code:
            adamFunction(adam, type, copy) + rate + finish(`  adam(${at(c)}, value, rate(z * ${m}u + i));`),
        };
      return {
        ...common,
        code: adamFunction(adam, type, copy) + rate + finish(`  adam(${at(c)}, value, rate(z * ${m}u + i));`),
        start: ADAM_START,
        blockCode: adamBlockFunction(adam, copy) + rate,
        block: (z, j, items, ragged) => {
          const loads = items.map(({ i }, item) => {
            const row = ragged ? `min(${i}, ${m - 1}u)` : i;
            const place = `(${index(c, z, row, j)}) >> 2u`;
            return `    let at${item} = ${place};\n${adamLoads(`at${item}`, String(item), `rate(${z} * ${m}u + ${row})`)}`;
          });
          const stores = items.map(({ i, value }, item) => {
            const call = adamCall(`at${item}`, String(item), value);
            return ragged ? `    if (${i} < ${m}u) { ${call} }\n` : `    ${call}\n`;
          });
          return loads.join('') + stores.join('');
        },
      };
    }
    case 'store_gradient': {
      const extra = biasSums(epilogue.bias, m);
      return {
        ...extra,
        bindings: [write('c', type), read('hyper'), ...extra.bindings],
        vector,
        code: finish(
          `  let to = ${at(epilogue.c)};\n  c[to] = select(value, c[to] + value, hyper[${HYPER.accumulate}] != 0.0);`,
        ),
      };
    }
    case 'partial':
      return {
        bindings: [write('c', type)],
        vector,
        code: finish(`  c[${at(epilogue.c)}] = value;`),
      };
  }
}
