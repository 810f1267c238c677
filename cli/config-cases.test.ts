/** Configurations as people really have them, through the terminal: test/cases says the kind of each. */
import { cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { readSafetensors } from '../src/formats/safetensors.ts';
import { filesMatching } from './files.ts';
import { cli, temporaryFolder } from './testing/run.ts';

const temporary = temporaryFolder();
afterAll(() => temporary.remove());
afterEach(() => vi.unstubAllEnvs());

const CASES = fileURLToPath(new URL('../test/cases', import.meta.url));
const inCase = (name: string, file: string) => join(CASES, name, file);

let runs = 0;
async function train(config: string, ...more: string[]) {
  const out = temporary.path(`run-${runs++}`);
  return { ...(await cli(['train', '--config', config, '--out', out, ...more])), out };
}

describe('04: a leading 0 is base 8', () => {
  it.each(['steps.yaml', 'directive.yaml'])('%s trains 8 steps, and says so', async (file) => {
    const config = inCase('04-yaml-1.1-octal', file);
    const { code, stderr } = await train(config);
    expect(code).toBe(0);
    expect(stderr).toContain('Done: 8 steps');
    expect(stderr).toContain('010 is read in base 8, as 8');
  });

  it('layers.yaml makes a tower of width 64', async () => {
    const { code, out } = await train(inCase('04-yaml-1.1-octal', 'layers.yaml'), '--steps', '1');
    expect(code).toBe(0);
    const { tensors } = readSafetensors(new Uint8Array(readFileSync(join(out, 'model.safetensors'))));
    const shapes = [...tensors.values()].map(({ shape }) => shape.join('x'));
    expect(shapes.some((shape) => shape.startsWith('64x'))).toBe(true);
    expect(shapes.some((shape) => shape.startsWith('100x'))).toBe(false);
  });
});

describe('12: USER without an environment variable', () => {
  const config = readFileSync(inCase('12-user-variable', 'config.yaml'), 'utf8');

  const folderFor = (user: string): string => {
    const folder = temporary.path(`user-${user}`);
    mkdirSync(join(folder, 'runs', user), { recursive: true });
    const copy = (from: string, to: string) =>
      writeFileSync(join(folder, to), readFileSync(inCase('12-user-variable', from)));
    copy('segdense.json', 'segdense.json');
    copy('runs/root/data.tfrecord.gz', `runs/${user}/data.tfrecord.gz`);
    writeFileSync(join(folder, 'config.yaml'), config);
    return join(folder, 'config.yaml');
  };

  it.each([
    [{}, userInfo().username],
    [{ USERNAME: 'somebody' }, 'somebody'],
    [{ USER: 'one', LOGNAME: 'two' }, 'two'],
  ])('%j', async (environment, user) => {
    for (const name of ['LOGNAME', 'USER', 'LNAME', 'USERNAME']) vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    expect(await train(folderFor(user), '--steps', '1')).toMatchObject({ code: 0 });
  });
});

describe('13: numbers of YAML 1.1', () => {
  it.each([
    ['underscore.yaml', 'Training 1000 steps'],
    ['binary.yaml', 'Training 3 steps'],
    ['sexagesimal.yaml', '2:00:00 is read in base 60, as 7200'],
  ])('%s', async (file, said) => {
    // Data that is cut off in its first record ends the run before its first step.
    const folder = temporary.path(`numbers-${file}`);
    cpSync(join(CASES, '13-yaml-1.1-numbers'), folder, { recursive: true });
    truncateSync(join(folder, 'data.tfrecord.gz'), 40);
    const { code, stderr } = await train(join(folder, file));
    expect(stderr).toContain(said);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('data.tfrecord.gz') });
  });
});

