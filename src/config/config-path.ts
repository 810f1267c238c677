/** Paths into a configuration: arrays of keys and list positions, and how they are written for people. */

export type ConfigPath = readonly (string | number)[];

const PLAIN_NAME = /^[A-Za-z_$][\w$]*$/;

/** `['model', 'tasks', 'a.b', 'layer_sizes', 2]` → `model.tasks["a.b"].layer_sizes[2]`. */
export function formatPath(path: ConfigPath): string {
  let out = '';
  for (const part of path) {
    if (typeof part === 'number') out += `[${part}]`;
    else if (PLAIN_NAME.test(part)) out += out === '' ? part : `.${part}`;
    else out += `[${JSON.stringify(part)}]`;
  }
  return out;
}
