/** Deno's program, or null where there is none. */
export function findDeno(): string | null;
/** Up to the file to run. */
export const denoArguments: readonly string[];
