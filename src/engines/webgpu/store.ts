/** State dicts to and from the device's layout: rows gain and lose their padding here. */
import { sizeOf, type StateDict, type StateTensor } from '../../formats/state-dict.ts';
import type { EngineState, OptimizerState } from '../engine.ts';
import type { SharedMemory } from './memory.ts';
import type { CompiledModel } from './plan/compiled-model.ts';
import type { TensorPlace } from './plan/parameters.ts';

type Places = ReadonlyMap<string, TensorPlace>;

/** The buffers that make up a state. */
const STATE = ['params', 'running', 'expAvg', 'expAvgSq'] as const;

/** All of them; each is freed even when another can't be read. */
async function readAll(read: (name: (typeof STATE)[number]) => Promise<Float32Array<ArrayBuffer>>) {
  const [params, running, expAvg, expAvgSq] = await Promise.all([
    read('params'),
    read('running'),
    read('expAvg'),
    read('expAvgSq'),
  ]);
  return { params, running, expAvg, expAvgSq };
}

/** All weight gradients, and all small ones. */
export interface StoredGradients {
  readonly weights: Float32Array<ArrayBuffer>;
  readonly small: Float32Array<ArrayBuffer>;
}

export class ParameterStore {
  /** I64 counters by name, and the first value of untrained F32 tensors as loaded. */
  #counters: ReadonlyMap<string, BigInt64Array<ArrayBuffer>> = new Map();
  #untrained: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly model: CompiledModel,
    private readonly memory: SharedMemory,
    /** Whether there are moments. */
    private readonly trains = true,
  ) {}

  /**
   * Copies a state dict that fits the graph into the device's layout.
   * @returns a function that replaces everything by it; moments become zero without an optimizer state.
   */
  prepare(state: StateDict, optimizer: OptimizerState | null): () => void {
    const { layout } = this.model;
    const packed = (dict: StateDict) => pack(layout.trainable, dict, layout.arenaLength);
    const params = packed(state);
    const running = pack(layout.running, state, layout.runningLength);
    const moments = optimizer && { first: packed(optimizer.expAvg), second: packed(optimizer.expAvgSq) };
    const counters = layout.counters.map((name) => {
      const tensor = state.get(name);
      return [name, BigInt64Array.from(tensor?.dtype === 'I64' ? tensor.data : [0n])] as const;
    });
    const untrained = new Map(
      [...layout.running.keys()].map((name) => [name, Number(state.get(name)?.data[0])]),
    );
    return () => {
      this.memory.write('params', params);
      this.memory.write('running', running);
      this.#counters = new Map(counters);
      this.#untrained = untrained;
      if (!this.trains) return;
      if (moments) {
        this.memory.write('expAvg', moments.first);
        this.memory.write('expAvgSq', moments.second);
      } else {
        this.memory.clear('expAvg');
        this.memory.clear('expAvgSq');
      }
    };
  }

  /** First value of an untrained tensor that training does not change, as loaded. */
  untrained(name: string): number {
    return this.#untrained.get(name) ?? 1;
  }

  /** Every BatchNorm has seen one batch more. */
  countBatch(): void {
    for (const counts of this.#counters.values())
      counts.forEach((count, index) => (counts[index] = count + 1n));
  }

  /**
   * The state behind everything submitted so far, in one go: the device copies it aside and may go on training.
   * @returns a function that awaits it.
   */
  async state(step: number): Promise<() => Promise<EngineState>> {
    const counters = new Map([...this.#counters].map(([name, counts]) => [name, counts.slice()] as const));
    const copied = await this.memory.snapshot(STATE);
    if (copied) return async () => this.#state(step, counters, await readAll(copied));
    // Without room for copies it is read in pieces, and the next step waits.
    const read = await readAll((name) => this.memory.read(name));
    return async () => this.#state(step, counters, read);
  }

  #state(
    step: number,
    counters: ReadonlyMap<string, BigInt64Array<ArrayBuffer>>,
    read: Awaited<ReturnType<typeof readAll>>,
  ): EngineState {
    const { layout, graph } = this.model;
    const trained = unpack(layout.trainable, read.params);
    const untrained = unpack(layout.running, read.running);
    const expAvg = unpack(layout.trainable, read.expAvg);
    const expAvgSq = unpack(layout.trainable, read.expAvgSq);
    const model = new Map<string, StateTensor>();
    for (const { name, shape } of graph.parameters) {
      const counts = counters.get(name);
      const tensor =
        trained.get(name) ??
        untrained.get(name) ??
        (counts && { dtype: 'I64' as const, shape, data: counts });
      if (!tensor) throw new Error(`no value for ${name}`);
      model.set(name, tensor);
    }
    const ordered = (dict: StateDict): StateDict =>
      new Map(
        [...model.keys()].flatMap((name) => {
          const tensor = dict.get(name);
          return tensor ? [[name, tensor] as const] : [];
        }),
      );
    return { model, optimizer: { step, expAvg: ordered(expAvg), expAvgSq: ordered(expAvgSq) } };
  }

  async readGradients(): Promise<StoredGradients> {
    return { weights: await this.memory.read('grads'), small: await this.memory.read('smallGrads') };
  }

  writeGradients({ weights, small }: StoredGradients): void {
    this.memory.write('grads', weights);
    this.memory.write('smallGrads', small);
  }

  /** Gradients by parameter name, in the graph's order. */
  gradients({ weights, small }: StoredGradients): StateDict {
    const { layout, graph } = this.model;
    const all = new Float32Array(layout.arenaLength);
    all.set(weights.subarray(0, layout.smallOffset));
    all.set(small.subarray(0, layout.smallLength), layout.smallOffset);
    const dict = unpack(layout.trainable, all);
    return new Map(
      graph.parameters.flatMap(({ name }) => {
        const tensor = dict.get(name);
        return tensor ? [[name, tensor] as const] : [];
      }),
    );
  }
}

function pack(places: Places, dict: StateDict, length: number): Float32Array<ArrayBuffer> {
  const all = new Float32Array(length);
  for (const [name, { offset, rows, columns, ld }] of places) {
    const tensor = dict.get(name);
    if (tensor?.dtype !== 'F32') throw new Error(`${name} is missing`);
    if (ld === columns) all.set(tensor.data, offset);
    else
      for (let row = 0; row < rows; row++)
        all.set(tensor.data.subarray(row * columns, (row + 1) * columns), offset + row * ld);
  }
  return all;
}

function unpack(places: Places, all: Float32Array): Map<string, StateTensor> {
  const dict = new Map<string, StateTensor>();
  for (const [name, { spec, offset, rows, columns, ld }] of places) {
    const data = new Float32Array(sizeOf(spec.shape));
    for (let row = 0; row < rows; row++)
      data.set(all.subarray(offset + row * ld, offset + row * ld + columns), row * columns);
    dict.set(name, { dtype: 'F32', shape: spec.shape, data });
  }
  return dict;
}
