/** Each node as a formula, with the shapes of one batch: what a person reads beside the drawing. */
import type { GraphNode } from './graph.ts';
import type { OpName } from './ops/registry.ts';

export interface Formula {
  /** With the usual letters: x in, y out, W and b trained. */
  readonly formula: string;
  /** The same with its sizes. */
  readonly shapes: string;
}

/**
 * @param inputs columns of each input.
 * @param rows of a batch.
 */
export function nodeFormula(node: GraphNode, inputs: readonly number[], rows: number): Formula {
  const [width = 0] = inputs;
  const x = `[${rows}, ${width}]`;
  const out = `[${rows}, ${node.width}]`;
  const made = (formula: string, shapes = `${x} → ${out}`): Formula => ({ formula, shapes });
  switch (node.kind) {
    case 'input':
      return made(`x = ${node.tensor}`, out);
    case 'linear':
      return made(
        node.bias === null ? 'y = x·Wᵀ' : 'y = x·Wᵀ + b',
        `${x} · [${width}, ${node.width}]${node.bias === null ? '' : ` + [${node.width}]`} → ${out}`,
      );
    case 'batch_norm':
      return made(`y = (x − μ) / √(σ² + ${node.epsilon})${affine(node.weight)}, μ and σ² by column`);
    case 'layer_norm':
      return made(`y = (x − μ) / √(σ² + ${node.epsilon})${affine(node.weight)}, μ and σ² by row`);
    case 'concat':
      return made('y = x₁ ‖ x₂ ‖ …', `${inputs.map((each) => `[${rows}, ${each}]`).join(' ‖ ')} → ${out}`);
    case 'element_wise':
      return made(elementWise(node));
    case 'dropout':
      return made(`y = x ⊙ keep / ${Number((1 - node.rate).toPrecision(6))}, while training only`);
    case 'multiply':
      return made('y = x ⊙ mask', `${x} ⊙ [${rows}, ${inputs[1] ?? 0}] → ${out}`);
    case 'add':
      return made('y = x₁ + x₂', `${x} + [${rows}, ${inputs[1] ?? 0}] → ${out}`);
    case 'embedding':
      return made('y = the row of the table that an id names', `[${node.rows}, ${node.width}] → ${out}`);
    case 'interaction':
      return made(`y = xᵢ·xⱼ for every pair of ${node.vectors} vectors`);
    case 'affine':
      return made('y = scale·x + bias');
    case 'calibrate':
      return made('p′ = r·p / (1 − p + r·p)');
    case 'loss':
      return made('L = mean of w · BCE(x, label)', `${x} → [1]`);
  }
}

const affine = (weight: string | null): string => (weight === null ? '' : ' · γ + β');

/** Those that are better known by a formula than by their name. */
const OPERATIONS: Readonly<Partial<Record<OpName, string>>> = {
  signed_log: 'y = sign(x) · ln(1 + |x|)',
  relu: 'y = max(x, 0)',
  sigmoid: 'p = 1 / (1 + e⁻ˣ)',
};

function elementWise({ op, constants }: Extract<GraphNode, { kind: 'element_wise' }>): string {
  if (op === 'clamp') return `y = x, from ${constants[0]} to ${constants[1]}`;
  return OPERATIONS[op] ?? `y = ${op}(x)`;
}
