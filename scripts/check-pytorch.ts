/**
 * `npm run check:pytorch`: the exported PyTorch folder, run. Every fixture's losses and predictions, resuming, two
 * processes against one, --fsdp, and the hand-off to the reference. Needs a Python with torch and numpy; PYTHON names it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { initialState } from '../src/engines/init.ts';
import { OracleEngine } from '../src/engines/oracle/oracle.ts';
import { randomBatch, SMALL_GRAPHS, smallGraph } from '../src/engines/testing/small-model.ts';
import { INPUT_NAMES } from '../src/formats/input-names.ts';
import { modelSource } from '../src/formats/pytorch/model-source.ts';
import { weightsPy } from '../src/formats/pytorch/templates/weights.ts';
import { readSafetensors, writeSafetensors } from '../src/formats/safetensors.ts';
import type { StateTensor } from '../src/formats/state-dict.ts';
import { checkReference } from './check-pytorch/reference.ts';
import { checkSharded } from './check-pytorch/sharded.ts';
import {
  exported,
  failures,
  FIXTURES,
  launched,
  lines,
  python,
  report,
  run,
  tensor,
  terminal,
  work,
  worst,
} from './check-pytorch/tools.ts';

const NAMES = ['parallel-share-all', 'serial-share-partial', 'mixed-share-none'];

async function checkFixture(name: string): Promise<void> {
  const at = (file: string) => join(FIXTURES, name, file);
  const folder = await exported(at('config.yaml'), at('initial.safetensors'), name);
  const data = ['--data', at('data/batches.tfrecord.gz')];
  const script = join(folder, 'train.py');
  const out = join(work, `${name}-run`);
  const exact = join(work, `${name}-double`);
  run([script, ...data, '--shuffle', 'false', '--out', out]);
  run([script, ...data, '--shuffle', 'false', '--out', exact, '--double']);
  const losses = lines(out).map(({ loss }) => loss);
  const doubles = lines(exact).map(({ loss }) => loss);
  const rounding = worst(losses, doubles);
  const allowed = rounding > 5e-6 ? 5e-5 : 1e-5;
  report(`${name}: losses`, worst(losses, tensor(at('expected.safetensors'), 'losses')), allowed);
  const tasks = lines(out).flatMap((line) => Object.values(line.task_losses));
  report(`${name}: task losses`, worst(tasks, tensor(at('expected.safetensors'), 'task_losses')), allowed);

  for (const [weights, expected, tolerance] of [
    ['initial', 'eval_before', 1e-5],
    ['final', 'eval_after', 1e-5],
  ] as const) {
    const file = join(work, `${name}-${weights}.json`);
    run([join(folder, 'predict.py'), ...data, '--weights', at(`${weights}.safetensors`), '--out', file]);
    const output = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number[][]>;
    for (const field of ['probabilities', 'calibrated_probabilities']) {
      const wanted = tensor(at('expected.safetensors'), `${expected}.${field}`);
      const rows = output[field]?.flat().slice(0, wanted.length) ?? [];
      report(`${name}: ${field} of the ${weights} weights`, worst(rows, wanted, false), tolerance);
    }
    await against(name, at(`${weights}.safetensors`), file);
  }

  // What it writes opens here again, under the same names.
  const names = (path: string) =>
    [...readSafetensors(new Uint8Array(readFileSync(path))).tensors.keys()].toSorted();
  const same = names(join(out, 'model.safetensors')).join() === names(at('final.safetensors')).join();
  report(`${name}: names in model.safetensors that differ`, same ? 0 : 1, 0);
  const file = join(work, `${name}-reopened.json`);
  const code = await terminal([
    'predict',
    ...['--config', at('config.yaml'), '--weights', join(out, 'model.safetensors')].concat(data),
    '--out',
    file,
  ]);
  report(`${name}: exit code of predict with model.safetensors`, code, 0);

  const resumed = join(work, `${name}-resumed`);
  run([script, ...data, '--shuffle', 'false', '--out', resumed, '--steps', '7']);
  run([script, ...data, '--shuffle', 'false', '--out', resumed, '--resume', '--workers', '2']);
  const bytes = (path: string) => readFileSync(join(path, 'model.safetensors'));
  report(`${name}: bytes that a resumed run changes`, bytes(resumed).equals(bytes(out)) ? 0 : 1, 0);
}

/** The terminal's predictions beside predict.py's, where the weights are the same. */
async function against(name: string, weights: string, file: string): Promise<void> {
  const at = (part: string) => join(FIXTURES, name, part);
  const own = `${file}.own`;
  await terminal(
    ['predict', '--config', at('config.yaml'), '--weights', weights].concat([
      '--data',
      at('data/batches.tfrecord.gz'),
      '--out',
      own,
    ]),
  );
  const read = (path: string) =>
    (JSON.parse(readFileSync(path, 'utf8')) as Record<string, number[][]>)['probabilities']?.flat() ?? [];
  report(`${name}: probabilities against the terminal's`, worst(read(file), read(own), false), 1e-5);
}

