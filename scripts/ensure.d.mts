import type { SpawnOptions } from 'node:child_process';

export declare const root: string;
export declare function run(
  command: string,
  args: readonly string[],
  options?: SpawnOptions,
): Promise<number>;
export declare function ensureDependencies(): Promise<void>;
export declare function ensureBrowser(): Promise<void>;
