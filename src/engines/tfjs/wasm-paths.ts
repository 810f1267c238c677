/**
 * Where the wasm backend's binaries are: beside the bundle in browsers (Vite turns `?url` imports into addresses), in
 * node_modules under Node, where the backend reads files by path.
 */

/** Addresses by the names that tfjs uses, or a folder with a final slash. */
export type WasmPaths = string | Readonly<Record<string, string>>;

/** The binaries' places for this environment. */
export async function wasmPaths(): Promise<WasmPaths> {
  if (typeof process === 'object' && typeof process.versions?.node === 'string') {
    // Not an import: bundlers for the browser would follow it.
    const { createRequire } = process.getBuiltinModule('node:module');
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    return entry.slice(0, Math.max(entry.lastIndexOf('/'), entry.lastIndexOf('\\')) + 1);
  }
  const [plain, simd, threaded] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'),
  ]);
  return {
    'tfjs-backend-wasm.wasm': plain.default,
    'tfjs-backend-wasm-simd.wasm': simd.default,
    'tfjs-backend-wasm-threaded-simd.wasm': threaded.default,
  };
}
