/** What a device says of what it is asked to make, on simulated devices. */
import { expect, it } from 'vitest';
import { DeviceLostError } from '../engine.ts';
import { adopt } from '../gpu/device.ts';
import { Gpu, GpuError } from './gpu.ts';

/** A device whose error scopes end as said. */
function simulated(pop: () => Promise<GPUError | null>) {
  let lose: (info: { reason: string; message: string }) => void = () => {};
  const device = {
    features: new Set<string>(),
    lost: new Promise((resolve) => (lose = resolve)),
    addEventListener: () => {},
    pushErrorScope: () => {},
    popErrorScope: pop,
  };
  const gpu = new Gpu(adopt(device as unknown as GPUDevice, { vendor: 'acme' } as GPUAdapterInfo));
  return { gpu, lose: () => lose({ reason: 'unknown', message: 'the driver was reset' }) };
}

it('a device that goes away while it makes something is told as lost, so that the run comes back', async () => {
  const { gpu, lose } = simulated(() => Promise.reject(new DOMException('no scope', 'OperationError')));
  const made = gpu.validated('a copy', () => 1);
  // The loss comes after the scopes' end.
  setTimeout(lose);
  await expect(made).rejects.toBeInstanceOf(DeviceLostError);
  await expect(made).rejects.toThrow('the driver was reset');
});

it('what a device objects to is told with what was made', async () => {
  const { gpu } = simulated(() => Promise.resolve({ message: 'too large' }));
  const made = gpu.validated('a copy', () => 1);
  await expect(made).rejects.toBeInstanceOf(GpuError);
  await expect(made).rejects.toThrow('a copy: too large');
});
