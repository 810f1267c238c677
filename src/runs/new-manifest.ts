/** Manifests made here, which need no check: a new run's, and any as text. manifest.ts says what one holds, and reads it. */
import type { RunManifest, RunRecipe } from './manifest.ts';
import { runName } from './run-names.ts';

export const MANIFEST_FORMAT = 'heavy-ranker-run';
/** 2: a recipe can have `changes`, which a program that does not know them would leave out. */
export const MANIFEST_VERSION = 2;

/** Seeds are drawn from and typed as whole numbers of 32 bits. */
export const MAX_SEED = 4_294_967_295;

export const ENGINE_CHOICES = ['auto', 'webgpu', 'tfjs-webgpu', 'tfjs-wasm', 'tfjs-cpu'] as const;

/** A manifest that can't be read: where in it, and what to do. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  /** Keys down to what is wrong, joined by points; empty for the whole. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(path === '' ? message : `${path}: ${message}`);
    this.path = path;
  }
}

export function manifestText(manifest: RunManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** What a new run is made of. */
export interface NewRun {
  readonly recipe: RunRecipe;
  /** Two words of its id where there is none. */
  readonly name?: string;
  readonly parent?: RunManifest['parent'];
  readonly app: string;
  /** The moment, for its id and times. */
  readonly now?: Date;
}

export function newManifest({ recipe, name, parent = null, app, now = new Date() }: NewRun): RunManifest {
  const id = runId(now);
  return {
    format: MANIFEST_FORMAT,
    version: MANIFEST_VERSION,
    id,
    name: name ?? runName(id),
    note: '',
    parent,
    app,
    recipe,
    ran: [],
    times: { created: now.toISOString(), started: null, ended: null },
  };
}

/** The moment in UTC, which sorts, and five random characters, so that two tabs differ: 20261126-131709-k3f9a. */
export function runId(now: Date): string {
  const moment = now
    .toISOString()
    .replaceAll(/[-:]|\..*$/g, '')
    .replace('T', '-');
  const random = globalThis.crypto.getRandomValues(new Uint8Array(5));
  const tail = [...random].map((byte) => (byte % 36).toString(36)).join('');
  return `${moment}-${tail}`;
}
