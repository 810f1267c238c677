/** Brings a fresh clone into a runnable state: dependencies, and a browser for tests. Node's own modules only. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Runs a command in the project's root with its output on standard error; resolves to its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
      ...options,
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** Installs exactly the lock file's versions when they are missing or older than it. */
export async function ensureDependencies() {
  const stamp = join(root, 'node_modules', '.installed-from-lock');
  const lock = join(root, 'package-lock.json');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) return;
  process.stderr.write('Installing dependencies …\n');
  const code = await run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new Error('npm ci failed; see the lines above.');
  writeFileSync(stamp, '');
}

function isDebian() {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

async function findBrowser() {
  const found = execFileSync(
    process.execPath,
    [
      '--import',
      'tsx',
      '-e',
      "import('./scripts/browser.ts').then((m) => console.log(m.chromiumExecutable() ?? ''))",
    ],
    { cwd: root, encoding: 'utf8' },
  );
  return found.trim();
}

/** Gets a Chromium when the machine has none: Debian's package where we may install it, else Playwright's build. */
export async function ensureBrowser() {
  if (await findBrowser()) return;
  process.stderr.write('No Chromium found, getting one …\n');
  const isRoot = process.getuid?.() === 0;
  if (isDebian() && isRoot) {
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (await findBrowser()) return;
  }
  await run(npm, ['exec', '--', 'playwright', 'install', ...(isRoot ? ['--with-deps'] : []), 'chromium']);
  if (await findBrowser()) return;
  throw new Error('No Chromium could be installed. Install Chrome or Chromium, or set CHROMIUM_PATH to one.');
}
