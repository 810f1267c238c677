/** `npm start`: installs, builds, serves the page, prints its address, and opens a browser where there is a display. */
import { spawn } from 'node:child_process';
import { ensureDependencies, root, run } from './ensure.mjs';
import { join } from 'node:path';

await ensureDependencies();
const vite = join(root, 'node_modules', '.bin', 'vite');
process.stderr.write('Building …\n');
if ((await run(vite, ['build', '--logLevel=warn'])) !== 0) process.exit(1);

const { preview } = await import('vite');
const server = await preview({ root, preview: { port: Number(process.env.PORT ?? 4173) } });
const address = server.resolvedUrls?.local[0] ?? 'http://localhost:4173/';
console.log(`Heavy Ranker Playground: ${address}`);

const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
if (hasDisplay && process.stdout.isTTY) {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform] ?? 'xdg-open';
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
