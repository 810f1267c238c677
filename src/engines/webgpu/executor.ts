/**
 * Gives a plan its device objects once (buffers, pipelines, bind groups) and replays it: a step is uploads, one pass of
 * dispatches, one copy into a read-back buffer, one submit. Nothing is created per step but the command encoder.
 */
import type { Gpu } from './gpu.ts';
import type { SharedMemory } from './memory.ts';
import { assignBuffers } from './plan/assign-buffers.ts';
import type { Kernel } from './kernels/kernel.ts';
import type { Bound, Dispatch, Plan } from './plan/plan.ts';

/** Steps that may be on the way; and read-back buffers per plan, one more, so that none waits for JavaScript to read. */
export const MAX_IN_FLIGHT = 8;
const RING = MAX_IN_FLIGHT + 1;

const PROFILE_ROUNDS = 3;

/** One dispatch of a profile. */
export interface DispatchTime {
  readonly label: string;
  readonly milliseconds: number;
  /** From the end of the dispatch before it; null where no clock of the device tells, or each is submitted by itself. */
  readonly waited: number | null;
  readonly flops: number;
  readonly bytes: number;
}

interface Ready {
  readonly dispatch: Dispatch;
  /** The dispatch's own, or what runs until that one is compiled. */
  kernel: Kernel;
  pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
}

export class PlanExecutor {
  readonly plan: Plan;
  readonly #gpu: Gpu;
  readonly #buffers: GPUBuffer[];
  readonly #uploads: ReadonlyMap<string, GPUBuffer>;
  /** Null where nothing is read back. */
  readonly #output: GPUBuffer | null;
  readonly #ready: readonly Ready[];
  /** Uploads that come in columns, by their buffer; and those not sent yet. */
  readonly #gathered = new Map<GPUBuffer, Float32Array<ArrayBuffer>>();
  readonly #changed = new Set<GPUBuffer>();
  readonly #free: GPUBuffer[] = [];
  readonly #waiting: ((buffer: GPUBuffer) => void)[] = [];
  /** Compiling what is faster than what runs now; begun when the plan has run once. */
  #improving: Promise<void> | null = null;
  #disposed = false;

  private constructor(
    gpu: Gpu,
    plan: Plan,
    parts: {
      buffers: GPUBuffer[];
      uploads: ReadonlyMap<string, GPUBuffer>;
      output: GPUBuffer | null;
      ready: readonly Ready[];
      ring: readonly GPUBuffer[];
    },
  ) {
    this.#gpu = gpu;
    this.plan = plan;
    this.#buffers = parts.buffers;
    this.#uploads = parts.uploads;
    this.#output = parts.output;
    this.#ready = parts.ready;
    this.#free.push(...parts.ring);
  }

  /** @throws GpuError naming the kernel or buffer that the device refuses. */
  static async create(gpu: Gpu, plan: Plan, shared: SharedMemory): Promise<PlanExecutor> {
    const kernels = plan.dispatches.map(({ kernel }) =>
      kernel.sooner && !gpu.knows(kernel) ? kernel.sooner : kernel,
    );
    const pipelines = await Promise.all(kernels.map((kernel) => gpu.pipeline(kernel)));
    const made: GPUBuffer[] = [];
    try {
      return await gpu.validated('a plan', () => {
        const byTensor = new Map<number, GPUBuffer>();
        for (const { floats, tensors } of assignBuffers([...plan.tensors])) {
          const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
          const buffer = gpu.buffer(tensors[0]?.label ?? '', floats * 4, usage);
          made.push(buffer);
          for (const { id } of tensors) byTensor.set(id, buffer);
        }
        const resource = (to: Bound): GPUBufferBinding => {
          if ('shared' in to)
            return { buffer: shared.get(to.shared), offset: to.offset * 4, size: to.length * 4 };
          const buffer = byTensor.get(to.tensor.id);
          if (!buffer) throw new Error(`tensor ${to.tensor.label} has no buffer`);
          return { buffer };
        };
        const ready = plan.dispatches.map((dispatch, at): Ready => {
          const { bound } = dispatch;
          const [kernel, pipeline] = [kernels[at], pipelines[at]];
          if (!kernel || !pipeline) throw new Error(`${dispatch.kernel.label} has no pipeline`);
          const entries = kernel.bindings.map(({ name }, binding) => {
            const to = bound[name];
            if (!to) throw new Error(`${kernel.label}: nothing is bound to ${name}`);
            return { binding, resource: resource(to) };
          });
          return {
            dispatch,
            kernel,
            pipeline,
            group: gpu.device.createBindGroup({ label: kernel.label, layout: gpu.layout(kernel), entries }),
          };
        });
        const uploads = new Map<string, GPUBuffer>();
        for (const [name, { tensor }] of plan.uploads) {
          const buffer = byTensor.get(tensor.id);
          if (buffer) uploads.set(name, buffer);
        }
        const output = plan.output && byTensor.get(plan.output.id);
        const ring: GPUBuffer[] = [];
        if (output)
          for (let slot = 0; slot < RING; slot++) {
            const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
            ring.push(gpu.buffer('read-back ring', output.size, usage));
          }
        made.push(...ring);
        return new PlanExecutor(gpu, plan, {
          buffers: made,
          uploads,
          output: output ?? null,
          ready,
          ring,
        });
      });
    } catch (error) {
      for (const buffer of made) gpu.release(buffer);
      throw error;
    }
  }

