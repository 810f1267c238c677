import { it } from 'vitest';
import yaml from '../../../configs/local_prod.yaml?raw';
import { presetModel } from '../testing/preset-model.ts';
import { countGpu } from '../testing/gpu-counters.ts';
import { requestGpuDevice } from '../tfjs/device.ts';
import { createWebgpuEngine } from './engine.ts';

it('time', async () => {
  const gpu = await requestGpuDevice();
  const model = presetModel(yaml, 200);
  console.log(
    model.options.graph.parameters.reduce(
      (s, p) => s + (p.trainable ? p.shape.reduce((a, b) => a * b, 1) : 0),
      0,
    ),
  );
  let t = performance.now();
  const lap = (what: string) => {
    const now = performance.now();
    console.log(what, (now - t).toFixed(0), 'ms');
    t = now;
  };
  const c = countGpu();
  const engine = await createWebgpuEngine(model.options, gpu, { tuner: { budget: 0 } });
  lap('create');
  console.log(JSON.stringify(await engine.cost()), engine.info.bytes(), engine.info.allocations());
  console.log(JSON.stringify(c.alive()));
  const batches = [0, 1].map((i) => model.batch(128, i));
  lap('data');
  const rates = model.rates(1e-4);
  for (let i = 0; i < 2; i++) {
    c.reset();
    const r = await engine.step(batches[i % 2]!, rates);
    lap('step ' + r.loss);
    console.log(JSON.stringify(c.counts));
  }
  const prof = await engine.profile();
  console.log(
    prof
      .map(
        (p) =>
          p.milliseconds.toFixed(2).padStart(9) +
          ' ' +
          (p.flops / p.milliseconds / 1e6).toFixed(2).padStart(6) +
          ' ' +
          (p.bytes / p.milliseconds / 1e6).toFixed(2).padStart(6) +
          ' ' +
          p.label,
      )
      .join('\n'),
  );
  console.log(
    'sum',
    prof.reduce((s, p) => s + p.milliseconds, 0),
  );
}, 600000);