/** Two processes with half of each batch against one; no BatchNorm, which would see other rows. */
async function checkTwoProcesses(): Promise<void> {
  const folder = join(FIXTURES, 'serial-share-partial');
  const text = readFileSync(join(folder, 'config.yaml'), 'utf8').replace(
    /(batch_norm(?:_config)?):\n\s+affine: \w+\n\s+momentum: [\d.]+/g,
    '$1: null',
  );
  const place = join(work, 'without-batch-norm');
  mkdirSync(place);
  writeFileSync(join(place, 'config.yaml'), text);
  writeFileSync(join(place, 'segdense.json'), readFileSync(join(folder, 'segdense.json')));
  const out = await exported(join(place, 'config.yaml'), null, 'two-processes');
  const script = join(out, 'train.py');
  const data = ['--data', join(folder, 'data/batches.tfrecord.gz')];
  const [one, two] = [join(work, 'one'), join(work, 'two')];
  run([script, ...data, '--out', one]);
  run([...launched(2), script, ...data, '--out', two]);
  report(
    'two processes against one: losses',
    worst(
      lines(two).map(({ loss }) => loss),
      lines(one).map(({ loss }) => loss),
    ),
    1e-5,
  );
}

/** Predicts one batch of safetensors with the model.py in a folder. */
const PREDICT = `
import json, sys
sys.path.insert(0, sys.argv[1])
import torch
from model import HeavyRanker
from weights import load_into, read_safetensors
model = HeavyRanker().eval()
load_into(model, read_safetensors(sys.argv[1] + "/weights.safetensors")[0], "weights.safetensors")
batch, _ = read_safetensors(sys.argv[1] + "/batch.safetensors")
with torch.no_grad():
    outputs = model(**batch)
print(json.dumps({name: value.flatten().tolist() for name, value in outputs.items()}))
`;

