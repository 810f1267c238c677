/** What the documents name is there: links, folders, files, npm scripts, commands of the terminal and their options. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../cli/commands.ts';

const DOCS = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
/** Folders of the project that a path in a document may begin with. */
const ROOTS = ['app', 'bench', 'cli', 'configs', 'docs', 'e2e', 'public', 'scripts', 'src', 'test'];
/** docs/architecture.md shortens paths below these. */
const SHORT = ['.', 'src', 'src/engines/webgpu', 'src/config/schema', 'src/config'];
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Every file of src by its name. */
const sources = new Set(
  ['src', 'app'].flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((path) => basename(String(path))),
  ),
);

const codeIn = (text: string) =>
  [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

describe.each(DOCS)('%s', (doc) => {
  const text = readFileSync(doc, 'utf8');

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link.replace(/#.*/, ''));
    const own = links.filter((link) => link !== '' && !/^[a-z]+:/.test(link));
    expect(own.filter((link) => !existsSync(join(dirname(doc), link)))).toEqual([]);
  });

  it('names files and folders that are there', () => {
    const paths = codeIn(text).filter(
      (code) => ROOTS.some((root) => code.startsWith(`${root}/`)) && /^[\w./-]+$/.test(code),
    );
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('names npm scripts and commands that there are', () => {
    const named = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
    const unknown = [...text.matchAll(/npm run --silent cli -- ([^\n`]+)/g)].flatMap(([line, rest = '']) => {
      const [name = '', ...words] = rest.split(' ');
      const command = commands.find((known) => known.name === name);
      const options = ['help', ...(command?.options ?? []).map((option) => option.name)];
      const wrong = words.filter((word) => word.startsWith('--') && !options.includes(word.slice(2)));
      const standsForAny = /^[A-Z]+$/.test(name);
      return (command || standsForAny) && wrong.length === 0 ? [] : [line];
    });
    expect(unknown).toEqual([]);
  });
});

it('docs/architecture.md names modules by a part of their path', () => {
  const names = codeIn(readFileSync('docs/architecture.md', 'utf8')).filter((code) =>
    /^[\w/-]+(\.ts|\/)$/.test(code),
  );
  const missing = names.filter(
    (name) =>
      name !== 'kernels/X.ts' &&
      !SHORT.some((base) => existsSync(join(base, name))) &&
      !sources.has(basename(name)),
  );
  expect(names.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});

it('CHANGELOG names this version first', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(/^## (\S+)/m.exec(readFileSync('CHANGELOG.md', 'utf8'))?.[1]).toBe(version);
});
