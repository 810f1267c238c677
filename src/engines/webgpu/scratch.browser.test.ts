import { it } from 'vitest';
import yaml from '../../../configs/playground.yaml?raw';
import { presetModel } from '../testing/preset-model.ts';
import { requestGpuDevice } from '../tfjs/device.ts';
import { createWebgpuEngine } from './engine.ts';

it('time', async () => {
  const gpu = await requestGpuDevice();
  const model = presetModel(yaml, 16);
  let t = performance.now();
  const lap = (what: string) => {
    const now = performance.now();
    console.log(what, (now - t).toFixed(0), 'ms');
    t = now;
  };
  const engine = await createWebgpuEngine(model.options, gpu, {
    tuner: {
      budget: Number(import.meta.env.VITE_BUDGET ?? 2000),
      onProgress: (d, t) => console.log('tune', d, t, performance.now().toFixed(0)),
    },
  });
  lap('create');
  const batches = [0, 1, 2, 3].map((i) => model.batch(128, i));
  const rates = model.rates(1e-3);
  for (let i = 0; i < 3; i++) {
    const r = await engine.step(batches[i % 4]!, rates);
    lap('step ' + r.loss);
  }
  t = performance.now();
  for (let i = 0; i < 20; i++) await engine.step(batches[i % 4]!, rates);
  lap('20 steps');
  await Promise.all(Array.from({ length: 20 }, (_, i) => engine.step(batches[i % 4]!, rates)));
  lap('20 steps overlapped');
  await engine.predict(batches[0]!);
  lap('first predict');
  await engine.predict(batches[0]!);
  lap('predict');
  console.log(JSON.stringify(await engine.cost()));
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
  console.log(engine.info.bytes(), engine.info.allocations());
});
