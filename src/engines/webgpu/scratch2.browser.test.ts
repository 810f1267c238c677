import { it } from 'vitest';
import { requestGpuDevice } from '../tfjs/device.ts';
import { Gpu } from './gpu.ts';
import { gemm } from './kernels/gemm.ts';
import type { GemmProblem, GemmVariant } from './kernels/gemm.ts';
import { matrix } from './kernels/kernel.ts';

it('time', async () => {
  const device = await requestGpuDevice();
  const gpu = new Gpu(device);
  const S = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const big = () => gpu.buffer('x', 4 * 1024 * 1024, S);
  const bufs = [big(), big(), big()];
  const lines: string[] = [];
  const forms: GemmProblem[] = [];
  for (const [la, lb] of [[4096, 2776], [4100, 2776], [512, 2776], [516, 2776], [544, 2776], [516, 1024], [516, 1028], [576, 1088]] as const) forms.push({ form: 'NN', m: 128, n: 1024, k: 512, batch: 1, a: matrix(la), b: matrix(lb) });
  for (const [la, lb] of [[4096, 4096], [4100, 4100], [2776, 2776], [512, 512], [516, 516], [544, 544]] as const) forms.push({ form: 'NT', m: 128, n: 1024, k: 512, batch: 1, a: matrix(la), b: matrix(lb) });
  for (const [la, lb] of [[516, 1028], [544, 1056]] as const) forms.push({ form: 'TN', m: 512, n: 1024, k: 128, batch: 1, a: matrix(la), b: matrix(lb) });
  const variants: GemmVariant[] = [];
  for (const [rows, columns] of [[8, 8], [16, 8]] as const) for (const [x, y] of [[4, 4], [16, 1]] as const) variants.push({ kind: 'direct', rows, columns, x, y });
  for (const p of forms)
    for (const v of variants) {
      const k = gemm(p, { kind: 'partial', c: matrix(p.n) }, v);
      let t0 = performance.now();
      const pipe = await gpu.pipeline(k);
      const tc = performance.now() - t0;
      const group = gpu.device.createBindGroup({
        layout: gpu.layout(k),
        entries: bufs.map((buffer, binding) => ({ binding, resource: { buffer } })),
      });
      let best = 1e9;
      for (let i = 0; i < 6; i++) {
        const e = gpu.device.createCommandEncoder();
        const pass = e.beginComputePass();
        pass.setPipeline(pipe);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...k.grid(128));
        pass.end();
        const t = performance.now();
        gpu.device.queue.submit([e.finish()]);
        await gpu.device.queue.onSubmittedWorkDone();
        best = Math.min(best, performance.now() - t);
      }
      lines.push(
        `${p.form} ${p.m} ${p.a.ld} ${p.b.ld} rows ${(v as { rows: number }).rows}x${(v as { columns: number }).columns} ${(v as { x: number }).x}x${(v as { y: number }).y} ${best.toFixed(1)} ms ${(2*p.m*p.n*p.k/1e6 / best).toFixed(2)} GFLOP/s compile ${tc.toFixed(0)}`,
      );
    }
  console.log(lines.join('\n'));
});
