import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumExecutable, webgpuFlags } from './scripts/browser.ts';

const tfjs = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/register_all_gradients',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{src,app,cli,bench,scripts,test}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.browser.test.ts'],
          // Generous: a test takes seconds at most, but the machine may be busy with others.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Vitest leaves one core idle by default: half the machine where there are two.
          maxWorkers: '100%',
          isolate: false,
        },
      },
      {
        // Vite reloads the page in mid-test when it discovers a dependency late, so they are all named here.
        optimizeDeps: {
          include: [
            ...tfjs,
            'zod',
            'yaml',
            'pure-rand/generator/xoroshiro128plus',
            'fast-check',
            '@bufbuild/protobuf/wire',
          ],
        },
        test: {
          name: 'webgpu',
          include: ['src/**/*.browser.test.ts'],
          testTimeout: 300_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: chromiumExecutable(),
                args: [...webgpuFlags, '--js-flags=--expose-gc', '--enable-precise-memory-info'],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
