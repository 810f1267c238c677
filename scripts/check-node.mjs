/**
 * `npm run check:node [-- VERSION…]`: what depends on Node's own streams, files and threads, tested on the oldest Node that the
 * project takes and on the newest of the long-supported ones. Versions that are not here come as packages from the registry.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, root } from './ensure.mjs';

await ensureDependencies();
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const oldest = /\d+\.\d+/.exec(engines.node)[0];
const asked = process.argv.slice(2);
/** Compressed files, records, tables, the terminal on the cases of real files. */
const TESTS = [
  'src/formats',
  'src/data/tables',
  'src/data/damage.test.ts',
  'test/cases',
  'cli/cases.test.ts',
  'cli/config-cases.test.ts',
];

const home = join(root, '.cache', 'node-versions');
mkdirSync(home, { recursive: true });

/** The program of a version, installed where it is missing; null where there is no such package. */
function programOf(version) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(home, version);
  mkdirSync(folder, { recursive: true });
  const args = [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--silent',
    '--prefix',
    folder,
    `${name}@${version}`,
  ];
  const { status } = spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  return status === 0 ? join(folder, 'node_modules', name, 'bin', 'node') : null;
}

let failed = 0;
for (const version of asked.length > 0 ? asked : [`${oldest}.0`, '24']) {
  const node = programOf(version);
  const found = node && spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim();
  console.log(`\n── Node ${found ?? `${version} cannot be had here`}`);
  if (!node || !found) failed++;
  else {
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'unit', ...TESTS];
    if (spawnSync(node, args, { cwd: root, stdio: 'inherit' }).status !== 0) failed++;
  }
}
process.exitCode = failed === 0 ? 0 : 1;
