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
  const browser = browserOf(environment.userAgent);
  if (!environment.requestAdapter) {
    return {
      kind: 'no-api',
      title: 'This browser has no WebGPU.',
      advice: `${WITHOUT_API[browser]} ${FALLBACK}`,
    };
  }
  const adapter = await environment.requestAdapter().catch(() => null);
  if (!adapter) {
    return {
      kind: 'no-adapter',
      title: 'The browser has WebGPU but found no graphics card for it.',
      advice: `${WITHOUT_ADAPTER[browser]} ${FALLBACK}`,
    };
  }
  if (isSoftware(adapter)) {
    return {
      kind: 'software',
      title: 'WebGPU runs on the processor here.',
      advice: `The browser imitates a graphics card in software, so small models are the ones to train. ${WITHOUT_ADAPTER[browser]}`,
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

type Browser = 'firefox' | 'safari' | 'edge' | 'chrome';

/** Edge and Chrome name Safari too, and Edge names Chrome. */
function browserOf(userAgent: string): Browser {
  if (/firefox/i.test(userAgent)) return 'firefox';
  if (/edg\//i.test(userAgent)) return 'edge';
  if (/chrome|chromium|crios/i.test(userAgent)) return 'chrome';
  return /safari/i.test(userAgent) ? 'safari' : 'chrome';
}

const WITHOUT_API: Readonly<Record<Browser, string>> = {
  firefox: 'Firefox has it from version 141 on Windows and 145 on macOS; Chrome and Edge have it since 113.',
  safari: 'Safari has it from version 26 (macOS, iOS and iPadOS 26); Chrome and Edge have it since 113.',
  edge: 'Edge has it since version 113 on Windows and macOS, and since 121 on Android.',
  chrome:
    'Chrome and Edge have it since version 113 on Windows and macOS, and since 121 on Android; on Linux it may have to be switched on at chrome://flags/#enable-unsafe-webgpu.',
};

const WITHOUT_ADAPTER: Readonly<Record<Browser, string>> = {
  firefox:
    'To use a real one: in Settings, General, Performance, let Firefox use hardware acceleration, and update the graphics driver; about:support says what it found.',
  safari:
    'To use a real one: update the system, and switch off Lockdown Mode for this site, which takes WebGPU away.',
  edge: 'To use a real one: in Settings, System and performance, switch on graphics acceleration, and update the graphics driver; edge://gpu says what it found.',
  chrome:
    'To use a real one: in Settings, System, switch on graphics acceleration, and update the graphics driver; chrome://gpu says what it found.',
};

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
