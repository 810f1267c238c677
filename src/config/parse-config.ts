/** YAML text → RecapConfig, or problems that each name the place in the text and the mend. Never throws. */
import { adviceProblems } from './advice.ts';
import { coerced } from './coerce.ts';
import { problemsOfIssue } from './messages.ts';
import type { PathProblem } from './messages.ts';
import { recapConfigSchema } from './recap-config.ts';
import type { RecapConfig } from './recap-config.ts';
import { rootSchema } from './schema-node.ts';
import { substituteVariables } from './substitute.ts';
import { unsupportedProblems } from './unsupported.ts';
import { placeProblems, withLines } from './place-problems.ts';
import type { ConfigProblem, PlacedProblem } from './place-problems.ts';
import { parseYamlTree, placeAt } from './yaml-tree.ts';
import type { Located, YamlValue } from './yaml-tree.ts';

export type { ConfigProblem } from './place-problems.ts';

export interface ParsedConfig {
  /** null while any problem is an error. */
  readonly config: RecapConfig | null;
  /** In the order of the text. */
  readonly problems: readonly ConfigProblem[];
  /** The YAML as a plain value, aliases and merge keys expanded, as PyYAML reads it; null when it cannot be read. */
  readonly raw: YamlValue;
}

export interface ParseOptions {
  /** Values of $VAR and ${VAR}; unknown names stay as they are, with a note. Absent on a page, which has no environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

const MAX_PROBLEMS = 200;

/** Parses and checks a configuration. Offsets of problems are those of `text`, whatever was substituted. */
export function parseRecapConfig(text: string, options: ParseOptions = {}): ParsedConfig {
  const substituted = substituteVariables(text, options.variables ?? {});
  const { root, problems: syntax } = parseYamlTree(substituted.text);
  const placed: PlacedProblem[] = syntax.map((problem) => ({ ...problem, path: [] }));
  let config: RecapConfig | null = null;
  const hasErrors = () => placed.some((problem) => problem.severity === 'error');
  if (root && !hasErrors()) {
    const raw = coerced(root, rootSchema());
    const checked = recapConfigSchema.safeParse(raw);
    const found = checked.success ? [] : checked.error.issues.flatMap((issue) => problemsAt(root, issue));
    found.push(...unsupportedProblems(raw));
    const parsed = checked.success && found.length === 0 ? checked.data : null;
    const hasEnvironment = options.variables !== undefined;
    found.push(...adviceProblems({ root, raw, config: parsed, unset: substituted.unset, hasEnvironment }));
    placed.push(...placeProblems(root, found));
    if (!hasErrors()) config = parsed;
  }
  const problems = withLines(text, substituted, placed);
  return { config, problems: problems.slice(0, MAX_PROBLEMS), raw: root?.value ?? null };
}

type Issue = Parameters<typeof problemsOfIssue>[0];

function problemsAt(root: Located, issue: Issue): PathProblem[] {
  const { found, located } = placeAt(
    root,
    issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
  );
  return problemsOfIssue(issue, found, located.value);
}
