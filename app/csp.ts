/** The page's Content-Security-Policy: nothing but its own files, no eval, no inline script, nothing sent anywhere. */

/** Of the style elements that the editor and the dialogs make; styles alone may carry it. */
export const STYLE_NONCE = 'playground-styles';

/** As the built index.html has it in a meta element; docs/hosting.md says what a host can add. */
export const POLICY = [
  "default-src 'none'",
  // WebAssembly is compiled; no text is.
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  `style-src 'self' 'nonce-${STYLE_NONCE}'`,
  // The editor marks problems by style attributes, which can load nothing that the lines here do not allow.
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
