/** What this browser offers of WebGPU, in words a person can act on. */
import { webgpuTexts } from './texts/webgpu.ts';

export interface WebGpuStatus {
  readonly kind: 'ok' | 'software' | 'no-adapter' | 'no-api' | 'insecure';
  readonly title: string;
  readonly advice: string;
}

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
      title: webgpuTexts.insecure,
      advice: webgpuTexts.insecureAbout,
    };
  }
  const browser = browserOf(environment.userAgent);
  if (!environment.requestAdapter) {
    return {
      kind: 'no-api',
      title: webgpuTexts.noApi,
      advice: webgpuTexts.withFallback(webgpuTexts.withoutApi[browser]),
    };
  }
  const adapter = await environment.requestAdapter().catch(() => null);
  if (!adapter) {
    return {
      kind: 'no-adapter',
      title: webgpuTexts.noAdapter,
      advice: webgpuTexts.withFallback(webgpuTexts.withoutAdapter[browser]),
    };
  }
  if (isSoftware(adapter)) {
    return {
      kind: 'software',
      title: webgpuTexts.software,
      advice: webgpuTexts.softwareAbout(webgpuTexts.withoutAdapter[browser]),
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
