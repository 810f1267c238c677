import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';
import { builtInModule } from './scripts/built-in.ts';
import { chromiumExecutable, quickCompilerFlag, webgpuFlags } from './scripts/browser.ts';

const tfjs = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/register_all_gradients',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
];

/** Files that take longest, in that order: begun last, one would be left alone with half the machine. */
const LONGEST = [
  'cli/kill.test.ts',
  'cli/runs.test.ts',
  'cli/import.test.ts',
  'synthesis/teacher.test.ts',
  'webgpu/kernels/gemm-hardware.browser.test.ts',
  'engines/fixtures.browser.test.ts',
  'webgpu/engine.browser.test.ts',
  'tfjs/engine.browser.test.ts',
  'webgpu/resources.browser.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        plugins: [builtInModule()],
        test: {
          name: 'unit',
          // A page loads them late; its stores' tests have them from the start.
          setupFiles: ['app/stores/readers.ts', 'test/seed.ts'],
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
          setupFiles: ['test/seed.ts'],
          include: ['src/**/*.browser.test.ts'],
          testTimeout: 300_000,
          // A software adapter compiles on one core and computes on another: two pages keep both busy.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: chromiumExecutable(),
                args: [
                  ...webgpuFlags,
                  quickCompilerFlag,
                  '--js-flags=--expose-gc',
                  '--enable-precise-memory-info',
                ],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
