/** What to ask of an adapter: nothing that a model does not need, because a driver may refuse what it has named. */

/** Bytes that a model needs in one buffer and in one binding of a shader. */
export interface DeviceNeeds {
  readonly bufferBytes: number;
  readonly bindingBytes: number;
}

export const NO_NEEDS: DeviceNeeds = { bufferBytes: 0, bindingBytes: 0 };

/** What every device has without asking. */
const DEFAULTS = { maxBufferSize: 268_435_456, maxStorageBufferBindingSize: 134_217_728 } as const;

/** Whether a device that was asked for `asked` does for `needs`. */
export function covers(asked: DeviceNeeds, needs: DeviceNeeds): boolean {
  return (
    Math.max(asked.bufferBytes, DEFAULTS.maxBufferSize) >= needs.bufferBytes &&
    Math.max(asked.bindingBytes, DEFAULTS.maxStorageBufferBindingSize) >= needs.bindingBytes
  );
}

/** The larger of two, each by each. */
export function both(a: DeviceNeeds, b: DeviceNeeds): DeviceNeeds {
  return {
    bufferBytes: Math.max(a.bufferBytes, b.bufferBytes),
    bindingBytes: Math.max(a.bindingBytes, b.bindingBytes),
  };
}

/** Limits above the defaults that the model needs, at most what the adapter has. */
export function neededLimits(
  limits: Pick<GPUSupportedLimits, keyof typeof DEFAULTS>,
  { bufferBytes, bindingBytes }: DeviceNeeds,
): Record<string, number> {
  const wanted: Record<string, number> = {};
  if (bufferBytes > DEFAULTS.maxBufferSize)
    wanted['maxBufferSize'] = Math.min(bufferBytes, limits.maxBufferSize);
  if (bindingBytes > DEFAULTS.maxStorageBufferBindingSize)
    wanted['maxStorageBufferBindingSize'] = Math.min(bindingBytes, limits.maxStorageBufferBindingSize);
  return wanted;
}
