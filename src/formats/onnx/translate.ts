/**
 * One node of the model graph as ONNX nodes, in evaluation mode. What ONNX has no operator for, or one whose numbers
 * would not be the engines', is spelled out in several; their names start with the node's own.
 */
import type { GraphNode } from '../../graph/graph.ts';
import { INPUT_NAMES } from '../input-names.ts';
import { float, int, ints } from './onnx-writer.ts';
import type { OnnxWriter } from './onnx-writer.ts';

export interface Translation {
  readonly writer: OnnxWriter;
  /** A parameter under its state-dict name, of its own shape or of `shape` with as many elements. */
  readonly parameter: (name: string, shape?: readonly number[]) => string;
}

/**
 * @param inputs names of the input values. @returns the name of the node's value.
 * A dropout does nothing here, and a loss needs labels that a prediction does not have: they add no node.
 */
export function translateNode(
  node: GraphNode,
  inputs: readonly string[],
  { writer, parameter }: Translation,
): string {
  const { id, width } = node;
  const [x = ''] = inputs;
  switch (node.kind) {
    case 'input':
      return writer.input(INPUT_NAMES[node.tensor], width, `${width} columns after truncation`);
    case 'signed_log':
      return signedLog(writer, id, x);
    case 'batch_norm':
      return writer.node(
        id,
        'BatchNormalization',
        [
          x,
          node.weight === null ? ones(writer, width) : parameter(node.weight),
          node.bias === null ? zeros(writer, width) : parameter(node.bias),
          parameter(node.runningMean),
          parameter(node.runningVar),
        ],
        { epsilon: float(node.epsilon) },
      );
    case 'clamp':
      return writer.node(id, 'Clip', [
        x,
        writer.scalar(`${id}.min_value`, node.min),
        writer.scalar(`${id}.max_value`, node.max),
      ]);
    case 'layer_norm':
      return layerNorm(
        writer,
        id,
        x,
        node.epsilon,
        node.weight === null ? null : parameter(node.weight),
        node.bias === null ? null : parameter(node.bias),
        width,
      );
    case 'concat':
      return writer.node(id, 'Concat', inputs, { axis: int(1) });
    case 'linear':
      return writer.node(id, 'Gemm', [x, parameter(node.weight), parameter(node.bias)], { transB: int(1) });
    case 'relu':
      return writer.node(id, 'Relu', [x]);
    case 'dropout':
    case 'loss':
      return x;
    case 'multiply':
      return writer.node(id, 'Mul', inputs);
    case 'affine':
      return writer.node(id, 'Add', [
        writer.node(`${id}/scale`, 'Mul', [x, parameter(node.weight)]),
        parameter(node.bias),
      ]);
    case 'sigmoid':
      return writer.node(id, 'Sigmoid', [x]);
    case 'calibrate':
      return calibrate(writer, id, x, parameter(node.ratio));
  }
}

const ones = (writer: OnnxWriter, width: number) =>
  writer.tensor(`ones.${width}`, [width], new Float32Array(width).fill(1));
const zeros = (writer: OnnxWriter, width: number) =>
  writer.tensor(`zeros.${width}`, [width], new Float32Array(width));

/**
 * Non-finite → 0, then sign(x)·log1p(|x|). ONNX has no log1p, and log(1 + |x|) has no digits left for a small x that a
 * BatchNorm makes large again; log(u)·|x|/(u − 1) with u = 1 + |x| rounded has them all (Kahan's form).
 */
function signedLog(writer: OnnxWriter, id: string, x: string): string {
  const at = (name: string) => `${id}/${name}`;
  const zero = writer.scalar('zero', 0);
  const one = writer.scalar('one', 1);
  const bad = writer.node(at('not_finite'), 'Or', [
    writer.node(at('is_nan'), 'IsNaN', [x]),
    writer.node(at('is_infinite'), 'IsInf', [x]),
  ]);
  const finite = writer.node(at('finite'), 'Where', [bad, zero, x]);
  const size = writer.node(at('abs'), 'Abs', [finite]);
  const u = writer.node(at('one_plus'), 'Add', [size, one]);
  const rounded = writer.node(at('one_plus_minus_one'), 'Sub', [u, one]);
  const log = writer.node(at('log'), 'Mul', [
    writer.node(at('log_rounded'), 'Log', [u]),
    writer.node(at('correction'), 'Div', [size, rounded]),
  ]);
  const tiny = writer.node(at('is_tiny'), 'Equal', [rounded, zero]);
  const log1p = writer.node(at('log1p'), 'Where', [tiny, size, log]);
  return writer.node(id, 'Mul', [writer.node(at('sign'), 'Sign', [finite]), log1p]);
}

/**
 * LayerNormalization; with an epsilon of 0 spelled out, because a row without variance must become 0, not 0/0, and
 * runtimes that take E[x²] − E[x]² may find a variance below 0.
 */
function layerNorm(
  writer: OnnxWriter,
  id: string,
  x: string,
  epsilon: number,
  weight: string | null,
  bias: string | null,
  width: number,
): string {
  if (epsilon > 0)
    return writer.node(
      id,
      'LayerNormalization',
      [x, weight ?? ones(writer, width), ...(bias === null ? [] : [bias])],
      { axis: int(-1), epsilon: float(epsilon) },
    );
  const at = (name: string) => `${id}/${name}`;
  const mean = (name: string, of: string) =>
    writer.node(at(name), 'ReduceMean', [of], { axes: ints([1]), keepdims: int(1) });
  const centered = writer.node(at('centered'), 'Sub', [x, mean('mean', x)]);
  const variance = mean('variance', writer.node(at('squared'), 'Mul', [centered, centered]));
  const constant = writer.node(at('is_constant'), 'Equal', [variance, writer.scalar('zero', 0)]);
  const deviation = writer.node(at('deviation'), 'Where', [
    constant,
    writer.scalar('one', 1),
    writer.node(at('sqrt'), 'Sqrt', [variance]),
  ]);
  const last = bias === null ? (weight === null ? 'normalized' : 'scaled') : 'shifted';
  const step = (name: string, op: string, a: string, b: string) =>
    writer.node(name === last ? id : at(name), op, [a, b]);
  let value = step('normalized', 'Div', centered, deviation);
  if (weight !== null) value = step('scaled', 'Mul', value, weight);
  if (bias !== null) value = step('shifted', 'Add', value, bias);
  return value;
}

/** p′ = r·p / (1 − p + r·p). */
export function calibrate(writer: OnnxWriter, id: string, p: string, ratio: string): string {
  const at = (name: string) => `${id}/${name}`;
  const positive = writer.node(at('positive'), 'Mul', [p, ratio]);
  const negative = writer.node(at('negative'), 'Sub', [writer.scalar('one', 1), p]);
  return writer.node(id, 'Div', [positive, writer.node(at('total'), 'Add', [negative, positive])]);
}
