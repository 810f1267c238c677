/** Runs one kernel on given arrays, once: for tests, and for the check of a device before it trains. */
import type { Gpu } from './gpu.ts';
import type { Kernel } from './kernels/kernel.ts';

export type Arrays = Readonly<Record<string, Float32Array<ArrayBuffer>>>;

/** @returns the contents of all bindings after the kernel ran. */
export async function runKernel(gpu: Gpu, kernel: Kernel, data: Arrays, rows: number): Promise<Arrays> {
  const { device } = gpu;
  const pipeline = await gpu.pipeline(kernel);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const buffers = await gpu.validated(kernel.label, () =>
    kernel.bindings.map(({ name }) => {
      const array = data[name];
      if (!array) throw new Error(`no data for ${name}`);
      const buffer = device.createBuffer({ size: Math.ceil(array.length / 4) * 16, usage });
      device.queue.writeBuffer(buffer, 0, array);
      return buffer;
    }),
  );
  const staging = kernel.bindings.map((_, at) => {
    const size = buffers[at]?.size ?? 0;
    return device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  });
  await gpu.validated(kernel.label, () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: gpu.layout(kernel),
        entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
      }),
    );
    pass.dispatchWorkgroups(...kernel.grid(rows));
    pass.end();
    staging.forEach((to, at) => {
      const from = buffers[at];
      if (from) encoder.copyBufferToBuffer(from, 0, to, 0, to.size);
    });
    device.queue.submit([encoder.finish()]);
  });
  const result: Record<string, Float32Array<ArrayBuffer>> = {};
  for (const [at, { name }] of kernel.bindings.entries()) {
    const buffer = staging[at];
    if (!buffer) continue;
    result[name] = (await gpu.read(buffer, buffer.size)).subarray(0, data[name]?.length);
  }
  for (const buffer of [...buffers, ...staging]) buffer.destroy();
  return result;
}
