/** Every command of the terminal that README and docs show is run as it stands there, in their order, on less of everything. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, temporaryFolder } from './testing/run.ts';

const ROOT = new URL('../', import.meta.url).pathname;
const folder = temporaryFolder();
const home = process.cwd();

/** What a person would wait for. */
const LESS: readonly (readonly [RegExp, string])[] = [
  [/--steps 600\b/, '--steps 3'],
  [/--steps \d{2,}\b/, '--steps 2'],
  [/--examples 1280\b/, '--examples 2'],
  [/--examples \d{3,}\b/, '--examples 256'],
  [/(train --config people\/config\.yaml .*)/, '$1 --steps 2'],
  [/--data FILE\b/, '--data data.tfrecord.gz'],
  // 48 million parameters are no less the same command.
  [/configs\/local_prod\.yaml/, 'configs/playground.yaml'],
];

/** The commands of a document, words as a shell splits them. */
function commandsOf(doc: string): string[][] {
  const text = readFileSync(`${ROOT}${doc}`, 'utf8').replaceAll(/\\\n\s*/g, '');
  const lines = [...text.matchAll(/^npm run --silent cli -- (.+)$/gm)].map(([, line = '']) => line);
  return lines.map((line) => {
    const less = LESS.reduce((shorter, [from, to]) => shorter.replace(from, to), line);
    return less.split(/\s+/);
  });
}

const age = (row: number): number => 20 + ((row * 37) % 50);
const table = [
  'age,hours,work,marital,income',
  ...Array.from({ length: 120 }, (_, row) => {
    const married = row % 3 === 0 ? 'Never-married' : 'Married';
    return `${age(row)},${20 + (row % 40)},${row % 2 ? 'private' : 'state'},${married},${age(row) > 45 ? 1 : 0}`;
  }),
].join('\n');

beforeAll(() => {
  cpSync(`${ROOT}configs`, folder.path('configs'), { recursive: true });
  const config = readFileSync('configs/playground.yaml', 'utf8');
  writeFileSync(
    folder.path('configs/playground.yaml'),
    config.replaceAll(/num_eval_steps: \d+/g, 'num_eval_steps: 1'),
  );
  for (const name of ['people.csv', 'new.csv']) writeFileSync(folder.path(name), `${table}\n`);
  process.chdir(folder.path());
});

afterAll(() => {
  process.chdir(home);
  folder.remove();
});

describe.each([
  'README.md',
  'docs/from-browser-to-cluster.md',
  'docs/ranking-lab.md',
  'docs/own-tables.md',
  'docs/data-format.md',
])('%s', (doc) => {
  const lines = commandsOf(doc);

  it('shows commands', () => expect(lines.length).toBeGreaterThan(0));

  it.each(lines.map((words) => [words.join(' '), words] as const))('%s', async (_line, words) => {
    const { code, stderr } = await cli(words);
    expect(code, stderr).toBe(0);
    // The documents that follow have weights of their own, and one whose run comes back from PyTorch.
    if (words.includes('runs/third') && words[0] === 'train') {
      cpSync('runs/third/model.safetensors', 'model.safetensors');
      cpSync('runs/third/model.safetensors', 'run/model.safetensors');
    }
    if (words.includes('torch-model/config.yaml')) rmSync('run', { recursive: true });
  });
});
