/** The terminal's manners: help, generate, bad input in one line, no half-written output. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../src/formats/safetensors.ts';
import { readSafetensors } from '../src/formats/safetensors.ts';
import type { StateTensor } from '../src/formats/state-dict.ts';
import { cli, fixture, spawnCli, temporaryFolder } from './testing/run.ts';

const NAME = 'mixed-share-none';
const TIMEOUT = 120_000;
const temporary = temporaryFolder();
afterAll(() => temporary.remove());

const config = fixture(NAME, 'config.yaml');
const data = fixture(NAME, 'data/batches.tfrecord.gz');
const weights = fixture(NAME, 'initial.safetensors');

/** An exit code, nothing on standard output, one line on standard error, which is returned. */
async function failure(args: string[], exit = 1): Promise<string> {
  const { code, stdout, stderr } = await cli(args);
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => !/^Training |^Note: |:\d+:\d+: (note|warning): /.test(line));
  expect({ code, stdout, lines: lines.length }).toEqual({ code: exit, stdout: '', lines: 1 });
  return lines[0] ?? '';
}

/** A wrong command line: as failure, with exit code 2. */
const misuse = (args: string[]): Promise<string> => failure(args, 2);

/** metrics.jsonl without the time it took. */
const losses = (folder: string): string =>
  readFileSync(temporary.path(folder, 'metrics.jsonl'), 'utf8').replaceAll(/,"elapsed_ms":[\d.]+/g, '');

const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(temporary.path(name), content);
  return temporary.path(name);
};

describe('help', () => {
  it('is on standard output, for the program and for a command', async () => {
    const [all, one, none] = await Promise.all([cli(['--help']), cli(['train', '--help']), spawnCli([])]);
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout).toMatch(/train[\s\S]*predict[\s\S]*generate/);
    expect(one.stdout).toMatch(/--config FILE[\s\S]*--shuffle true\|false/);
    expect(none).toEqual({ ...all, code: 2 });
  }, 120_000);
});

describe('generate', () => {
  it(
    'writes the same examples that training on them draws',
    async () => {
      const file = temporary.path('generated.tfrecord.gz');
      const drawn = ['--examples', '27', '--seed', '5', '--mode', 'uniform'];
      const generated = await cli(['generate', '--config', config, ...drawn, '--out', file]);
      expect(generated).toMatchObject({ code: 0, stdout: '' });
      // Nine of length 8 + 4 + 4, whatever the payload.
      expect(gunzipSync(readFileSync(file)).length).toBeGreaterThan(27 * 16);
      const common = ['--config', config, '--weights', weights, '--steps', '3', '--out'];
      const [read, drew] = await Promise.all([
        cli(['train', ...common, temporary.path('read'), '--data', file, '--shuffle', 'false']),
        cli(['train', ...common, temporary.path('drew'), ...drawn]),
      ]);
      expect([read.code, drew.code]).toEqual([0, 0]);
      expect(losses('read').split('\n')).toHaveLength(4);
      expect(losses('read')).toBe(losses('drew'));
    },
    TIMEOUT,
  );
});

