/** Finds a Chromium for tests and benchmarks: one that is installed, else Playwright's own. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Path of a Chromium that has WebGPU in new headless mode, or undefined when none is installed. */
export function chromiumExecutable(): string | undefined {
  const candidates = [process.env['CHROMIUM_PATH'] ?? '', ...installed, chromium.executablePath()];
  return candidates.find((path) => path !== '' && existsSync(path));
}

/** Flags for WebGPU on the CPU (SwiftShader), which every machine has; `--headless=new` because the headless shell lacks WebGPU. */
export const webgpuFlags = [
  '--no-sandbox',
  '--headless=new',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * For tests: SwiftShader compiles a kernel of 16 KiB of workgroup memory for two seconds, because it is asked to clear that
 * memory itself and writes out a store for every number and lane. Without that Vulkan extension the shader clears it in a
 * loop: the same zeros, compiled in a tenth of the time.
 */
export const quickCompilerFlag =
  '--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension';
