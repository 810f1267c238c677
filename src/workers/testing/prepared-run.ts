/** A data host and a run host in this thread, wired as the page's workers are. */
import { expect, vi } from 'vitest';
import { openRecipe } from '../../runs/recipe.ts';
import type { FileHome } from '../../runs/homes/home.ts';
import type { RunManifest } from '../../runs/manifest.ts';
import { NO_FILES, TRAIN } from '../../runs/streams.ts';
import type { StreamSection } from '../../runs/streams.ts';
import type { StepEvent } from '../../training/events.ts';
import { dataHandlers } from '../data-host.ts';
import type { DataProtocol, RunStart, TrainingProtocol } from '../protocol.ts';
import { RpcClient, serve } from '../rpc.ts';
import { RunHost } from '../run-host.ts';

export function startData(): RpcClient<DataProtocol> {
  const { port1, port2 } = new MessageChannel();
  const emit = serve<DataProtocol>(
    port2,
    dataHandlers((name, payload) => emit(name, payload)),
  );
  port1.start();
  port2.start();
  return new RpcClient<DataProtocol>(port1);
}

/** Everything that a run has told, by the event's name. */
export type RunEvents = {
  [N in keyof TrainingProtocol['events']]?: TrainingProtocol['events'][N]['event'][];
};

export interface RunToPrepare {
  readonly home: FileHome;
  readonly manifest: RunManifest;
  readonly start?: RunStart;
}

/** A host with a prepared run and everything it emits of that run. */
export async function hostWithRun(data: RpcClient<DataProtocol>, { home, manifest, start }: RunToPrepare) {
  const events: RunEvents = {};
  const host = new RunHost(
    (name, { run, event }) => {
      if (run === manifest.id) ((events[name] ??= []) as unknown[]).push(event);
    },
    () => Promise.resolve({ home, maxCheckpointBytes: 1 << 30, lasting: true }),
  );
  const { recipe } = manifest;
  const open = async (section: StreamSection) => {
    const { port1, port2 } = new MessageChannel();
    const { layout } = await data.call(
      'open',
      { stream: { recipe, section, files: NO_FILES }, port: port1 },
      { transfer: [port1] },
    );
    return { layout, port: port2 };
  };
  const train = await open(TRAIN);
  const validation = [];
  for (const partition of Object.keys(openRecipe(recipe).config.validation_data)) {
    validation.push({ partition, port: (await open({ kind: 'partition', partition })).port });
  }
  const info = await host.prepare({
    manifest,
    start: start ?? { kind: 'fresh' },
    layout: train.layout,
    train: [train.port],
    validation,
  });
  return { host, events, info, home, manifest: info.manifest };
}

export const stepsOf = (events: RunEvents): StepEvent[] => (events.steps ?? []).flat();
export const lastPhase = (events: RunEvents): string | undefined => events.phase?.at(-1)?.phase;

/** The limit is for a machine that is busy: what never comes fails here, with the line that waited. */
export const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 60_000, interval: 10 });
