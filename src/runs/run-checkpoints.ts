/**
 * A run folder's checkpoints as the training loop keeps them. Those of the configuration's intervals count against
 * checkpoint_max_to_keep; beside them stands one that was saved in between (a pause, a few seconds of training), so that
 * little is done again after a reload.
 */
import type { ModelGraph } from '../graph/graph.ts';
import type { Checkpoint, CheckpointStore } from '../training/checkpoint-store.ts';
import { exportCheckpoint, importCheckpoint } from '../training/checkpoint.ts';
import type { WeightsMetadata } from '../training/checkpoint.ts';
import type { RunFolder } from './run-folder.ts';

const FOLDER = 'checkpoints';
const REGULAR = /^(\d+)\.safetensors$/;
const AUTOSAVED = /^(\d+)\.autosave\.safetensors$/;

/** What goes into each file beside the state. */
export type CheckpointMetadata = Omit<WeightsMetadata, 'step'>;

export class RunCheckpoints implements CheckpointStore {
  readonly #folder: RunFolder;
  readonly #graph: ModelGraph;
  readonly #metadata: CheckpointMetadata;
  readonly #maxBytes: number;

  /** @param maxBytes of all checkpoints together: beyond it the oldest go, the newest never. */
  constructor(
    folder: RunFolder,
    graph: ModelGraph,
    metadata: CheckpointMetadata,
    maxBytes = Number.POSITIVE_INFINITY,
  ) {
    this.#folder = folder;
    this.#graph = graph;
    this.#metadata = metadata;
    this.#maxBytes = maxBytes;
  }

  steps(): Promise<readonly number[]> {
    return checkpointSteps(this.#folder);
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    await this.#write(`${checkpoint.step}.safetensors`, checkpoint);
    await this.#drop(AUTOSAVED, (step) => step <= checkpoint.step);
    await this.#fit(checkpoint.step);
  }

  /** Replaces the one saved in between. */
  async autosave(checkpoint: Checkpoint): Promise<void> {
    if ((await this.steps()).includes(checkpoint.step)) return;
    await this.#write(`${checkpoint.step}.autosave.safetensors`, checkpoint);
    await this.#drop(AUTOSAVED, (step) => step !== checkpoint.step);
  }

  /** Null where there is none that is whole. @throws SafetensorsError, StateDictError for another model's. */
  async load(step: number): Promise<Checkpoint | null> {
    for (const file of [`${step}.safetensors`, `${step}.autosave.safetensors`]) {
      const name = `${FOLDER}/${file}`;
      const size = await this.#folder.home.size(this.#folder.file(name));
      if (size === null || !(await isWhole(this.#folder, name, size))) continue;
      const bytes = await this.#folder.home.read(this.#folder.file(name));
      if (bytes) return importCheckpoint(bytes, this.#graph);
    }
    return null;
  }

  /** The newest of all that are whole and of no later step than `until`, where there is one; null before the first. */
  async latest(until = Number.POSITIVE_INFINITY): Promise<Checkpoint | null> {
    const steps = await restorableSteps(this.#folder);
    const last = steps.findLast((step) => step <= until) ?? steps.at(-1);
    return last === undefined ? null : this.load(last);
  }

  async delete(step: number): Promise<void> {
    await this.#folder.home.remove(this.#folder.file(`${FOLDER}/${step}.safetensors`));
  }

  #write(name: string, checkpoint: Checkpoint): Promise<void> {
    const bytes = exportCheckpoint(checkpoint, { ...this.#metadata, step: checkpoint.step });
    return this.#folder.write(`${FOLDER}/${name}`, bytes);
  }

  async #drop(kind: RegExp, gone: (step: number) => boolean): Promise<void> {
    for (const { name } of await this.#folder.home.list(this.#folder.file(FOLDER))) {
      const step = kind.exec(name)?.[1];
      if (step !== undefined && gone(Number(step)))
        await this.#folder.home.remove(this.#folder.file(`${FOLDER}/${name}`));
    }
  }

  async #fit(newest: number): Promise<void> {
    if (this.#maxBytes === Number.POSITIVE_INFINITY) return;
    const files = await this.#folder.home.list(this.#folder.file(FOLDER));
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const step of await this.steps()) {
      if (bytes <= this.#maxBytes || step === newest) return;
      bytes -= files.find(({ name }) => name === `${step}.safetensors`)?.size ?? 0;
      await this.delete(step);
    }
  }
}

/** Steps of a folder's whole checkpoints of the configuration's intervals, ascending. */
export function checkpointSteps(folder: RunFolder): Promise<number[]> {
  return stepsOf(folder, REGULAR);
}

/** Steps of all whole checkpoints that can be gone back to, ascending. */
export async function restorableSteps(folder: RunFolder): Promise<number[]> {
  return (await keptCheckpoints(folder)).map(({ step }) => step);
}

/** A checkpoint that can be gone back to, and the bytes of its file. */
export interface KeptCheckpoint {
  readonly step: number;
  readonly bytes: number;
}

/** All whole checkpoints that can be gone back to, by ascending steps. */
export async function keptCheckpoints(folder: RunFolder): Promise<KeptCheckpoint[]> {
  const found = new Map(
    [...(await filesOf(folder, AUTOSAVED)), ...(await filesOf(folder, REGULAR))].map((file) => [
      file.step,
      file,
    ]),
  );
  return [...found.values()].sort((a, b) => a.step - b.step);
}

async function stepsOf(folder: RunFolder, kind: RegExp): Promise<number[]> {
  return (await filesOf(folder, kind)).map(({ step }) => step).sort((a, b) => a - b);
}

async function filesOf(folder: RunFolder, kind: RegExp): Promise<KeptCheckpoint[]> {
  const found: KeptCheckpoint[] = [];
  for (const { name, size } of await folder.home.list(folder.file(FOLDER))) {
    const step = kind.exec(name)?.[1];
    if (step !== undefined && (await isWhole(folder, `${FOLDER}/${name}`, size)))
      found.push({ step: Number(step), bytes: size });
  }
  return found;
}

/** Longest header looked at: of a model with hundreds of thousands of tensors. */
export const MAX_HEADER = 1 << 26;

/** Whether a safetensors file is as long as its header says: one that was cut off while it was copied is not. */
async function isWhole(folder: RunFolder, name: string, size: number): Promise<boolean> {
  const path = folder.file(name);
  const prefix = await folder.home.read(path, 0, 8);
  if (!prefix || prefix.length < 8) return false;
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true));
  if (length > Math.min(MAX_HEADER, size - 8)) return false;
  const header = await folder.home.read(path, 8, 8 + length);
  return header !== null && size === wholeSize(header);
}

/** Bytes that a safetensors file with this header has, its first eight and the header included; null for no header. */
export function wholeSize(header: Uint8Array): number | null {
  try {
    const tensors = JSON.parse(new TextDecoder().decode(header)) as Record<
      string,
      { data_offsets?: readonly [number, number] }
    >;
    const end = Object.values(tensors).reduce(
      (most, { data_offsets: at }) => Math.max(most, at?.[1] ?? 0),
      0,
    );
    return 8 + header.length + end;
  } catch {
    return null;
  }
}
