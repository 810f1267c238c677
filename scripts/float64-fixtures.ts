/**
 * Makes test/fixtures/NAME/float64.safetensors: the weights after each fixture's run in PyTorch in float64, computed as the
 * reference does, noise of zero gradients and all. Needs a Python with torch and numpy, which PYTHON names:
 * `node scripts/run-ts.mjs scripts/float64-fixtures.ts`.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../cli/run.ts';

const FIXTURES = fileURLToPath(new URL('../test/fixtures/', import.meta.url));
const python = process.env['PYTHON'] ?? 'python3';

for (const name of ['parallel-share-all', 'serial-share-partial', 'mixed-share-none']) {
  const at = (file: string) => join(FIXTURES, name, file);
  const work = mkdtempSync(join(tmpdir(), 'float64-'));
  const folder = join(work, 'pytorch');
  const args = ['export', '--config', at('config.yaml'), '--weights', at('initial.safetensors')];
  const code = await runCli([...args, '--format', 'pytorch', '--out', folder]);
  if (code !== 0) throw new Error(`export of ${name} failed`);
  const run = join(work, 'run');
  const options = ['--shuffle', 'false', '--double', '--noisy-shifts', '--out', run];
  execFileSync(python, [join(folder, 'train.py'), '--data', at('data/batches.tfrecord.gz'), ...options], {
    env: { ...process.env, OMP_NUM_THREADS: '1' },
    stdio: 'inherit',
  });
  copyFileSync(join(run, 'model.safetensors'), at('float64.safetensors'));
  rmSync(work, { recursive: true });
}
