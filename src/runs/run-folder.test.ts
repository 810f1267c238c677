/** Run folders over the homes that there are in Node: the same in memory and on a disk. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { StateDict } from '../formats/state-dict.ts';
import type { Checkpoint } from '../training/checkpoint-store.ts';
import { keepNewest } from '../training/checkpoint-store.ts';
import { graph } from '../training/testing/fake-engine.ts';
import type { FileHome } from './homes/home.ts';
import { HomeError } from './homes/home.ts';
import { MemoryHome } from './homes/memory-home.ts';
import { NodeHome } from './homes/node-home.ts';
import { ManifestError } from './new-manifest.ts';
import { MetricsLineError } from './metrics-lines.ts';
import { checkpointSteps, restorableSteps, RunCheckpoints } from './run-checkpoints.ts';
import { RunFolder, RunFolderError } from './run-folder.ts';
import { RunRecorder } from './run-recorder.ts';
import { evaluationEvent, manifest, NAMES, stepEvent } from './testing.ts';

const temporary = mkdtempSync(join(tmpdir(), 'heavy-ranker-runs-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));
let homes = 0;

const HOMES: [string, () => FileHome][] = [
  ['memory', () => new MemoryHome()],
  ['disk', () => new NodeHome(join(temporary, String(homes++)))],
];

const bytesOf = (text: string) => new TextEncoder().encode(text);

function state(value: number): StateDict {
  return new Map([['w', { dtype: 'F32', shape: [2], data: Float32Array.of(value, -value) }]]);
}

function checkpoint(step: number): Checkpoint {
  return {
    step,
    loss: 1 / step,
    batches: step,
    examples: 4 * step,
    elapsedMs: 2.5 * step,
    position: { kind: 'uniform', used: 4 * step, random: [1, 2, 3, step] },
    state: { model: state(step), optimizer: { step, expAvg: state(step / 2), expAvgSq: state(step / 4) } },
  };
}

async function stepsIn(folder: RunFolder): Promise<number[]> {
  const found: number[] = [];
  for await (const events of folder.steps(NAMES)) found.push(...events.map(({ step }) => step));
  return found;
}

describe.each(HOMES)('a run folder in %s', (_name, makeHome) => {
  const create = async (path = 'run') => {
    const home = makeHome();
    return { home, folder: await RunFolder.create(home, path, manifest()) };
  };
  const checkpointsOf = (folder: RunFolder, maxBytes?: number) =>
    new RunCheckpoints(folder, graph, { config: 'c', seed: 1 }, maxBytes);

  it('keeps what was written, for whoever opens it next', async () => {
    const { home, folder } = await create('some/run');
    await folder.appendSteps([stepEvent(0), stepEvent(1)], NAMES);
    await folder.appendSteps([], NAMES);
    await folder.appendSteps([stepEvent(2)], NAMES);
    await folder.appendEvaluations([evaluationEvent(2), evaluationEvent(2, 'train')]);
    await folder.saveStatus({ phase: 'paused', step: 3, loss: 0.5, taskLosses: { a: 1 }, elapsedMs: 9 });
    await folder.saveManifest({ ...folder.manifest, note: 'a word' });
    folder.close();
    const again = await RunFolder.open(home, 'some/run', 'read');
    expect(again.manifest).toEqual(
      manifest({ note: 'a word', id: again.manifest.id, name: again.manifest.name }),
    );
    const events = [];
    for await (const piece of again.steps(NAMES)) events.push(...piece);
    expect(events).toEqual([stepEvent(0), stepEvent(1), stepEvent(2)]);
    expect(await again.evaluations()).toEqual([evaluationEvent(2), evaluationEvent(2, 'train')]);
    expect(await again.status()).toMatchObject({ phase: 'paused', step: 3, taskLosses: { a: 1 } });
    expect(again.writable).toBe(false);
    await expect(again.saveModel(bytesOf('x'))).rejects.toThrow(/open to read only/);
    await expect(again.rewind(0, true)).rejects.toThrow(RunFolderError);
    expect(await again.bytes()).toBeGreaterThan(500);
    expect((await home.list('')).map(({ name, folder: isFolder }) => [name, isFolder])).toEqual([
      ['some', true],
    ]);
  });

  it('is made once, and opened where it is', async () => {
    const { home, folder } = await create();
    folder.close();
    await expect(RunFolder.create(home, 'run', manifest())).rejects.toThrow(
      /there is a run in this folder already/,
    );
    await expect(RunFolder.open(home, 'nowhere', 'read')).rejects.toThrow(/there is no run/);
    await home.replace('run/manifest.json', bytesOf('{"format": 1}'));
    await expect(RunFolder.open(home, 'run', 'write')).rejects.toThrow(ManifestError);
    await expect(RunFolder.open(home, 'run', 'write')).rejects.toThrow(/^run\/manifest\.json: format: /);
    await home.replace('run/status.json', bytesOf('{"phase": "dancing"'));
  });

  it('has one writer at a time', async () => {
    const { home, folder } = await create();
    const second = await RunFolder.open(home, 'run', 'write');
    expect(second.writable).toBe(false);
    await expect(second.appendSteps([stepEvent(0)], NAMES)).rejects.toThrow(RunFolderError);
    folder.close();
    const third = await RunFolder.open(home, 'run', 'write');
    expect(third.writable).toBe(true);
    // A second release must not free what somebody else holds by now.
    folder.close();
    const lock = await home.lock('other');
    lock?.release();
    const held = await home.lock('other');
    lock?.release();
    expect(await home.lock('other')).toBeNull();
    held?.release();
    third.close();
  });

  it('leaves a line that was cut off out, and cuts it off when it is written on', async () => {
    const { home, folder } = await create();
    await folder.appendSteps([0, 1, 2, 3].map(stepEvent), NAMES);
    await home.append('run/metrics.jsonl', bytesOf('{"step":4,"loss":0.'));
    await home.append('run/evaluations.jsonl', bytesOf('{"step":'));
    expect(await stepsIn(folder)).toEqual([0, 1, 2, 3]);
    expect(await folder.evaluations()).toEqual([]);
    await folder.rewind(4, true);
    await folder.appendSteps([stepEvent(4)], NAMES);
    await folder.appendEvaluations([evaluationEvent(4)]);
    expect(await stepsIn(folder)).toEqual([0, 1, 2, 3, 4]);
    expect(await folder.evaluations()).toHaveLength(1);
  });

  it('refuses a line that is no step or evaluation, by its number', async () => {
    const { home, folder } = await create();
    await folder.appendSteps([stepEvent(0)], NAMES);
    await home.append('run/metrics.jsonl', bytesOf('what\n'));
    await expect(stepsIn(folder)).rejects.toThrow(/line 2: this is no JSON/);
    await home.append('run/evaluations.jsonl', bytesOf('{}\n'));
    await expect(folder.evaluations()).rejects.toThrow(MetricsLineError);
    await expect(folder.newestEvaluations(['validation'])).rejects.toThrow(/the line at byte 0/);
  });

  it('reads of many evaluations the newest only, where that is asked for', async () => {
    const { home, folder } = await create();
    const steps = Array.from({ length: 3000 }, (_, i) => 2 * i);
    const parted = (step: number) => [
      evaluationEvent(step),
      { ...evaluationEvent(step), stratum: 'inNetwork' },
      evaluationEvent(step, 'train'),
    ];
    await folder.appendEvaluations(steps.flatMap(parted));
    const whole = (await home.size('run/evaluations.jsonl')) ?? 0;
    const reads = vi.spyOn(home, 'read');
    expect(await folder.newestEvaluations(['validation'])).toEqual([
      evaluationEvent(5998),
      evaluationEvent(5998, 'train'),
    ]);
    expect(await folder.evaluationsAt(5998)).toBe(3);
    expect(await folder.evaluationsAt(5999)).toBe(0);
    const looked = reads.mock.calls.reduce((sum, [, from, to]) => sum + Number(to) - Number(from), 0);
    expect(looked).toBeLessThan(whole);
  });

  it('goes back to any step: seeded histories', async () => {
    const history = fc.record({
      steps: fc.integer({ min: 0, max: 40 }),
      every: fc.integer({ min: 1, max: 7 }),
      to: fc.integer({ min: 0, max: 45 }),
      evaluated: fc.boolean(),
      cut: fc.nat(30),
    });
    await fc.assert(
      fc.asyncProperty(history, async ({ steps, every, to, evaluated, cut }) => {
        const { home, folder } = await create();
        const checkpoints = checkpointsOf(folder);
        const evaluations: number[] = [];
        for (let step = 0; step < steps; step++) {
          await folder.appendSteps([stepEvent(step)], NAMES);
          if ((step + 1) % every !== 0) continue;
          await checkpoints.save(checkpoint(step + 1));
          await folder.appendEvaluations([evaluationEvent(step + 1)]);
          evaluations.push(step + 1);
        }
        const line = bytesOf(JSON.stringify({ step: steps, loss: 1, more: 'x'.repeat(20) })).subarray(0, cut);
        await home.append('run/metrics.jsonl', line);
        await folder.rewind(to, evaluated);
        expect(await stepsIn(folder)).toEqual(Array.from({ length: Math.min(steps, to) }, (_, step) => step));
        expect((await folder.evaluations()).map(({ step }) => step)).toEqual(
          evaluations.filter((step) => (evaluated ? step <= to : step < to)),
        );
        expect(await checkpoints.steps()).toEqual(evaluations.filter((step) => step <= to));
        const text = await home.read('run/metrics.jsonl');
        if (text && text.length > 0) expect(text.at(-1)).toBe(10);
        folder.close();
      }),
      { seed: 12, numRuns: 25 },
    );
  });

  it('reads lines longer than what is read at once', async () => {
    const { home, folder } = await create();
    const long = { ...evaluationEvent(1), partition: 'x'.repeat(300_000) };
    await folder.appendEvaluations([long, evaluationEvent(2), { ...long, step: 2 }]);
    expect((await folder.evaluations()).map(({ partition }) => partition.length)).toEqual([
      300_000, 10, 300_000,
    ]);
    await folder.rewind(1, true);
    expect(await folder.evaluations()).toEqual([long]);
    expect(await home.size('run/evaluations.jsonl')).toBe(JSON.stringify(long).length + 1);
  });

  it('gives a checkpoint back as it was, and never one that is torn', async () => {
    const { home, folder } = await create();
    const checkpoints = checkpointsOf(folder);
    for (const step of [5, 10, 15]) await checkpoints.save(checkpoint(step));
    expect(await checkpoints.load(10)).toEqual(checkpoint(10));
    expect(await checkpoints.load(7)).toBeNull();
    const size = (await home.size('run/checkpoints/15.safetensors')) ?? 0;
    for (const left of [size - 1, Math.floor(size / 2), 9, 8, 3, 0]) {
      await home.truncate('run/checkpoints/15.safetensors', left);
      expect(await checkpoints.steps(), `${left} bytes`).toEqual([5, 10]);
      expect(await checkpoints.load(15), `${left} bytes`).toBeNull();
      expect((await checkpoints.latest())?.step, `${left} bytes`).toBe(10);
    }
    // Nor does it count: two whole ones are two to keep.
    await keepNewest(checkpoints, 2);
    expect(await checkpoints.steps()).toEqual([5, 10]);
    const garbage = new Uint8Array(size).fill(255);
    await home.replace('run/checkpoints/20.safetensors', garbage);
    expect(await checkpoints.steps()).toEqual([5, 10]);
  });

  it('keeps one that was saved in between beside the others, until a later one is there', async () => {
    const { folder } = await create();
    const checkpoints = checkpointsOf(folder);
    await checkpoints.save(checkpoint(5));
    await checkpoints.autosave(checkpoint(7));
    await checkpoints.autosave(checkpoint(8));
    expect(await checkpoints.steps()).toEqual([5]);
    expect(await restorableSteps(folder)).toEqual([5, 8]);
    expect(await checkpoints.latest()).toEqual(checkpoint(8));
    await checkpoints.save(checkpoint(10));
    expect(await restorableSteps(folder)).toEqual([5, 10]);
    await checkpoints.autosave(checkpoint(10));
    expect(await restorableSteps(folder)).toEqual([5, 10]);
    await checkpoints.autosave(checkpoint(11));
    await folder.rewind(10, true);
    expect(await restorableSteps(folder)).toEqual([5, 10]);
  });

  it('drops the oldest checkpoints where they take too much room, the newest never', async () => {
    const { home, folder } = await create();
    await checkpointsOf(folder).save(checkpoint(5));
    const size = (await home.size('run/checkpoints/5.safetensors')) ?? 0;
    const checkpoints = checkpointsOf(folder, 2.5 * size);
    for (const step of [6, 7, 8]) await checkpoints.save(checkpoint(step));
    expect(await checkpointSteps(folder)).toEqual([7, 8]);
    const tight = checkpointsOf(folder, 1);
    await tight.save(checkpoint(9));
    expect(await checkpointSteps(folder)).toEqual([9]);
  });

  it('removes what an earlier writer left unfinished', async () => {
    const { home, folder } = await create();
    await home.append('run/manifest.json.part', bytesOf('{'));
    await home.append('run/checkpoints/5.safetensors.part', bytesOf('half'));
    folder.close();
    await RunFolder.open(home, 'run', 'read');
    expect(await home.size('run/manifest.json.part')).toBe(1);
    const again = await RunFolder.open(home, 'run', 'write');
    expect(await home.size('run/manifest.json.part')).toBeNull();
    expect(await home.list('run/checkpoints')).toEqual([]);
    again.close();
  });

  it('takes over another run up to the step it branches from', async () => {
    const { home, folder } = await create('parent');
    await folder.appendSteps(
      Array.from({ length: 9 }, (_, step) => stepEvent(step)),
      NAMES,
    );
    await folder.appendEvaluations([3, 6, 9].map((step) => evaluationEvent(step)));
    const child = await RunFolder.create(home, 'child', manifest());
    await child.copyHistory(folder, 6);
    expect(await stepsIn(child)).toEqual([0, 1, 2, 3, 4, 5]);
    expect((await child.evaluations()).map(({ step }) => step)).toEqual([3, 6]);
    expect(await stepsIn(folder)).toHaveLength(9);
  });

  it('is written by a recorder in order, before whatever is awaited', async () => {
    const { folder } = await create();
    const unkept: string[] = [];
    const recorder = new RunRecorder(folder, NAMES, await folder.status(), (message) => unkept.push(message));
    recorder.addStep(stepEvent(0));
    recorder.setPhase('running', 1);
    recorder.addStep(stepEvent(1));
    recorder.addEvaluation(evaluationEvent(2));
    await recorder.flush();
    expect(await stepsIn(folder)).toEqual([0, 1]);
    expect(await folder.evaluations()).toHaveLength(1);
    expect(await folder.status()).toMatchObject({
      phase: 'running',
      step: 2,
      loss: stepEvent(1).loss,
      taskLosses: { a: 1 / 7 },
    });
    folder.close();
    recorder.addStep(stepEvent(2));
    await recorder.flush();
    recorder.addStep(stepEvent(3));
    await recorder.flush();
    expect(unkept).toEqual([expect.stringMatching(/read only/)]);
  });
});

describe('a disk', () => {
  it('frees the lock of a process that is gone, of this number too, and of no other', async () => {
    const root = join(temporary, 'locks');
    const home = new NodeHome(root);
    (await home.lock(''))?.release();
    const lockOf = (pid: number, host = hostname()) =>
      writeFileSync(join(root, 'run.lock'), JSON.stringify({ pid, host }));
    for (const pid of [process.pid, 2 ** 22 + 1]) {
      lockOf(pid);
      expect(home.holder('')).toBeNull();
      const lock = await home.lock('');
      expect(JSON.parse(readFileSync(join(root, 'run.lock'), 'utf8'))).toEqual({
        pid: process.pid,
        host: hostname(),
      });
      expect(home.holder('')).toBe('this process');
      lock?.release();
    }
    writeFileSync(join(root, 'run.lock'), '');
    (await home.lock(''))?.release();
    lockOf(process.ppid);
    expect(await home.lock('')).toBeNull();
    expect(home.holder('')).toBe(`process ${process.ppid}`);
    lockOf(1234, 'another-machine');
    expect(await home.lock('')).toBeNull();
    expect(home.holder('')).toMatch(/process 1234 on another-machine \(delete .*run\.lock if it is gone\)/);
  });

  it('says what it could not write', async () => {
    const home = new NodeHome(join(temporary, 'broken'));
    await home.replace('file', bytesOf('x'));
    await expect(home.replace('file/inside', bytesOf('x'))).rejects.toThrow(
      /can't be written \(a part of the path is no folder/,
    );
    await expect(home.append('file/inside', bytesOf('x'))).rejects.toThrow(HomeError);
    await home.replace('folder/inside', bytesOf('x'));
    await expect(home.replace('folder', bytesOf('x'))).rejects.toThrow(HomeError);
    expect((await home.list('')).map(({ name }) => name)).toEqual(['file', 'folder']);
  });
});
