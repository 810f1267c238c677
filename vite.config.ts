import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { POLICY } from './app/csp.ts';
import { builtInModule } from './scripts/built-in.ts';
import { HEAD_START, headStart } from './scripts/head-start.ts';
import { offline } from './scripts/offline.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The built page only: the development server needs inline scripts. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: {
    // The last of those that put something in front: nothing may stand before it.
    order: 'post',
    handler: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
        injectTo: 'head-prepend',
      },
    ],
  },
};

export default defineConfig({
  define: { __APP_VERSION__: JSON.stringify(version) },
  base: './',
  plugins: [react(), builtInModule(), headStart(), contentSecurityPolicy, offline()],
  worker: { format: 'es' },
  // One piece of code for all that is loaded at once: what lazy views share with it would otherwise be cut off in small
  // pieces, which compress worse.
  build: {
    target: 'es2023',
    sourcemap: true,
    manifest: true,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: { index: 'index.html', [HEAD_START]: 'app/head-start.ts' },
      output: {
        codeSplitting: {
          groups: [{ name: 'initial', tags: ['$initial'], test: (id) => !id.endsWith('/head-start.ts') }],
        },
      },
      // The first view is in the list of views that are loaded when shown, and there from the start.
      checks: { pluginTimings: false, ineffectiveDynamicImport: false },
    },
  },
});
