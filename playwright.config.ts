import { defineConfig } from '@playwright/test';
import { chromiumExecutable, quickCompilerFlag, webgpuFlags } from './scripts/browser.ts';

const port = Number(process.env['E2E_PORT'] ?? 4199);

const LONGEST = /(access|data|evaluation|lab|looks|main-job|resume|safe|share|soak|table)\.spec\.ts$/;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // Limits are for what never comes: a machine that is busy with others may take many times its usual time.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  // Those of one file that must follow each other, and those that take longest, first: begun last, one would be left alone
  // with half the machine.
  projects: [
    { name: 'longest', testMatch: LONGEST },
    { name: 'others', testIgnore: LONGEST },
  ],
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    // Each worker has about one core: threads that compile and collect beside the page's own only take it from the other.
    launchOptions: {
      executablePath: chromiumExecutable(),
      args: [...webgpuFlags, quickCompilerFlag, '--js-flags=--single-threaded'],
    },
    // What glides draws every frame; tests of motion ask for it.
    contextOptions: { reducedMotion: 'reduce' },
    acceptDownloads: true,
    // Its answers pass by what a test routes; e2e/safe.spec.ts tests it.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: `npx vite preview --port ${port} --strictPort`,
    port,
    reuseExistingServer: false,
  },
});
