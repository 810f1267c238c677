import { signedName } from '../version.ts';

/** Hands a blob to the browser as a download. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = signedName(name);
  link.click();
  // The download holds the blob once it has begun; the address is freed a while after.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
