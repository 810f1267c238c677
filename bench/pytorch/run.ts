/** The same model, batch and Adam in PyTorch, and beside it ours on Dawn: one command, one card. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { adamOptions } from '../../src/engines/adam-options.ts';
import { inputWidths } from '../../src/engines/batch.ts';
import { initialState } from '../../src/engines/init.ts';
import { modelSource } from '../../src/formats/pytorch/model-source.ts';
import { modelGraph } from '../../src/graph/model-graph.ts';
import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { textTable } from '../benchmark.ts';
import { launchNode } from '../training/node.ts';
import { benchPreset, SEED } from '../training/presets.ts';
import type { RowPreset, TrainingRow } from '../training/row.ts';

const PRESETS: readonly RowPreset[] = ['playground', 'local_prod/4', 'local_prod'];
const TIMEOUT_MS = 20 * 60 * 1000;

/** A line of steps.py. */
interface PytorchRow {
  readonly mode: string;
  readonly tf32: boolean;
  readonly device: string;
  readonly torch: string;
  readonly steps_per_second?: number;
  readonly loss_first?: number;
  readonly error?: string;
}

/** Python programs to try: one that is named, Debian's own with its python3-torch, whatever is on the path. */
const pythons = [process.env['PYTHON'], '/usr/bin/python3', 'python3'].filter(
  (name): name is string => name !== undefined,
);

async function findPython(): Promise<string | null> {
  for (const name of pythons)
    try {
      await promisify(execFile)(name, ['-c', 'import torch']);
      return name;
    } catch {
      continue;
    }
  return null;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

async function pytorchRows(root: string, python: string, preset: RowPreset): Promise<PytorchRow[]> {
  const text = (file: string) => readFile(join(root, 'configs', file), 'utf8');
  const [localProd, playground, productionSchema, playgroundSchema] = await Promise.all([
    text('local_prod.yaml'),
    text('playground.yaml'),
    text('segdense.json'),
    text('playground-segdense.json'),
  ]);
  const texts = { localProd, playground, productionSchema, playgroundSchema };
  const { config, layout, batch } = benchPreset(preset, texts);
  const graph = modelGraph(config, layout);
  const folder = await mkdtemp(join(tmpdir(), 'ranker-pytorch-'));
  try {
    const inputs = Object.fromEntries(
      inputWidths(graph).map(({ tensor, width }) => [snake(tensor), width] as const),
    );
    await writeFile(join(folder, 'model.py'), modelSource(graph));
    // The numbers themselves: the batch, and the weights that our rows begin with.
    const batches = inputWidths(graph).map(({ tensor }) => batch[tensor]);
    const state = [...initialState(graph, SEED)].flatMap(([name, { dtype, shape, data }]) =>
      dtype === 'F32' ? [{ name, shape, data }] : [],
    );
    await writeFile(
      join(folder, 'values.bin'),
      Buffer.concat([...batches, batch.labels, ...state.map(({ data }) => data)].map(bytesOf)),
    );
    const adam = adamOptions(config);
    const shapes = state.map(({ name, shape }) => ({ name, shape }));
    await writeFile(
      join(folder, 'inputs.json'),
      JSON.stringify({ size: batch.size, inputs, state: shapes, adam }),
    );
    const { stdout } = await promisify(execFile)(python, [join(root, 'bench/pytorch/steps.py'), folder], {
      timeout: TIMEOUT_MS,
      maxBuffer: 2 ** 24,
    });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as PytorchRow);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type DawnRows = readonly TrainingRow[] | { readonly error: string };

/** Our rows on Dawn, with the kernels that were measured and on a card with those that are guessed, or why there is none. */
async function dawnRows(root: string, preset: RowPreset): Promise<DawnRows> {
  try {
    const runner = await launchNode(root);
    const effort = { preset, steps: 100, seconds: 20 };
    const tuned = await runner.row({ engine: 'webgpu', ...effort });
    if (runner.adapter.software) return [tuned];
    return [tuned, await runner.row({ engine: 'webgpu-guessed', ...effort })];
  } catch (error) {
    return { error: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

const rate = (value: number | null | undefined) => (value ? value.toFixed(value < 10 ? 3 : 1) : '–');

async function run(options: BenchOptions): Promise<BenchResult> {
  const { root, presets } = options;
  const python = await findPython();
  if (!python)
    throw new Error(
      'There is no Python with torch: name one with PYTHON=, or apt-get install python3-torch.',
    );
  const json: Record<string, { pytorch: PytorchRow[]; dawn: DawnRows }> = {};
  const rows: string[][] = [];
  for (const preset of PRESETS.filter((name) => presets?.includes(name) ?? true)) {
    options.log(`${preset}: PyTorch …`);
    const pytorch = await pytorchRows(root, python, preset);
    options.log(`${preset}: Dawn …`);
    const dawn = await dawnRows(root, preset);
    json[preset] = { pytorch, dawn };
    for (const { mode, tf32, device, torch, steps_per_second, loss_first, error } of pytorch)
      rows.push([
        preset,
        `PyTorch ${torch} ${mode}${tf32 ? ', TF32' : ''}`,
        device,
        error ?? rate(steps_per_second),
        loss_first?.toPrecision(6) ?? '',
      ]);
    if ('error' in dawn) rows.push([preset, 'ours on Dawn', '', dawn.error, '']);
    else
      for (const { engine, steps_per_second, pipelined_steps_per_second, loss_first } of dawn) {
        const ours = engine === 'webgpu' ? 'ours on Dawn' : 'ours on Dawn, guessed kernels';
        const loss = loss_first.toPrecision(6);
        rows.push([preset, `${ours}, each loss awaited`, '', rate(steps_per_second), loss]);
        rows.push([preset, `${ours}, pipelined`, '', rate(pipelined_steps_per_second), loss]);
      }
  }
  return { json, table: textTable(['preset', 'who', 'device', 'steps/s', 'first loss'], rows) };
}

export const pytorchBenchmark: Benchmark = {
  name: 'pytorch',
  title: 'Training beside PyTorch: one batch of 128, forward, backward and Adam',
  run,
  onRequest: true,
};
