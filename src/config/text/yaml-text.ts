/** YAML or JSON text → a plain value, with the place of every value and key. For small files such as score weights. */
import { placeAt, readYaml } from '../yaml-tree.ts';
import type { Located, TreeProblem } from '../yaml-tree.ts';
import { placeOf } from './text-problem.ts';
import type { LocatedValue, Parsed, TextProblem } from './text-problem.ts';

/** What is read, with how each scalar is written. */
export interface LocatedYaml extends LocatedValue {
  /** null for an empty text. */
  readonly root: Located | null;
  /** What is read otherwise than it looks, such as 010 for 8. */
  readonly notes: readonly TextProblem[];
}

/** Parses one YAML document as the configuration is parsed; JSON is YAML too. Whatever is wrong is a problem, never a throw. */
export function parseYamlText(text: string): Parsed<LocatedYaml> {
  const { root, problems } = readYaml(text);
  const placed = ({ message, from }: TreeProblem) => ({ message, path: [], ...placeOf(text, from) });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { value: null, problems: errors.map(placed) };
  return {
    value: {
      root,
      notes: problems.map(placed),
      value: root?.value ?? null,
      locate(path, at) {
        if (!root) return 0;
        const { located, through, found } = placeAt(root, path);
        if (at === 'key' && found && located.key) return located.key.from;
        return (through ?? located.alias ?? located.origin).from;
      },
    },
    problems: [],
  };
}
