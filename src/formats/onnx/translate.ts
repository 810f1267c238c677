/**
 * One node of the model graph as ONNX nodes, in evaluation mode. What ONNX has no operator for, or one whose numbers
 * would not be the engines', is spelled out in several; their names start with the node's own.
 */
import type { GraphNode, NodeOf } from '../../graph/graph.ts';
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
      return writer.node(
        id,
        'Gemm',
        [x, parameter(node.weight), ...(node.bias === null ? [] : [parameter(node.bias)])],
        { transB: int(1) },
      );
    case 'dropout':
    case 'loss':
      return x;
    case 'multiply':
      return writer.node(id, 'Mul', inputs);
    case 'add':
      return writer.node(id, 'Add', inputs);
    case 'embedding':
      return embedding(writer, node, x, parameter);
    case 'interaction':
      return interaction(writer, node, x);
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

/** Whole numbers as int64. */
const whole = (writer: OnnxWriter, name: string, shape: readonly number[], values: readonly number[]) =>
  writer.node(name, 'Cast', [writer.tensor(`${name}.float`, shape, Float32Array.from(values))], {
    to: int(7),
  });

/** A prediction knows no position yet: it reads zeros, as many rows of them as the batch has. */
function embedding(
  writer: OnnxWriter,
  { id, table, rows, column, position, width }: NodeOf<'embedding'>,
  discrete: string,
  parameter: Translation['parameter'],
): string {
  const at = (name: string) => `${id}/${name}`;
  const index = whole(writer, at('column'), position ? [1] : [], [column]);
  const values = writer.node(at('values'), 'Gather', [discrete, index], { axis: int(1) });
  if (position)
    return writer.node(id, 'Mul', [values, writer.tensor(at('zeros'), [1, width], new Float32Array(width))]);
  const ids = writer.node(at('ids'), 'Cast', [values], { to: int(7) });
  return writer.node(id, 'Gather', [parameter(table, [rows, width]), ids], { axis: int(0) });
}

/** All products of the parts with one another, and of those the pairs. */
function interaction(writer: OnnxWriter, { id, vectors }: NodeOf<'interaction'>, x: string): string {
  const at = (name: string) => `${id}/${name}`;
  const [all, pairs]: [number[], number[]] = [[-1, vectors * vectors], []];
  for (let i = 1; i < vectors; i++) for (let j = 0; j < i; j++) pairs.push(i * vectors + j);
  // 0 keeps the batch's rows.
  const split = whole(writer, at('split'), [3], [0, vectors, -1]);
  const parts = writer.node(at('parts'), 'Reshape', [x, split]);
  const turned = writer.node(at('turned'), 'Transpose', [parts], { perm: ints([0, 2, 1]) });
  const products = writer.node(at('products'), 'MatMul', [parts, turned]);
  const rows = writer.node(at('products_flat'), 'Reshape', [products, whole(writer, at('shape'), [2], all)]);
  return writer.node(id, 'Gather', [rows, whole(writer, at('pairs'), [pairs.length], pairs)], {
    axis: int(1),
  });
}

/** p′ = r·p / (1 − p + r·p). */
export function calibrate(writer: OnnxWriter, id: string, p: string, ratio: string): string {
  const at = (name: string) => `${id}/${name}`;
  const positive = writer.node(at('positive'), 'Mul', [p, ratio]);
  const negative = writer.node(at('negative'), 'Sub', [writer.scalar('one', 1), p]);
  return writer.node(id, 'Div', [positive, writer.node(at('total'), 'Add', [negative, positive])]);
}
