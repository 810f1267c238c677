/** What a run's manifest says of the engine that computed it, and what the next one takes over from that. */
import type { Engine, EngineOptions } from '../engines/engine.ts';
import type { EngineRecord } from './manifest.ts';

/** The entry of an engine that was made for the run, before it begins. */
export function recordOf(
  { info }: Pick<Engine, 'info'>,
  reason: string,
): Omit<EngineRecord, 'fromStep' | 'at'> {
  const { name, adapter, software } = info;
  const kernels = info.kernels?.();
  return { engine: name, adapter, software, reason, ...(kernels && { kernels }) };
}

/** The kernels of the engine that computed it before: others round otherwise. */
export const kernelsOf = (before: EngineRecord | undefined): Pick<EngineOptions, 'kernels'> =>
  before?.kernels ? { kernels: { adapter: before.adapter, choices: before.kernels } } : {};
