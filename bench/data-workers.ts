/**
 * Examples that several workers make of one stream, in order, pulled as the trainer pulls them. What counts on a shared
 * machine is the rate by processor time of all threads: with a core for each worker, so many times that.
 */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import type { MessagePort as ThreadPort } from 'node:worker_threads';
import { Worker } from 'node:worker_threads';
import type { OpenOptions } from '../src/data/open-source.ts';
import type { BatchLayout } from '../src/data/recap-batch.ts';
import { defaultTeacherConfig } from '../src/data/synthesis/teacher-config.ts';
import { sharedSource } from '../src/workers/shared-stream.ts';
import type { Section } from './data-throughput.ts';

const BATCHES = 120;
const WARM_UP = 16;
const ROUNDS = 3;

/** Threads don't inherit the loader of TypeScript. */
const LOADER = `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => {
  register();
  return import(${JSON.stringify(new URL('./data-maker.ts', import.meta.url).href)});
});`;

/** Examples a second that training needs at 300 steps of 128. */
const WANTED = 38_400;

/** @returns rates for one worker and for `most`, and the workers that 38,400 examples a second take. */
export async function sharedRates(section: Section, most: number): Promise<Record<string, number>> {
  const rates: Record<string, number> = {};
  let perCore = 0;
  for (const count of [1, most]) {
    const { wall, core } = await sharedRate(section, count);
    rates[`production_teacher_${count}_workers_examples_per_s`] = Math.round(wall);
    rates[`production_teacher_${count}_workers_examples_per_core_s`] = Math.round(core);
    perCore = core;
  }
  return {
    ...rates,
    production_teacher_workers_for_38400_per_s: Math.ceil(WANTED / perCore),
    cores_here: availableParallelism(),
  };
}

async function sharedRate(section: Section, count: number): Promise<{ wall: number; core: number }> {
  const options: OpenOptions = {
    source: { kind: 'teacher', seed: 1, teacher: defaultTeacherConfig },
    ...section,
    split: 'train',
    examples: null,
  };
  const workers: Worker[] = [];
  const ports: MessagePort[] = [];
  let layout: BatchLayout | null = null;
  for (let made = 0; made < count; made++) {
    const worker = new Worker(LOADER, { eval: true });
    workers.push(worker);
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ port: port1, options }, [port1 as unknown as ThreadPort]);
    [layout] = (await once(worker, 'message')) as [BatchLayout];
    ports.push(port2);
  }
  if (!layout) throw new RangeError('there must be a worker');
  const source = sharedSource(ports, layout);
  const pull = async (batches: number) => {
    let examples = 0;
    for (let batch = 0; batch < batches; batch++) examples += (await source.next())?.size ?? 0;
    return examples;
  };
  await pull(WARM_UP * count);
  let [wall, core] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const before = process.cpuUsage();
    const examples = await pull(BATCHES);
    const { user, system } = process.cpuUsage(before);
    wall = Math.max(wall, examples / ((performance.now() - start) / 1000));
    core = Math.max(core, examples / ((user + system) / 1e6));
  }
  source.dispose();
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { wall, core };
}
