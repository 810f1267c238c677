/**
 * One node of the model graph as PyTorch: a module with a place in the state dict, or an expression of its inputs. The
 * heads' sigmoids and calibrators are written for all tasks at once, see model-source.ts.
 */
import type { GraphNode, NodeOf } from '../../graph/graph.ts';
import { OPS } from '../../graph/ops/registry.ts';
import { INPUT_NAMES } from '../input-names.ts';
import { pythonNumber } from './python.ts';

/** Classes that model.py defines for itself, when it needs them. */
export type OwnClass =
  | 'Affine'
  | 'Calibrator'
  | 'DotInteraction'
  | 'ElementWise'
  | 'ExactLayerNorm'
  | 'PositionEmbedding'
  | 'SmallEmbedding';

export type Translated =
  /** `module` at `path` in the module tree, called with the node's first input. */
  | { readonly kind: 'module'; readonly path: string; readonly code: string; readonly own: OwnClass | null }
  | { readonly kind: 'expression'; readonly code: (inputs: readonly string[]) => string }
  /** An argument of `forward`. */
  | { readonly kind: 'argument'; readonly name: string }
  /** Not a part of the prediction, or a part of every head's. */
  | { readonly kind: 'elsewhere' };

const module = (path: string, code: string, own: OwnClass | null = null): Translated => ({
  kind: 'module',
  path,
  code,
  own,
});

/** The module that owns a parameter: its name without the last part. */
const ownerOf = (parameter: string) => parameter.slice(0, parameter.lastIndexOf('.'));

export interface TranslateOptions {
  /** Columns of the node's first input. */
  readonly inputWidth: number;
  /** What a parameter that starts as a constant starts as. */
  readonly initial: (parameter: string) => number;
}

export function translateNode(node: GraphNode, { inputWidth, initial }: TranslateOptions): Translated {
  const { id, width } = node;
  switch (node.kind) {
    case 'input':
      return { kind: 'argument', name: INPUT_NAMES[node.tensor] };
    case 'element_wise':
      return elementWise(node);
    case 'batch_norm': {
      const affine = node.weight === null ? ', affine=False' : '';
      const path = ownerOf(node.runningMean);
      return module(
        path,
        `nn.BatchNorm1d(${width}, eps=${pythonNumber(node.epsilon)}, momentum=${pythonNumber(node.momentum)}${affine})`,
      );
    }
    case 'layer_norm': {
      const affine = node.weight === null ? ', elementwise_affine=False' : '';
      const path = node.weight === null ? id : ownerOf(node.weight);
      // PyTorch divides 0 by 0 where an epsilon of 0 meets a row without variance.
      const name = node.epsilon === 0 ? 'ExactLayerNorm' : 'nn.LayerNorm';
      const own = node.epsilon === 0 ? 'ExactLayerNorm' : null;
      return module(path, `${name}(${width}, eps=${pythonNumber(node.epsilon)}${affine})`, own);
    }
    case 'concat':
      return { kind: 'expression', code: (inputs) => `torch.cat([${inputs.join(', ')}], dim=1)` };
    case 'linear':
      return module(
        ownerOf(node.weight),
        `nn.Linear(${inputWidth}, ${width}${node.bias === null ? ', bias=False' : ''})`,
      );
    case 'dropout':
      return module(id, `nn.Dropout(${pythonNumber(node.rate)})`);
    case 'multiply':
      return { kind: 'expression', code: (inputs) => inputs.join(' * ') };
    case 'add':
      return { kind: 'expression', code: (inputs) => inputs.join(' + ') };
    case 'embedding': {
      const { rows, column, position } = node;
      const path = ownerOf(node.table);
      if (!position)
        return module(path, `SmallEmbedding(${rows}, ${width}, column=${column})`, 'SmallEmbedding');
      const drop = pythonNumber(position.dropProbability);
      return module(
        path,
        `PositionEmbedding(${rows}, ${width}, column=${column}, drop=${drop})`,
        'PositionEmbedding',
      );
    }
    case 'interaction':
      return module(id, `DotInteraction(${node.vectors})`, 'DotInteraction');
    case 'affine':
      return module(
        ownerOf(node.weight),
        `Affine(${pythonNumber(initial(node.weight))}, ${pythonNumber(initial(node.bias))})`,
        'Affine',
      );
    case 'loss':
      return { kind: 'elsewhere' };
    case 'calibrate':
      return module(ownerOf(node.ratio), `Calibrator(${pythonNumber(initial(node.ratio))})`, 'Calibrator');
  }
}

/** A function by its name where that is all it is; constants are buffers, as the reference's clamp keeps its bounds. */
function elementWise(node: NodeOf<'element_wise'>): Translated {
  const op = OPS[node.op];
  const code = op.pytorch('x', node.constants);
  const called = /^([\w.]+)\(x\)$/.exec(code)?.[1];
  const buffers = op.constants.map(
    (name, index) => `, ${name}=${pythonNumber(node.constants[index] ?? NaN)}`,
  );
  return module(node.id, `ElementWise(${called ?? `lambda x: ${code}`}${buffers.join('')})`, 'ElementWise');
}
