/**
 * How a model's parts are doing while it trains, from one checkpoint: sizes of weights and gradients, how far the last
 * update moved the weights, units that never fire, gates that never move. Read seldom, never in the loop.
 */
import type { AdamOptions, EngineState, LearningRates } from '../engines/engine.ts';
import type { ForwardPass } from '../engines/oracle/forward.ts';
import type { StateDict } from '../formats/state-dict.ts';
import { nodeParameters } from '../graph/cost.ts';
import type { ModelGraph } from '../graph/graph.ts';
import { modelParts } from '../graph/parts.ts';

export interface PartHealth {
  /** Of the part, see graph/parts.ts. */
  readonly id: string;
  /** ‖w‖, Euclidean, over the part's trained parameters. */
  readonly weightNorm: number;
  /** √Σv̂: the recent root mean square of the gradient's norm, by Adam's second moment; null before the first update. */
  readonly gradientNorm: number | null;
  /** ‖last update‖ / ‖w‖; around 0.001 is usual, 0 means frozen, above 0.1 that the rate is too high. */
  readonly updateRatio: number | null;
  /** ReLU units that are 0 for every example looked at. Null where the part has none, or nothing was looked at. */
  readonly deadUnits: Share | null;
  /** Mask columns below CLOSED for every example. */
  readonly closedGates: Share | null;
  /** Mask columns that hardly move from one example to the next: a constant, no mask. */
  readonly fixedGates: Share | null;
}

export interface Share {
  readonly count: number;
  readonly of: number;
}

/** A gate this small lets nothing through. */
export const CLOSED = 0.05;
/** A gate whose deviation is a smaller share of its size than this is a constant. */
const FIXED = 0.02;

/**
 * One entry for each part with trained parameters, in the order of modelParts.
 * @param rates of the last update.
 * @param pass values of some examples in evaluation mode, or null.
 */
export function modelHealth(
  graph: ModelGraph,
  { model, optimizer }: EngineState,
  rates: LearningRates,
  adam: AdamOptions,
  pass: ForwardPass | null,
): PartHealth[] {
  const specs = new Map(graph.parameters.map((spec) => [spec.name, spec]));
  const trained = optimizer.step > 0;
  return modelParts(graph, 1)
    .filter(({ parameters }) => parameters > 0)
    .map(({ id, nodes }): PartHealth => {
      const names = nodes
        .flatMap((node) => nodeParameters(graph, node))
        .filter((name) => specs.get(name)?.trainable === true);
      let [weights, gradients, updates] = [0, 0, 0];
      for (const name of names) {
        const rate = rates[specs.get(name)?.group ?? ''] ?? 0;
        const w = floats(model, name);
        const m = floats(optimizer.expAvg, name);
        const v = floats(optimizer.expAvgSq, name);
        const correction1 = 1 - adam.beta1 ** optimizer.step;
        const correction2 = 1 - adam.beta2 ** optimizer.step;
        for (let i = 0; i < w.length; i++) {
          weights += (w[i] ?? 0) ** 2;
          if (!trained) continue;
          const second = (v[i] ?? 0) / correction2;
          gradients += second;
          updates += ((rate * (m[i] ?? 0)) / correction1 / (Math.sqrt(second) + adam.epsilon)) ** 2;
        }
      }
      const weightNorm = Math.sqrt(weights);
      const relus = nodes.filter((node) => node.kind === 'element_wise' && node.op === 'relu');
      const gates = nodes.filter((node) => node.kind === 'multiply').map((node) => node.inputs[1] ?? '');
      const unitsOf = (ids: readonly string[], counts: (values: UnitValues) => boolean): Share | null => {
        if (!pass || ids.length === 0) return null;
        const units = ids.flatMap((node) => unitValues(graph, pass, node));
        return { count: units.filter(counts).length, of: units.length };
      };
      return {
        id,
        weightNorm,
        gradientNorm: trained ? Math.sqrt(gradients) : null,
        updateRatio: trained && weightNorm > 0 ? Math.sqrt(updates) / weightNorm : null,
        deadUnits: unitsOf(
          relus.map((node) => node.id),
          ({ largest }) => largest === 0,
        ),
        closedGates: unitsOf(gates, ({ largest }) => largest < CLOSED),
        fixedGates: unitsOf(
          gates,
          ({ largest, mean, deviation }) => largest >= CLOSED && deviation < FIXED * Math.abs(mean),
        ),
      };
    });
}

function floats(dict: StateDict, name: string): Float32Array {
  const tensor = dict.get(name);
  return tensor?.dtype === 'F32' ? tensor.data : new Float32Array(0);
}

interface UnitValues {
  /** By size. */
  readonly largest: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Of each column of a node over the rows. */
function unitValues(graph: ModelGraph, pass: ForwardPass, id: string): UnitValues[] {
  const width = graph.nodes.find((node) => node.id === id)?.width ?? 0;
  const values = pass.values.get(id) ?? new Float64Array(0);
  const rows = values.length / width;
  return Array.from({ length: width }, (_, column): UnitValues => {
    let [largest, sum, squares] = [0, 0, 0];
    for (let row = 0; row < rows; row++) {
      const value = values[row * width + column] ?? 0;
      largest = Math.max(largest, Math.abs(value));
      sum += value;
      squares += value * value;
    }
    const mean = sum / rows;
    return { largest, mean, deviation: Math.sqrt(Math.max(0, squares / rows - mean * mean)) };
  });
}

/** What is wrong with a part, in words with the mend; empty where nothing is. */
export function healthWarnings({
  updateRatio,
  gradientNorm,
  deadUnits,
  closedGates,
  fixedGates,
}: PartHealth): string[] {
  const share = (units: Share | null): number => (units ? units.count / units.of : 0);
  const told: string[] = [];
  if (updateRatio !== null && updateRatio > 0.1) {
    told.push('An update changes the weights by more than a tenth: lower the learning rate.');
  }
  if (gradientNorm === 0)
    told.push('No gradient arrives here: nothing that is trained depends on this part.');
  if (share(deadUnits) > 0.5) {
    told.push('More than half of the units never fire: start anew with a lower rate, or another seed.');
  }
  if (share(closedGates) > 0.5)
    told.push('More than half of the gates are shut: the block reads little of its input.');
  if (share(fixedGates) > 0.5) {
    told.push('More than half of the gates never move: they scale their columns and mask nothing.');
  }
  return told;
}
