/**
 * The model as an ONNX file (operator set 17): inputs under the reference's tensor names, outputs `logits`,
 * `probabilities` and `calibrated_probabilities` [batch, tasks]. Values carry the graph's names and weights the state
 * dict's, so that a viewer shows the same model as the page.
 */
import type { GraphNode, ModelGraph } from '../../graph/graph.ts';
import type { StateDict } from '../state-dict.ts';
import { int, OnnxWriter } from './onnx-writer.ts';
import { calibrate, translateNode } from './translate.ts';

export interface OnnxOptions {
  readonly graph: ModelGraph;
  /** Every parameter and buffer of the graph. */
  readonly state: StateDict;
  /** What readers of the file are told, text by text: configuration, step, seed. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A model that can't be written; names the tensor. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';
}

const DOC = 'Heavy ranker, trained in the Heavy Ranker Playground';

/**
 * @returns the file's bytes: as large as the weights, four bytes each.
 * @throws OnnxError when the state lacks a tensor of the graph, or has it in another size.
 */
export function writeOnnx({ graph, state, metadata }: OnnxOptions): Uint8Array<ArrayBuffer> {
  const writer = new OnnxWriter();
  const parameter = parameters(graph, state, writer);
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    const name = names.get(id);
    if (name === undefined) throw new OnnxError(`The graph reads ${id}, which is no node before it.`);
    return name;
  };
  // Read for every task at once, below: thirty nodes less in a file that people look at.
  const heads = new Set(graph.outputs.flatMap(({ probability, calibrated }) => [probability, calibrated]));
  for (const node of usedNodes(graph)) {
    if (heads.has(node.id)) continue;
    names.set(node.id, translateNode(node, node.inputs.map(nameOf), { writer, parameter }));
  }

  const tasks = graph.outputs.map(({ task }) => task);
  const columns = `One column a task: ${tasks.join(', ')}.`;
  writer.node(
    'logits',
    'Concat',
    graph.outputs.map(({ logit }) => nameOf(logit)),
    { axis: int(1) },
  );
  writer.node('probabilities', 'Sigmoid', ['logits']);
  const ratios = Float32Array.from(graph.outputs, (output) =>
    calibrationRatio(graph, output.calibrated, state),
  );
  calibrate(
    writer,
    'calibrated_probabilities',
    'probabilities',
    writer.tensor('_calibrators.ratio', [tasks.length], ratios),
  );
  writer.output('logits', tasks.length, columns);
  writer.output('probabilities', tasks.length, `${columns} As in the data, downsampled.`);
  writer.output('calibrated_probabilities', tasks.length, `${columns} As before downsampling.`);
  return writer.bytes({
    name: 'heavy_ranker',
    docString: `${DOC}. ${columns}`,
    producer: 'heavy-ranker-playground',
    metadata: { tasks: JSON.stringify(tasks), ...metadata },
  });
}

/** Nodes that a head's logit depends on, in order: an input that nothing reads would have to be fed all the same. */
function usedNodes(graph: ModelGraph): GraphNode[] {
  const used = new Set(graph.outputs.map(({ logit }) => logit));
  for (const node of graph.nodes.toReversed())
    if (used.has(node.id)) for (const input of node.inputs) used.add(input);
  return graph.nodes.filter(({ id }) => used.has(id));
}

function parameters(graph: ModelGraph, state: StateDict, writer: OnnxWriter) {
  const shapes = new Map(graph.parameters.map(({ name, shape }) => [name, shape]));
  return (name: string, as?: readonly number[]): string => {
    const shape = as ?? shapes.get(name) ?? [];
    return writer.tensor(name, shape, floats(state, name, shape));
  };
}

function floats(state: StateDict, name: string, shape: readonly number[]): Float32Array {
  const tensor = state.get(name);
  const size = shape.reduce((product, length) => product * length, 1);
  if (tensor?.dtype !== 'F32') throw new OnnxError(`The weights have no float32 tensor ${name}.`);
  if (tensor.data.length !== size)
    throw new OnnxError(
      `Tensor ${name} has ${tensor.data.length} values, the graph needs [${shape.join(', ')}].`,
    );
  return tensor.data;
}

function calibrationRatio(graph: ModelGraph, id: string, state: StateDict): number {
  const node = graph.nodes.find((candidate) => candidate.id === id);
  if (node?.kind !== 'calibrate') throw new OnnxError(`${id} is no calibrator.`);
  return floats(state, node.ratio, [1])[0] ?? NaN;
}