describe('19: characters that nobody sees', () => {
  it.each([
    [
      'nbsp-indent.yaml',
      ':10:1: A no-break space (U+00A0) stands here, and 3 times more below: type a normal space',
    ],
    ['nbsp-trailing.yaml', ':10:23: A no-break space (U+00A0) stands here: type a normal space'],
    ['nbsp-value.yaml', ':1:29: A no-break space (U+00A0) stands here: type a normal space'],
    ['zero-width.yaml', ':1:13: A zero-width space (U+200B) stands here: delete it'],
  ])('%s', async (file, message) => {
    const { code, stderr } = await train(inCase('19-invisible-characters', file));
    expect(code).toBe(1);
    expect(stderr).toContain(`${file}${message}`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('more)');
  });
});

describe('22: a variable that is not set', () => {
  const config = inCase('22-tml-base-unset', 'config.yaml');

  it('is named at its place, as the error where the file is needed', async () => {
    vi.stubEnv('TML_BASE', undefined);
    const { code, stderr } = await train(config);
    expect(code).toBe(1);
    const lines = stderr.trim().split('\n');
    expect(lines.at(-1)).toBe(
      `${config}:13:18: There is no environment variable TML_BASE: set it, or write its value in place of \${TML_BASE}.`,
    );
    expect(lines[0]).toContain(`${config}:13:18: note: There is no environment variable TML_BASE`);
  });

  it('is put in when it is set', async () => {
    vi.stubEnv('TML_BASE', join(CASES, '22-tml-base-unset'));
    // By default an evaluation takes thousands of batches.
    const folder = temporary.path('tml-base');
    cpSync(join(CASES, '22-tml-base-unset'), folder, { recursive: true });
    const short = readFileSync(config, 'utf8').replace('training: { ', 'training: { num_eval_steps: 1, ');
    writeFileSync(join(folder, 'config.yaml'), short);
    const { stderr } = await train(join(folder, 'config.yaml'), '--examples', '8', '--steps', '1');
    expect(stderr).toContain('Done: 1 step,');
    expect(stderr).not.toContain('TML_BASE');
  });
});

describe('a file that is no text', () => {
  it.each([
    [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a], 'This is a PNG picture, not a text.'],
    [[0x1f, 0x8b, 8, 0], 'This is a gzip file, not a text.'],
    [[0xff, 0xfe, 0x61, 0], 'This is a text in UTF-16: save it as UTF-8.'],
    [
      [0x61, 0x0a, 0xe4, 0x62],
      'This is no text in UTF-8 (line 2 holds bytes that are no character): save it as UTF-8.',
    ],
    [[0x61, 0x3a, 0x00], 'This is no text: it holds zero bytes.'],
  ])('%j', async (bytes, message) => {
    const path = temporary.path('config.yaml');
    writeFileSync(path, new Uint8Array(bytes));
    const { code, stderr } = await train(path);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

describe('filesMatching, with the values of Python 3.11 glob(recursive=True)', () => {
  const NAMES = [
    'a1.gz',
    'a2.gz',
    'ab.gz',
    'a-.gz',
    'a].gz',
    'a^.gz',
    'A1.gz',
    '.h.gz',
    '{a,b}.gz',
    '(x).gz',
    '+(a).gz',
    '!n.gz',
    '[z.gz',
    'b[1]/x.gz',
    'sub/a1.gz',
    'sub/.h.gz',
    'sub/deep/a1.gz',
    '.hid/a1.gz',
  ];
  const root = temporary.path('glob');
  for (const name of NAMES) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), '');
  }

  it.each<[string, string[]]>([
    ['a[12].gz', ['a1.gz', 'a2.gz']],
    ['a[!12].gz', ['a-.gz', 'a].gz', 'a^.gz', 'ab.gz']],
    ['a[]].gz', ['a].gz']],
    ['a[!]a-z].gz', ['a-.gz', 'a1.gz', 'a2.gz', 'a^.gz']],
    ['a[^1].gz', ['a1.gz', 'a^.gz']],
    ['a[+--].gz', ['a-.gz']],
    ['[aA]1.gz', ['A1.gz', 'a1.gz']],
    ['[z.*', ['[z.gz']],
    ['b[[]1]/*.gz', ['b[1]/x.gz']],
    ['b[1]/*.gz', []],
    ['**/a1.gz', ['a1.gz', 'sub/a1.gz', 'sub/deep/a1.gz']],
    ['sub/**/*.gz', ['sub/a1.gz', 'sub/deep/a1.gz']],
    ['a**.gz', ['a-.gz', 'a1.gz', 'a2.gz', 'a].gz', 'a^.gz', 'ab.gz']],
    ['.*.gz', ['.h.gz']],
    ['**/.h.gz', ['.h.gz', 'sub/.h.gz']],
    ['{*,b}.gz', ['{a,b}.gz']],
    ['(x).g?', ['(x).gz']],
    ['+(*).gz', ['+(a).gz']],
    ['!*.gz', ['!n.gz']],
    ['./su?//a1.gz', ['sub/a1.gz']],
    ['sub/../A*.gz', ['A1.gz']],
    ['sub/a1.gz', ['sub/a1.gz']],
    ['sub', []],
    ['su*/', []],
    ['nowhere/*.gz', []],
  ])('%s', async (pattern, expected) => {
    const paths = (names: string[]) => names.map((name) => join(root, name)).sort();
    expect(await filesMatching(pattern, root)).toEqual(paths(expected));
    expect(await filesMatching(join(root, pattern.replace(/^\.\//, '')), '/nowhere')).toEqual(
      paths(pattern === 'su*/' ? [] : expected),
    );
  });
});
