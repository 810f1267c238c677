/** Teacher settings from YAML text, read as the configuration is: a config, or problems with their line and column. */
import { coerced } from '../../config/coerce.ts';
import { schemaNodeOf } from '../../config/schema-node.ts';
import type { SchemaNode } from '../../config/schema-node.ts';
import { problemsOfIssues } from '../../config/text/text-problem.ts';
import type { TextProblem } from '../../config/text/text-problem.ts';
import { parseYamlText } from '../../config/text/yaml-text.ts';
import type { LocatedYaml } from '../../config/text/yaml-text.ts';
import type { YamlValue } from '../../config/yaml-tree.ts';
import { teacherConfigSchema } from './teacher-config.ts';
import type { TeacherConfig } from './teacher-config.ts';

export interface ParsedTeacherConfig {
  /** Null exactly when there are problems. */
  readonly config: TeacherConfig | null;
  readonly problems: readonly TextProblem[];
  /** What is read otherwise than it looks, such as 010 for 8. */
  readonly notes: readonly TextProblem[];
}

let made: SchemaNode | null = null;
const schema = () => (made ??= schemaNodeOf(teacherConfigSchema));

/** The keys that the map at a path takes. */
function keysOf(path: TextProblem['path']): Iterable<string> {
  let node: SchemaNode | null = schema();
  for (const part of path) node = node?.properties.get(String(part)) ?? null;
  return node?.properties.keys() ?? [];
}

/** What a text says, scalars as numbers where they belong, valid or not; null where it is no readable YAML. */
export function teacherValues(text: string): YamlValue {
  const { value: yaml } = parseYamlText(text);
  return yaml && valueOf(yaml);
}

function valueOf({ root }: LocatedYaml): YamlValue {
  return root === null || root.value === null ? {} : coerced(root, schema());
}

/**
 * Parses the settings of a teacher. An empty text gives the defaults.
 * @returns the config, or every problem (YAML syntax, unknown keys, values out of range) with line and column.
 */
export function parseTeacherConfig(text: string): ParsedTeacherConfig {
  const { value: yaml, problems } = parseYamlText(text);
  if (!yaml) return { config: null, problems, notes: [] };
  const { notes } = yaml;
  const value = valueOf(yaml);
  const result = teacherConfigSchema.safeParse(value);
  if (result.success) return { config: result.data, problems: [], notes };
  return {
    config: null,
    problems: problemsOfIssues(result.error.issues, text, { ...yaml, value }, keysOf),
    notes,
  };
}
