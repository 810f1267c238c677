/** The thread's GPU device, shared by all engines; requested again after a loss, or when a model needs larger limits. */
import type { GpuDevice } from './device.ts';
import { requestGpuDevice } from './device.ts';
import type { DeviceNeeds } from './limits.ts';
import { both, covers, NO_NEEDS } from './limits.ts';

interface Held {
  readonly device: Promise<GpuDevice>;
  readonly needs: DeviceNeeds;
  /** Told once when the device is lost: the last who asked. */
  onLost: ((message: string) => void) | null;
}

/** One device for all that share it. */
export class SharedGpu {
  #held: Held | null = null;

  constructor(private readonly request: (needs: DeviceNeeds) => Promise<GpuDevice>) {}

  /** @throws NoWebGpuError when there is no WebGPU, no adapter, or no device to be had. */
  async get(onLost?: (message: string) => void, needs: DeviceNeeds = NO_NEEDS): Promise<GpuDevice> {
    for (;;) {
      const held = this.#held ?? this.#hold(needs);
      let gpu: GpuDevice;
      try {
        gpu = await held.device;
      } catch (error) {
        if (this.#held === held) this.#held = null;
        throw error;
      }
      if (!gpu.failure() && covers(held.needs, needs)) {
        if (onLost) held.onLost = onLost;
        return gpu;
      }
      // Another caller may have replaced it while this one waited.
      if (this.#held === held) this.#hold(both(held.needs, needs));
    }
  }

  #hold(needs: DeviceNeeds): Held {
    const held: Held = { device: this.request(needs), needs, onLost: null };
    this.#held = held;
    held.device
      .then(async (gpu) => {
        const { message } = await gpu.lost;
        if (this.#held === held) this.#held = null;
        held.onLost?.(message);
      })
      // A refusal is told to who asked.
      .catch(() => undefined);
    return held;
  }
}

const shared = new SharedGpu((needs) => requestGpuDevice(undefined, needs));

/**
 * @param onLost told when the device is gone; of several the last.
 * @throws NoWebGpuError when there is no WebGPU, no adapter, or no device to be had.
 */
export function threadGpu(onLost?: (message: string) => void, needs?: DeviceNeeds): Promise<GpuDevice> {
  return shared.get(onLost, needs);
}
