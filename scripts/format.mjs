/**
 * The `format` stage. Prettier has the word, but reads as slowly as it prints; oxfmt, which follows it, reads the whole tree in
 * a second. So prettier checks only what oxfmt would write otherwise, and everything where oxfmt does not run.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './ensure.mjs';

const run = (name, args, stdout) =>
  spawnSync(process.execPath, [join(root, 'node_modules', name), ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'inherit'],
  });

// The same file of options; both leave out what .gitignore and .prettierignore name.
const quick = run('oxfmt/bin/oxfmt', ['-c', '.prettierrc.json', '--list-different', '.'], 'pipe');
const differing = (quick.stdout ?? '').split('\n').filter((line) => line !== '');
// It ends with 1 where it lists files.
const hasRead = quick.status === 0 || (quick.status === 1 && differing.length > 0);
if (hasRead && differing.length === 0) process.exit(0);
const { status } = run(
  'prettier/bin/prettier.cjs',
  ['--check', '--log-level=warn', ...(hasRead ? differing : ['.'])],
  'inherit',
);
process.exit(status ?? 1);