describe('train', () => {
  it(
    'takes the files of the configuration, the wasm engine, and the same seed gives the same bytes',
    async () => {
      const args = ['--config', config, '--steps', '4', '--seed', '3', '--engine', 'wasm', '--out'];
      const ended = [
        await cli(['train', ...args, temporary.path('one')]),
        await cli(['train', ...args, temporary.path('two')]),
      ];
      expect(ended.map(({ code }) => code)).toEqual([0, 0]);
      const model = (folder: string) => readFileSync(temporary.path(folder, 'model.safetensors'));
      expect(model('one')).toEqual(model('two'));
      expect(losses('one')).toBe(losses('two'));
      expect(readdirSync(temporary.path('one')).sort()).toEqual([
        'checkpoints',
        'evaluations.jsonl',
        'manifest.json',
        'metrics.jsonl',
        'model.safetensors',
        'status.json',
      ]);
    },
    TIMEOUT,
  );

  it(
    'starts from initial_checkpoint_dir, a folder or a file beside the configuration',
    async () => {
      mkdirSync(temporary.path('warm', 'checkpoint'), { recursive: true });
      write('warm/segdense.json', readFileSync(fixture(NAME, 'segdense.json')));
      write('warm/checkpoint/model.safetensors', readFileSync(weights));
      const starting = async (from: string) => {
        const text = `training: { initial_checkpoint_dir: ${from}, num_eval_steps: 1, num_train_steps: 1, train_log_every_n: 1 }\n`;
        const rest = readFileSync(config, 'utf8').replace(/^training:\n( .*\n)*/, '');
        const args = [
          '--config',
          write('warm/config.yaml', text + rest),
          '--data',
          data,
          '--shuffle',
          'false',
        ];
        const out = `warm/out-${from.replace('/', '-')}`;
        expect(await cli(['train', ...args, '--out', temporary.path(out)])).toMatchObject({ code: 0 });
        const [line = ''] = losses(out).split('\n');
        return (JSON.parse(line) as { loss: number }).loss;
      };
      const bytes = new Uint8Array(readFileSync(fixture(NAME, 'expected.safetensors')));
      const expected = readSafetensors(bytes).tensors.get('losses')?.data[0];
      expect(await starting('checkpoint')).toBeCloseTo(Number(expected), 6);
      expect(await starting('checkpoint/model.safetensors')).toBeCloseTo(Number(expected), 6);
      expect(await starting('null')).not.toBeCloseTo(Number(expected), 3);
    },
    TIMEOUT,
  );

  it(
    'refuses a folder that holds a run or a result, and leaves it as it is',
    async () => {
      const args = ['train', '--config', config, '--data', data, '--steps', '2', '--out'];
      expect((await cli([...args, temporary.path('kept')])).code).toBe(0);
      const before = readFileSync(temporary.path('kept', 'metrics.jsonl'));
      expect(await failure([...args, temporary.path('kept')])).toMatch(
        /--resume .*kept, or name another --out/,
      );
      expect(readFileSync(temporary.path('kept', 'metrics.jsonl'))).toEqual(before);
      const former = write('former.jsonl', 'former\n');
      mkdirSync(temporary.path('former'));
      const foreign = write('former/metrics.jsonl', 'former\n');
      expect(await failure([...args, temporary.path('former')])).toMatch(/there is a metrics\.jsonl/);
      expect(readFileSync(foreign, 'utf8')).toBe('former\n');
      expect(await failure([...args, former])).toMatch(/former\.jsonl: can't be written \(it is no folder/);
    },
    TIMEOUT,
  );

  it(
    'leaves nothing of a run that learned nothing, and the run where it had begun',
    async () => {
      const early = write('cut-early.tfrecord.gz', readFileSync(data).subarray(0, 600));
      const args = ['train', '--config', config, '--shuffle', 'false', '--out'];
      mkdirSync(temporary.path('mine'));
      write('mine/notes.txt', 'mine');
      await failure([...args, temporary.path('mine', 'deep', 'run'), '--data', early]);
      expect(readdirSync(temporary.path('mine'))).toEqual(['notes.txt']);
      const late = write('cut-late.tfrecord.gz', readFileSync(data).subarray(0, -2000));
      const { code, stderr } = await cli([...args, temporary.path('begun'), '--data', late]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/Stopped at step [1-9]\d*; the run is kept[^\n]*\n[^\n]*record \d+/);
      expect(readdirSync(temporary.path('begun'))).toEqual(
        expect.arrayContaining(['manifest.json', 'metrics.jsonl']),
      );
      expect(existsSync(temporary.path('begun', 'model.safetensors'))).toBe(false);
    },
    TIMEOUT,
  );
});

describe('bad input', () => {
  const out = temporary.path('never');
  const trainOn = (...args: string[]) => failure(['train', '--out', out, ...args]);

  it(
    'gives one line that names the place, exit code 1 and no output',
    async () => {
      const text = readFileSync(config, 'utf8');
      const broken = write('broken.yaml', text.replace('num_train_steps: 12', 'num_train_steps: twelve'));
      const line = text.slice(0, text.indexOf('num_train_steps')).split('\n').length;
      expect(await trainOn('--config', broken, '--data', data)).toContain(`${broken}:${line}:20: `);

      const syntax = write('syntax.yaml', text.replace('training:', 'training: ['));
      expect(await trainOn('--config', syntax, '--data', data)).toMatch(/syntax\.yaml:\d+:\d+: /);

      const elsewhere = write('elsewhere.yaml', text);
      expect(await trainOn('--config', elsewhere, '--data', data)).toMatch(
        /segdense\.json: can't be read \(no such/,
      );

      const byDay = '  explicit_date_inputs: { data_root: d, end_date: 2023-03-01, days: 1 }';
      mkdirSync(temporary.path('dated'));
      const dated = write('dated/config.yaml', text.replace(/^  inputs: &?.*$/m, byDay));
      write('dated/segdense.json', readFileSync(fixture(NAME, 'segdense.json')));
      expect(await trainOn('--config', dated)).toMatch(
        /dated\/config\.yaml:\d+:\d+: There is no data: 1 of 1 days without .*: 2023\/03\/01, and num_missing_days_tol is 0; give --data/,
      );

      const missing = temporary.path('missing.tfrecord.gz');
      expect(await trainOn('--config', config, '--data', missing)).toMatch(
        /missing\.tfrecord\.gz: can't be read/,
      );

      const cut = write('cut.tfrecord.gz', readFileSync(data).subarray(0, 3000));
      expect(await trainOn('--config', config, '--data', cut)).toMatch(/cut\.tfrecord\.gz: .*record \d+/i);

      const tensors = new Map(readSafetensors(new Uint8Array(readFileSync(weights))).tensors);
      const wrong: StateTensor = { dtype: 'F32', shape: [3], data: new Float32Array(3) };
      const misshapen = write(
        'misshapen.safetensors',
        writeSafetensors(tensors.set('_user_embedding_layer_norm.weight', wrong)),
      );
      expect(await trainOn('--config', config, '--data', data, '--weights', misshapen)).toMatch(
        /misshapen\.safetensors: .*_user_embedding_layer_norm\.weight.*\[3\].*\[4\]/,
      );
      expect(existsSync(out)).toBe(false);
    },
    TIMEOUT,
  );

  it(
    'of the other commands too',
    async () => {
      const json = temporary.path('never.json');
      const cut = write('cut.safetensors', readFileSync(weights).subarray(0, 500));
      const predicting = ['predict', '--config', config, '--data', data, '--out', json];
      expect(await failure([...predicting, '--weights', cut])).toMatch(/cut\.safetensors: .*byte/);
      expect(await misuse(predicting)).toMatch(/--weights/);
      const file = temporary.path('never.tfrecord.gz');
      const generating = ['generate', '--config', config, '--out', file];
      expect(await misuse([...generating, '--examples', '0'])).toMatch(/--examples must be a whole number/);
      expect(await misuse([...generating, '--examples', '5', '--mode', 'magic'])).toMatch(
        /--mode must be teacher or uniform/,
      );
      expect(await misuse([...generating, '--examples', '5', '--teacher', 'hard'])).toMatch(
        /--teacher must be easy or realistic or noise or a file/,
      );
      const teacher = write('teacher.yaml', 'seed: 3\nnoise: 2\n');
      expect(await failure([...generating, '--examples', '5', '--teacher', teacher])).toMatch(
        /teacher\.yaml:2:8: noise/,
      );
      expect(readdirSync(temporary.path()).filter((name) => name.startsWith('never'))).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'of the command line',
    async () => {
      expect(await misuse(['trian'])).toMatch(/no command "trian": use one of/);
      expect(await misuse(['train', '--config'])).toMatch(/--config needs a value/);
      expect(await misuse(['train', '--confg', config])).toMatch(/no option --confg/);
      const starting = ['train', '--out', out, '--config', config];
      expect(await misuse([...starting, '--data', data, '--examples', '5'])).toMatch(
        /--data can't be given here/,
      );
      expect(await misuse([...starting, '--shuffle', 'maybe'])).toMatch(/--shuffle must be true or false/);
      expect(await misuse([...starting, '--seed', '4294967296'])).toMatch(/from 0 to 4294967295/);
      expect(await misuse([...starting, '--resume', out])).toMatch(/needs one of --config/);
      expect(await misuse(['train', '--out', out])).toMatch(/needs one of --config/);
      expect(existsSync(out)).toBe(false);
    },
    TIMEOUT,
  );
});
