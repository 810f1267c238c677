/** `node scripts/run-ts.mjs FILE ARGS…`: runs a TypeScript entry in Node; installs dependencies first on a fresh clone. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureDependencies, root } from './ensure.mjs';

await ensureDependencies();
const [file, ...args] = process.argv.slice(2);
const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(root, file), ...args], {
  stdio: 'inherit',
  // npm changes to the project's folder; paths a person types are relative to where they stand.
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
