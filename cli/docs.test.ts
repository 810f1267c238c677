/** docs/terminal.md says of every command what its help says. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandDocs, EXIT } from './command.ts';
import { commands } from './commands.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

it('lists every command with every option, as the help does', () => {
  const docs = read('docs/terminal.md');
  expect(docs.slice(docs.indexOf('## Commands'))).toBe(
    `## Commands\n\n${commands.map(commandDocs).join('\n')}`,
  );
});

it('lists every exit code', () => {
  const docs = read('docs/terminal.md');
  for (const code of Object.values(EXIT)) expect(docs).toMatch(new RegExp(`^\\|.*\\b${code}\\b.*\\|`, 'm'));
});

it('README names only commands and options that there are', () => {
  const lines = read('README.md').match(/cli -- .*/g) ?? [];
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) {
    const [name, ...rest] = line.replace('cli -- ', '').split(/\s+/);
    if (name === 'COMMAND') continue;
    const command = commands.find((candidate) => candidate.name === name);
    expect(command, line).toBeDefined();
    const options = rest.flatMap((word) => /^--([a-z-]+)/.exec(word)?.[1] ?? []);
    const known = command?.options.map((option) => option.name) ?? [];
    expect(
      options.filter((option) => !known.includes(option)),
      line,
    ).toEqual([]);
  }
});
