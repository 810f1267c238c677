/** A bundle that can't be made or taken in: which file, what is wrong with it, and the mend. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  /** Path in the bundle; null for the whole. */
  readonly file: string | null;

  constructor(file: string | null, what: string) {
    super(file === null ? what : `${file.length > 120 ? `${file.slice(0, 120)}…` : file}: ${what}`);
    this.file = file;
  }
}
