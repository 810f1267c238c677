/**
 * One node of the model graph as ONNX nodes, in evaluation mode. What ONNX has no operator for, or one whose numbers
 * would not be the engines', is spelled out in several; their names start with the node's own.
 */
import type { GraphNode } from '../../graph/graph.ts';
import { OPS } from '../../graph/ops/registry.ts';
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
    case 'element_wise':
      return OPS[node.op].onnx(
        {
          step: (name, operator, of) => writer.node(`${id}/${name}`, operator, of),
          result: (operator, of) => writer.node(id, operator, of),
          scalar: (value) => writer.scalar(`scalar.${value}`, value),
          constant: (name, value) => writer.scalar(`${id}.${name}`, value),
        },
        x,
        node.constants,
      );
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
    case 'calibrate':
      return calibrate(writer, id, x, parameter(node.ratio));
  }
}

const ones = (writer: OnnxWriter, width: number) =>
  writer.tensor(`ones.${width}`, [width], new Float32Array(width).fill(1));
const zeros = (writer: OnnxWriter, width: number) =>
  writer.tensor(`zeros.${width}`, [width], new Float32Array(width));

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
