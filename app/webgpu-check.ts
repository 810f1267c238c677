/** What this browser offers of WebGPU, in words a person can act on. */

export interface WebGpuStatus {
  readonly kind: 'ok' | 'software' | 'no-adapter' | 'no-api' | 'insecure';
  readonly title: string;
  readonly advice: string;
}

const FALLBACK = 'Training runs on the processor meanwhile: everything works, only slower.';

/** What the check needs of `navigator`, so that tests can stand in for it. */
export interface GpuEnvironment {
  readonly secure: boolean;
  readonly userAgent: string;
  /** Undefined where the browser has no WebGPU. */
  readonly requestAdapter: (() => Promise<AdapterFacts | null>) | undefined;
}

export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly fallback: boolean;
}

export async function webGpuStatus(environment: GpuEnvironment): Promise<WebGpuStatus> {
  if (!environment.secure) {
    return {
      kind: 'insecure',
      title: 'WebGPU needs a secure page.',
      advice: `Open the page over https or on localhost. ${FALLBACK}`,
    };
  }
  if (!environment.requestAdapter) {
    return {
      kind: 'no-api',
      title: 'This browser has no WebGPU.',
      advice: `${browserAdvice(environment.userAgent)} ${FALLBACK}`,
    };
  }
  const adapter = await environment.requestAdapter().catch(() => null);
  if (!adapter) {
    return {
      kind: 'no-adapter',
      title: 'The browser has WebGPU but found no graphics card for it.',
      advice: `Look for "hardware acceleration" in the browser's settings and update the graphics driver. ${FALLBACK}`,
    };
  }
  if (isSoftware(adapter)) {
    return {
      kind: 'software',
      title: 'WebGPU runs on the processor here.',
      advice:
        "The browser imitates a graphics card in software, so small models are the ones to train. With hardware acceleration switched on in the browser's settings, a real one would be used.",
    };
  }
  return { kind: 'ok', title: '', advice: '' };
}

function isSoftware({ fallback, vendor, architecture, description }: AdapterFacts): boolean {
  return (
    fallback ||
    /swiftshader|llvmpipe|lavapipe|warp|basic render/i.test(`${vendor} ${architecture} ${description}`)
  );
}

function browserAdvice(userAgent: string): string {
  if (/firefox/i.test(userAgent))
    return 'Firefox has it from version 141 on Windows and 145 on macOS; Chrome and Edge have it since 113.';
  if (/safari/i.test(userAgent) && !/chrome/i.test(userAgent))
    return 'Safari has it from version 26; Chrome and Edge have it since 113.';
  return 'Chrome and Edge have it since version 113; on Linux it may have to be switched on.';
}

/** The status of this page's own browser. */
export function checkWebGpu(): Promise<WebGpuStatus> {
  const gpu = (navigator as { gpu?: GPU }).gpu;
  return webGpuStatus({
    secure: globalThis.isSecureContext,
    userAgent: navigator.userAgent,
    requestAdapter: gpu
      ? async () => {
          const adapter = await gpu.requestAdapter();
          if (!adapter) return null;
          const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
          return { vendor, architecture, description, fallback: isFallbackAdapter };
        }
      : undefined,
  });
}
