/**
 * `npm run pretrain`: trains the default model in the terminal and writes the weights that the page ranks with before
 * anything was trained, in half precision, with a note of where they come from. `-- DIR` takes a run that was trained
 * by that same command into DIR.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256OfBytes } from '../cli/hash.ts';
import { runCli } from '../cli/run.ts';
import { readSafetensors, writeSafetensors } from '../src/formats/safetensors.ts';
import { parseManifest } from '../src/runs/manifest.ts';
import type { PretrainedNote } from '../src/runs/pretrained.ts';
import type { EvaluationEvent } from '../src/training/events.ts';
import { root } from './ensure.mjs';

const SEED = 1;
const ARGS = ['train', '--config', 'configs/playground.yaml', '--teacher', 'easy', '--seed', String(SEED)];
const ENGINE = ['--engine', 'wasm'];
const target = join(root, 'configs', 'pretrained', 'playground');

process.chdir(root);
const [given] = process.argv.slice(2);
const temporary = mkdtempSync(join(tmpdir(), 'pretrain-'));
const folder = given ?? join(temporary, 'run');
if (given === undefined) {
  const code = await runCli([...ARGS, ...ENGINE, '--out', folder]);
  if (code !== 0) process.exit(code);
}

const { recipe } = parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const easy = recipe.data.kind === 'teacher' && recipe.data.preset === 'easy';
if (recipe.seeds.weights !== SEED || !easy) throw new Error(`${folder} is not a run of ${ARGS.join(' ')}.`);
const { tensors, metadata } = readSafetensors(readFileSync(join(folder, 'model.safetensors')));
const { format = '', step = '', seed = '' } = metadata;
const bytes = writeSafetensors(tensors, { format, step, seed }, 'F16');
const newest = readFileSync(join(folder, 'evaluations.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as EvaluationEvent)
  .findLast(({ partition, stratum }) => partition === 'validation' && stratum === null);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const note: PretrainedNote = {
  command: `npm run --silent cli -- ${[...ARGS, ...ENGINE].join(' ')} --out DIR`,
  version,
  steps: Number(step),
  seed: Number(seed),
  bytes: bytes.length,
  sha256: sha256OfBytes(bytes),
  auroc: Object.fromEntries(
    (newest?.tasks ?? []).flatMap(({ task, auroc }) =>
      auroc.kind === 'value' ? [[task, Number(auroc.value.toFixed(4))]] : [],
    ),
  ),
};
writeFileSync(`${target}.safetensors`, bytes);
writeFileSync(`${target}.json`, `${JSON.stringify(note, null, 2)}\n`);
rmSync(temporary, { recursive: true, force: true });
console.log(`${target}.safetensors: ${bytes.length} bytes, ${step} steps`);