/** Every layer and operation that a graph may have, against the oracle. */
async function checkSmallModels(): Promise<void> {
  for (const [index, name] of SMALL_GRAPHS.entries()) {
    const graph = smallGraph(name);
    const state = initialState(graph, 3);
    const batch = randomBatch(graph, 16, 5);
    const engine = new OracleEngine({
      graph,
      adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      seed: 0,
      batchSize: 16,
    });
    await engine.load(state);
    const expected = await engine.predict(batch);
    const folder = join(work, `small-${index}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'model.py'), modelSource(graph));
    writeFileSync(join(folder, 'weights.py'), weightsPy);
    writeFileSync(join(folder, 'weights.safetensors'), writeSafetensors(state));
    const inputs = graph.nodes.flatMap((node): [string, StateTensor][] =>
      node.kind === 'input'
        ? [
            [
              INPUT_NAMES[node.tensor],
              { dtype: 'F32', shape: [batch.size, node.width], data: batch[node.tensor] },
            ],
          ]
        : [],
    );
    writeFileSync(join(folder, 'batch.safetensors'), writeSafetensors(new Map(inputs)));
    const ended = spawnSync(python, ['-c', PREDICT, folder], { encoding: 'utf8' });
    if (ended.status !== 0) throw new Error(`${name}\n${ended.stderr}`);
    const output = JSON.parse(ended.stdout) as Record<string, number[]>;
    const wrong = Math.max(
      worst(output['probabilities'] ?? [], expected.probabilities, false),
      worst(output['calibrated_probabilities'] ?? [], expected.calibrated, false),
    );
    report(`small model (${name}): probabilities`, wrong, 1e-5);
  }
}

/** The schema's further layers with the data that they read, from configuration to losses. */
const TOWER = { mlp_config: { layer_sizes: [4, 1] } };
const FURTHER: Readonly<Record<string, object>> = {
  'cross layers, small embeddings, positions': {
    model: {
      multi_task_type: 'share_partial',
      featurization_config: { log1p_abs_config: {}, feature_names_to_concat: ['binary', 'discrete'] },
      small_embeddings: { tables: [{ name: 'lang', num_embeddings: 10, embedding_dim: 3, index: 0 }] },
      position_debias_config: {
        max_position: 6,
        num_dims: 2,
        drop_probability: 0,
        position_feature_index: 1,
      },
      backbone: { dcn_config: { poly_degree: 2, projection_dim: 3, parallel_mlp: { layer_sizes: [5, 4] } } },
      tasks: { 'recap.engagement.is_favorited': TOWER, 'recap.engagement.is_replied': TOWER },
    },
  },
  'DLRM, small embeddings, one learning rate': {
    model: {
      multi_task_type: 'share_all',
      featurization_config: { clip_log1p_abs_config: { clip_magnitude: 3 }, feature_names_to_concat: [] },
      small_embeddings: { tables: [{ name: 'lang', num_embeddings: 10, embedding_dim: 4, index: 1 }] },
      backbone: { dlrm_config: { bottom_mlp: { layer_sizes: [6, 4] }, top_mlp: { layer_sizes: [7, 5] } } },
      tasks: { 'recap.engagement.is_favorited': TOWER },
    },
    optimizer: {
      adam: { beta_1: 0.9, beta_2: 0.99, epsilon: 1e-5 },
      single_task_learning_rate: { constant: 0.003 },
    },
  },
};

/** train.py and predict.py against the terminal, on a fixture's data. */
async function checkFurtherLayers(): Promise<void> {
  const fixture = join(FIXTURES, 'mixed-share-none');
  const config = parse(readFileSync(join(fixture, 'config.yaml'), 'utf8')) as Record<string, unknown>;
  const data = ['--data', join(fixture, 'data/batches.tfrecord.gz')];
  for (const [index, [name, further]] of Object.entries(FURTHER).entries()) {
    const place = join(work, `further-${index}`);
    mkdirSync(place);
    const path = join(place, 'config.yaml');
    writeFileSync(path, stringify({ ...config, ...further }));
    writeFileSync(join(place, 'segdense.json'), readFileSync(join(fixture, 'segdense.json')));
    const folder = await exported(path, null, `further-${index}-torch`);
    const weights = join(folder, 'weights.safetensors');
    const [own, out] = [join(work, `further-${index}-own`), join(work, `further-${index}-run`)];
    run([join(folder, 'train.py'), ...data, '--shuffle', 'false', '--out', out]);
    const train = ['train', '--config', path, '--weights', weights, ...data, '--shuffle', 'false'];
    report(`${name}: exit code of train`, await terminal([...train, '--out', own]), 0);
    const losses = (at: string) => lines(at).map(({ loss }) => loss);
    report(`${name}: losses against the terminal's`, worst(losses(out), losses(own)), 1e-5);
    const [ours, theirs] = [join(place, 'ours.json'), join(place, 'theirs.json')];
    const trained = ['--weights', join(out, 'model.safetensors'), ...data];
    run([join(folder, 'predict.py'), ...trained, '--out', theirs]);
    await terminal(['predict', '--config', path, ...trained, '--out', ours]);
    const read = (file: string) =>
      (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number[][]>)['probabilities']?.flat() ?? [];
    report(`${name}: probabilities against the terminal's`, worst(read(theirs), read(ours), false), 1e-5);
  }
}

try {
  await checkSmallModels();
  await checkFurtherLayers();
  for (const name of NAMES) await checkFixture(name);
  await checkTwoProcesses();
  await checkSharded(join(work, 'without-batch-norm'));
  await checkReference();
  console.log(failures() === 0 ? 'All good.' : `${failures()} failed.`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exit(failures() === 0 ? 0 : 1);
