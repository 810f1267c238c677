/** Build step: the service worker, with the checksums of everything the build has written. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformWithOxc } from 'vite';
import type { Plugin } from 'vite';

const SOURCE = 'app/offline/service-worker.ts';

/** What a page may ask for: no maps, no build records, not the service worker itself. */
const kept = (path: string): boolean =>
  !path.endsWith('.map') && !path.startsWith('.vite') && path !== 'sw.js' && path !== 'index.html';

const digest = (bytes: Uint8Array): string => `sha256-${createHash('sha256').update(bytes).digest('base64')}`;

/** Addresses below the build's folder with the checksum of each, as fetch's `integrity` takes it. */
export function offlineFiles(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter(kept)
    .toSorted();
  const of = (path: string): string => digest(readFileSync(join(folder, path)));
  // Hosts answer for index.html under the folder's own address, some for no other.
  return { './': of('index.html'), ...Object.fromEntries(paths.map((path) => [path, of(path)])) };
}

/** Writes sw.js beside index.html once the build is there. */
export function offline(): Plugin {
  let folder = '';
  let root = '';
  return {
    name: 'offline',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      root = config.root;
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const files = offlineFiles(folder);
        const build = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
        const { code } = await transformWithOxc(readFileSync(join(root, SOURCE), 'utf8'), SOURCE);
        const list = `const OFFLINE_BUILD = ${JSON.stringify(build)};\nconst OFFLINE_FILES = ${JSON.stringify(files, null, 1)};\n`;
        writeFileSync(join(folder, 'sw.js'), `${list}${code}`);
      },
    },
  };
}
