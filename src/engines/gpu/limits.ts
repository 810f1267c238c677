/** What to ask of an adapter. */

/** Every limit of the adapter; they stand on its prototype as getters. */
export function allLimits(limits: GPUSupportedLimits): Record<string, number> {
  const values: Record<string, number> = {};
  for (const name in limits) {
    const value: unknown = Reflect.get(limits, name);
    // Subgroup sizes are facts, not limits that a device can ask for.
    if (typeof value === 'number' && !name.includes('SubgroupSize')) values[name] = value;
  }
  return values;
}
