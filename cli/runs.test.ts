/** Runs in folders: begun, interrupted, gone on with, extended, begun anew from a manifest, evaluated, listed. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseManifest } from '../src/runs/manifest.ts';
import { cli, fixture, spawnCli, temporaryFolder } from './testing/run.ts';
import { runDifferences } from './testing/run-differences.ts';

const TIMEOUT = 120_000;
const temporary = temporaryFolder();
afterAll(() => temporary.remove());

const NAME = 'mixed-share-none';
const config = fixture(NAME, 'config.yaml');
const data = fixture(NAME, 'data/batches.tfrecord.gz');
const at = (...parts: string[]) => temporary.path(...parts);
const manifestIn = (folder: string) => parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const text = (...parts: string[]) => readFileSync(at(...parts), 'utf8');

async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(args);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** The last line of an error. */
async function refused(code: number, ...args: string[]): Promise<string> {
  const ended = await cli(args);
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
  return ended.stderr.trim().split('\n').at(-1) ?? '';
}

const DRAWN = ['--config', config, '--mode', 'uniform', '--seed', '7', '--engine', 'cpu'];

describe('train', () => {
  it(
    'keeps what the run is made of, every step, evaluations and checkpoints by the intervals',
    async () => {
      const printed = await run('train', ...DRAWN, '--steps', '7', '--json', '--out', at('whole'));
      expect(JSON.parse(printed)).toMatchObject({
        name: 'whole',
        step: 7,
        steps: 7,
        phase: 'finished',
        engine: 'tfjs-cpu',
      });
      const { recipe, ran, name, times } = manifestIn(at('whole'));
      expect(recipe).toMatchObject({
        config: readFileSync(config, 'utf8'),
        steps: 7,
        data: { kind: 'uniform', labels: 'binary', examples: null },
        seeds: { weights: 7, data: 7 },
        engine: { choice: 'tfjs-cpu', precision: 'float32', noisyShifts: false },
        warmStart: null,
      });
      expect(recipe.schema.features.length).toBeGreaterThan(5);
      expect({ name, ran: ran.map(({ engine, fromStep }) => [engine, fromStep]) }).toEqual({
        name: 'whole',
        ran: [['tfjs-cpu', 0]],
      });
      expect(times.ended).not.toBeNull();
      const steps = text('whole', 'metrics.jsonl')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { step: number }).step);
      expect(steps).toEqual([0, 1, 2, 3, 4, 5, 6]);
      const evaluations = text('whole', 'evaluations.jsonl').trim().split('\n');
      expect(evaluations.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([
        1, 2, 3, 4, 5, 6, 7,
      ]);
      expect(readdirSync(at('whole', 'checkpoints')).sort()).toEqual(['5.safetensors', '7.safetensors']);
    },
    TIMEOUT,
  );

  it(
    'extends a finished run to what a longer one would have been',
    async () => {
      await run('train', ...DRAWN, '--steps', '11', '--out', at('longer'));
      cpSync(at('whole'), at('extended'), { recursive: true });
      await run('train', '--resume', at('extended'), '--steps', '11');
      expect(runDifferences(at('extended'), at('longer'))).toEqual([]);
      expect(manifestIn(at('extended')).ran.map(({ fromStep }) => fromStep)).toEqual([0, 7]);
      expect(await refused(2, 'train', '--resume', at('extended'), '--steps', '3')).toMatch(
        /has done 11 steps/,
      );
      expect(await refused(2, 'train', '--resume', at('extended'), '--engine', 'wasm')).toMatch(
        /goes on with cpu/,
      );
      expect(await refused(2, 'train', '--resume', at('extended'), '--seed', '8')).toMatch(
        /--seed can't be given here/,
      );
      expect(await refused(1, 'train', '--resume', at('nowhere'))).toMatch(/there is no run in this folder/);
    },
    TIMEOUT,
  );

  it(
    'goes on from the newest checkpoint that is whole and whose steps are all there',
    async () => {
      const damage: Record<string, (folder: string) => void> = {
        'a torn checkpoint': (folder) => truncateSync(join(folder, 'checkpoints/11.safetensors'), 3000),
        'lost lines': (folder) => {
          const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').split('\n');
          writeFileSync(join(folder, 'metrics.jsonl'), `${lines.slice(0, 6).join('\n')}\n{"step":6,"lo`);
        },
        'lost evaluations': (folder) => writeFileSync(join(folder, 'evaluations.jsonl'), ''),
        'no checkpoint': (folder) => {
          for (const step of [5, 10, 11]) truncateSync(join(folder, `checkpoints/${step}.safetensors`), 8);
        },
      };
      for (const [name, harm] of Object.entries(damage)) {
        const folder = at(name);
        cpSync(at('longer'), folder, { recursive: true });
        writeFileSync(join(folder, 'checkpoints', '12.safetensors.part'), 'half');
        harm(folder);
        await run('train', '--resume', folder);
        const kept = name === 'lost evaluations' ? [expect.stringMatching(/^evaluations\.jsonl/)] : [];
        expect({ name, found: runDifferences(folder, at('longer')) }).toEqual({ name, found: kept });
        expect(existsSync(join(folder, 'checkpoints', '12.safetensors.part'))).toBe(false);
      }
    },
    TIMEOUT,
  );

  it(
    'saves where it stands when it is interrupted, says how to go on, and does',
    async () => {
      // Without the time that evaluations take, and never at its end before it is interrupted.
      const quiet = readFileSync(config, 'utf8').replace('eval_log_every_n: 1', 'eval_log_every_n: 1000000');
      writeFileSync(at('quiet.yaml'), quiet);
      cpSync(fixture(NAME, 'segdense.json'), at('segdense.json'));
      const drawn = ['--config', at('quiet.yaml'), ...DRAWN.slice(2), '--out'];
      const args = ['train', ...drawn, at('interrupted'), '--steps', '1000000'];
      const ended = await spawnCli(args, { interruptAt: 'Training' });
      expect(ended.code).toBe(130);
      const [, reached] =
        /Interrupted at step (\d+) of 1000000, which is saved\. Go on with train --resume .*interrupted\./.exec(
          ended.stderr,
        ) ?? [];
      const steps = String(Number(reached) + 3);
      await run('train', '--resume', at('interrupted'), '--steps', steps);
      await run('train', ...drawn, at('uninterrupted'), '--steps', steps);
      expect(runDifferences(at('interrupted'), at('uninterrupted'))).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'reads files again only where they are the same',
    async () => {
      mkdirSync(at('files'));
      cpSync(data, at('files', 'a.gz'));
      const args = ['--config', config, '--engine', 'cpu', '--data', at('files', 'a.gz'), '--out'];
      await run('train', ...args, at('of-files'), '--steps', '13');
      await run('train', ...args, at('of-files-begun'), '--steps', '6');
      const { data: made } = manifestIn(at('of-files')).recipe;
      expect(made).toMatchObject({
        kind: 'files',
        shuffle: true,
        heldOut: false,
        files: [{ name: 'a.gz', path: at('files', 'a.gz') }],
      });
      mkdirSync(at('elsewhere'));
      cpSync(data, at('elsewhere', 'a.gz'));
      writeFileSync(at('files', 'a.gz'), 'another');
      const going = ['train', '--resume', at('of-files-begun'), '--steps', '13'];
      expect(await refused(1, ...going)).toMatch(/a\.gz: it has 7 bytes, .*--data/);
      writeFileSync(at('files', 'a.gz'), new Uint8Array(readFileSync(data)).fill(0, 20, 21));
      expect(await refused(1, ...going)).toMatch(/a\.gz: its content is not that .*--data/);
      await run(...going, '--data', at('elsewhere'));
      expect(runDifferences(at('of-files-begun'), at('of-files'))).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'begins a run anew from a manifest, with what the command line changes',
    async () => {
      const manifest = at('longer', 'manifest.json');
      await run('train', '--manifest', manifest, '--out', at('anew'));
      expect(runDifferences(at('anew'), at('longer'))).toEqual([]);
      const { parent, id } = manifestIn(at('anew'));
      expect(parent).toEqual({ run: manifestIn(at('longer')).id, step: 0 });
      expect(id).not.toBe(manifestIn(at('longer')).id);
      await run(
        'train',
        '--manifest',
        at('longer'),
        '--seed',
        '8',
        '--steps',
        '3',
        '--name',
        'other',
        '--out',
        at('other'),
      );
      expect(manifestIn(at('other')).recipe).toMatchObject({ steps: 3, seeds: { weights: 8, data: 8 } });
      writeFileSync(
        at('newer.json'),
        text('longer', 'manifest.json').replace(/"version": \d+/, '"version": 99'),
      );
      expect(await refused(1, 'train', '--manifest', at('newer.json'), '--out', at('x'))).toMatch(
        /newer\.json: version: is 99, .*newer version/,
      );
      const weights = fixture(NAME, 'initial.safetensors');
      await run('train', ...DRAWN, '--steps', '2', '--weights', weights, '--out', at('warm'));
      await run('train', '--manifest', at('warm'), '--out', at('warm-anew'));
      expect(runDifferences(at('warm-anew'), at('warm'))).toEqual([]);
      cpSync(at('warm', 'manifest.json'), at('warm.json'));
      expect(await refused(1, 'train', '--manifest', at('warm.json'), '--out', at('x'))).toMatch(
        /started from the weights initial\.safetensors: give them with --weights/,
      );
    },
    TIMEOUT,
  );

  it(
    'lets one process write a run',
    async () => {
      const { openRunFolder } = await import('./run-folder.ts');
      const held = await openRunFolder(at('anew'), 'write');
      expect(await refused(1, 'train', '--resume', at('anew'))).toMatch(/this process is writing this run/);
      held.folder.close();
      await run('train', '--resume', at('anew'));
    },
    TIMEOUT,
  );

  it(
    'draws from a teacher: the configuration of production, its layers narrower, evaluated on other examples',
    async () => {
      // local_prod.yaml names files under HOME, which are not needed for drawn examples.
      const small = readFileSync(join(import.meta.dirname, '../configs/local_prod.yaml'), 'utf8')
        .replace(/num_eval_steps: \d+/, 'num_eval_steps: 1')
        .replaceAll(/(global_batch_size: (?:&\w+ )?)\d+/g, (_, key: string) => `${key}4`)
        .replaceAll(/\b(1024|2048|512|256)\b/g, '16');
      mkdirSync(at('production'));
      writeFileSync(at('production', 'prod.yaml'), small);
      cpSync(join(import.meta.dirname, '../configs/segdense.json'), at('production', 'segdense.json'));
      await run(
        'train',
        '--config',
        at('production', 'prod.yaml'),
        '--teacher',
        'easy',
        '--steps',
        '1',
        '--out',
        at('prod'),
      );
      const { recipe } = manifestIn(at('prod'));
      expect(recipe.data).toMatchObject({ kind: 'teacher', preset: 'easy', examples: null });
      expect(text('prod', 'evaluations.jsonl')).toContain('"partition":"validation"');
    },
    TIMEOUT,
  );
});

describe('evaluate', () => {
  interface Evaluated {
    readonly step: number;
    readonly evaluations: {
      partition: string;
      examples: number;
      loss: number;
      tasks: Record<string, Record<string, unknown>>;
    }[];
  }

  it(
    'gives what the run itself found, and what files say',
    async () => {
      await run('evaluate', '--run', at('longer'), '--out', at('e.json'));
      const { step, evaluations } = JSON.parse(text('e.json')) as Evaluated;
      const last = JSON.parse(text('longer', 'evaluations.jsonl').trim().split('\n').at(-1) ?? '') as {
        step: number;
        loss: { value: number };
      };
      expect({ step, loss: evaluations[0]?.loss }).toEqual({ step: 11, loss: last.loss.value });
      const [task] = Object.values(evaluations[0]?.tasks ?? {});
      expect(Object.keys(task ?? {})).toEqual(
        expect.arrayContaining([
          'loss',
          'rce',
          'nrce',
          'auroc',
          'ctr',
          'pctr',
          'mean_calibrated',
          'intervals',
          'calibration',
          'roc',
        ]),
      );
      const args = ['--config', config, '--weights', at('longer', 'model.safetensors')];
      const own = JSON.parse(await run('evaluate', ...args, '--data', data, '--json')) as Evaluated;
      // Twelve batches of nine.
      expect(own.evaluations.map(({ partition, examples }) => [partition, examples])).toEqual([
        ['validation', 108],
      ]);
      const configured = JSON.parse(await run('evaluate', ...args, '--batches', '2', '--json')) as Evaluated;
      expect(configured.evaluations[0]?.examples).toBe(18);
      expect(await run('evaluate', ...args, '--data', data)).toMatch(
        /validation: 108 examples[\s\S]*head +positives +loss/,
      );
      expect(await refused(2, 'evaluate', ...args, '--run', at('longer'))).toMatch(/needs one of --run/);
      expect(await refused(2, 'evaluate', ...args, '--data', data, '--partition', 'x')).toMatch(
        /must be validation/,
      );
    },
    TIMEOUT,
  );
});

describe('runs and inspect', () => {
  it(
    'lists runs with what differs from their parents',
    async () => {
      const table = await run('runs', temporary.path());
      expect(table).toMatch(/^run +steps +state +loss/);
      expect(table).toMatch(
        /\nother +3\/3 +finished .* training\.num_train_steps 11 → 3, seeds\.weights 7 → 8, seeds\.data 7 → 8/,
      );
      expect(table).toMatch(/\nanew .* nothing \(longer\)/);
      const listed = JSON.parse(await run('runs', temporary.path(), '--json')) as {
        name: string;
        differences: unknown;
        checkpoints: unknown;
      }[];
      const { size } = statSync(at('other', 'checkpoints', '3.safetensors'));
      expect(listed.find(({ name }) => name === 'other')?.checkpoints).toEqual([{ step: 3, bytes: size }]);
      expect(table).toMatch(/\nother .* 1, \d+\.\d MB /);
      expect(listed.find(({ name }) => name === 'other')?.differences).toEqual([
        { path: 'training.num_train_steps', before: 11, after: 3 },
        { path: 'seeds.weights', before: 7, after: 8 },
        { path: 'seeds.data', before: 7, after: 8 },
      ]);
      expect(await run('runs', temporary.path(), '--baseline', 'interrupted')).toMatch(
        /\nwarm .* training\.num_train_steps \d+ → 2/,
      );
      expect(await refused(1, 'runs', temporary.path(), '--baseline', 'none')).toMatch(/no such run/);
      expect(await refused(2, 'runs')).toMatch(/runs needs DIR/);
    },
    TIMEOUT,
  );

  it(
    'says what a model is made of',
    async () => {
      const facts = JSON.parse(await run('inspect', '--config', config, '--json')) as {
        parameters: number;
        layers: { parameters: number; output: number; tensors: { name: string; shape: number[] }[] }[];
      };
      const trained = facts.layers.reduce((sum, { parameters }) => sum + parameters, 0);
      expect(facts.parameters).toBe(trained);
      const tensors = facts.layers.flatMap((layer) => layer.tensors);
      expect(tensors.every(({ shape }) => shape.length > 0)).toBe(true);
      expect(await run('inspect', '--run', at('longer'))).toMatch(
        /^parameters +[\d,]+ .*\n[\s\S]*FLOPs a step/,
      );
    },
    TIMEOUT,
  );
});