  /** Queues an upload of dense rows; it takes effect before the next run. @param offset in floats. */
  upload(name: string, data: Float32Array<ArrayBuffer>, offset = 0): void {
    const buffer = this.#uploads.get(name);
    const to = this.plan.uploads.get(name);
    if (!buffer || !to || data.length === 0) return;
    if (to.width === to.ld) {
      this.#gpu.device.queue.writeBuffer(buffer, offset * 4, data);
      return;
    }
    // Side by side with others: gathered here, and sent as one.
    const all = this.#gathered.get(buffer) ?? new Float32Array(to.tensor.floats);
    this.#gathered.set(buffer, all);
    for (let from = 0, at = to.column; from < data.length; from += to.width, at += to.ld)
      all.set(data.subarray(from, from + to.width), at);
    this.#changed.add(buffer);
  }

  /**
   * Submits the plan in `parts` command buffers of similar cost, waiting for each before the next so that none runs long.
   * @returns a function that awaits the output once; an empty one when `read` is false.
   */
  async run(rows: number, parts: number, read: boolean): Promise<() => Promise<Float32Array<ArrayBuffer>>> {
    const { device } = this.#gpu;
    for (const buffer of this.#changed) {
      const all = this.#gathered.get(buffer);
      if (all) device.queue.writeBuffer(buffer, 0, all);
    }
    this.#changed.clear();
    const target = read && this.#output ? await this.#acquire() : null;
    try {
      const cuts = this.#cuts(parts);
      let begin = 0;
      for (const [position, end] of cuts.entries()) {
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        for (let at = begin; at < end; at++) {
          const ready = this.#ready[at];
          if (!ready) continue;
          pass.setPipeline(ready.pipeline);
          pass.setBindGroup(0, ready.group);
          pass.dispatchWorkgroups(...ready.kernel.grid(rows));
        }
        pass.end();
        const last = position === cuts.length - 1;
        if (last && target && this.#output)
          encoder.copyBufferToBuffer(this.#output, 0, target, 0, target.size);
        device.queue.submit([encoder.finish()]);
        begin = end;
        if (!last) await this.#gpu.guard(device.queue.onSubmittedWorkDone());
      }
    } catch (error) {
      if (target) this.#give(target);
      throw error;
    }
    return async () => {
      if (!target) return new Float32Array(0);
      try {
        return await this.#gpu.read(target, (this.plan.output?.floats ?? 0) * 4);
      } finally {
        this.#give(target);
        void this.improved();
      }
    };
  }

  /** Resolves when every dispatch runs its own kernel, which are compiled one at a time: a core is left for the steps meanwhile. */
  improved(): Promise<void> {
    this.#improving ??= this.#improve();
    return this.#improving;
  }

  async #improve(): Promise<void> {
    const slow = this.#ready.filter(({ kernel, dispatch }) => kernel !== dispatch.kernel);
    // Those first that most of a step's time goes to.
    for (const ready of slow.toSorted((a, b) => b.dispatch.flops - a.dispatch.flops)) {
      const { kernel } = ready.dispatch;
      if (this.#disposed) return;
      try {
        ready.pipeline = await this.#gpu.pipeline(kernel);
        ready.kernel = kernel;
      } catch {
        // What runs now gives the same numbers; a device that is gone is told by the next call.
      }
    }
  }

  /**
   * Time of every dispatch, for reports: by the device's clock where it has one, else from submit to done, a round trip
   * included. Changes the parameters as several steps would.
   */
  async profile(rows: number): Promise<DispatchTime[]> {
    await this.improved();
    return this.#gpu.device.features.has('timestamp-query') ? this.#clocked(rows) : this.#awaited(rows);
  }

  /** Every dispatch in a pass of its own with the device's time at its ends; the least of a few rounds. */
  async #clocked(rows: number): Promise<DispatchTime[]> {
    const { device } = this.#gpu;
    const count = 2 * this.#ready.length;
    const set = device.createQuerySet({ type: 'timestamp', count });
    const resolved = this.#gpu.buffer(
      'times',
      8 * count,
      GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    );
    const read = this.#gpu.buffer('times read', 8 * count, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
    const least = this.#ready.map(() => ({ milliseconds: Infinity, waited: Infinity }));
    // A step on the CPU takes seconds, and browsers drop a device that does not answer; else all of it is one submit.
    const { software } = this.#gpu;
    try {
      for (let round = 0; round < PROFILE_ROUNDS; round++) {
        let encoder = device.createCommandEncoder();
        for (const [at, { dispatch, pipeline, group }] of this.#ready.entries()) {
          const pass = encoder.beginComputePass({
            timestampWrites: {
              querySet: set,
              beginningOfPassWriteIndex: 2 * at,
              endOfPassWriteIndex: 2 * at + 1,
            },
          });
          pass.setPipeline(pipeline);
          pass.setBindGroup(0, group);
          pass.dispatchWorkgroups(...dispatch.kernel.grid(rows));
          pass.end();
          if (!software) continue;
          device.queue.submit([encoder.finish()]);
          await this.#gpu.guard(device.queue.onSubmittedWorkDone());
          encoder = device.createCommandEncoder();
        }
        encoder.resolveQuerySet(set, 0, count, resolved, 0);
        encoder.copyBufferToBuffer(resolved, 0, read, 0, 8 * count);
        device.queue.submit([encoder.finish()]);
        const times = new BigUint64Array((await this.#gpu.read(read, 8 * count)).buffer);
        const between = (from: number, to: number) => Number((times[to] ?? 0n) - (times[from] ?? 0n)) / 1e6;
        for (const [at, one] of least.entries()) {
          one.milliseconds = Math.min(one.milliseconds, between(2 * at, 2 * at + 1));
          one.waited = Math.min(one.waited, at === 0 ? 0 : between(2 * at - 1, 2 * at));
        }
      }
    } finally {
      this.#gpu.release(resolved);
      this.#gpu.release(read);
      set.destroy();
    }
    return this.#ready.map(({ dispatch: { kernel, flops, bytes } }, at) => ({
      label: kernel.label,
      milliseconds: least[at]?.milliseconds ?? NaN,
      waited: software ? null : (least[at]?.waited ?? null),
      flops,
      bytes,
    }));
  }

  async #awaited(rows: number): Promise<DispatchTime[]> {
    const { device } = this.#gpu;
    const times: DispatchTime[] = [];
    for (const { dispatch, pipeline, group } of this.#ready) {
      const run = async () => {
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...dispatch.kernel.grid(rows));
        pass.end();
        const start = performance.now();
        device.queue.submit([encoder.finish()]);
        await this.#gpu.guard(device.queue.onSubmittedWorkDone());
        return performance.now() - start;
      };
      const first = await run();
      const { flops, bytes, kernel } = dispatch;
      times.push({
        label: kernel.label,
        milliseconds: Math.min(first, await run()),
        waited: null,
        flops,
        bytes,
      });
    }
    return times;
  }

  /** Ends of `parts` runs of dispatches with similar floating-point operations. */
  #cuts(parts: number): number[] {
    const count = this.#ready.length;
    if (parts <= 1) return [count];
    const cost = ({ flops, bytes }: Dispatch) => flops + 4 * bytes;
    const total = this.plan.dispatches.reduce((sum, dispatch) => sum + cost(dispatch), 0);
    const cuts: number[] = [];
    let sum = 0;
    this.plan.dispatches.forEach((dispatch, at) => {
      sum += cost(dispatch);
      if (at + 1 < count && sum >= (total * (cuts.length + 1)) / parts) cuts.push(at + 1);
    });
    return [...cuts, count];
  }

  async #acquire(): Promise<GPUBuffer> {
    const free = this.#free.pop();
    return free ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  #give(buffer: GPUBuffer): void {
    const next = this.#waiting.shift();
    if (next) next(buffer);
    else this.#free.push(buffer);
  }

  dispose(): void {
    this.#disposed = true;
    for (const buffer of this.#buffers) this.#gpu.release(buffer);
    this.#buffers.length = 0;
  }
}
