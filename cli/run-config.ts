/** A configuration file as a command needs it: parsed, with its data schema and masks, and errors placed in the file. */
import { userInfo } from 'node:os';
import type { ConfigPath } from '../src/config/config-path.ts';
import { unsetIn, unsetMessage } from '../src/config/left-variables.ts';
import { parseRecapConfig } from '../src/config/parse-config.ts';
import type { DataConfig, RecapConfig } from '../src/config/recap-config.ts';
import { substituteVariables } from '../src/config/substitute.ts';
import type { UnsetVariable } from '../src/config/substitute.ts';
import { parseYamlTree, placeAt } from '../src/config/yaml-tree.ts';
import type { Range } from '../src/config/yaml-tree.ts';
import { DataConfigError } from '../src/data/data-problem.ts';
import { parseDataSchema } from '../src/data/data-schema.ts';
import { planData } from '../src/data/layout.ts';
import type { DataPlan } from '../src/data/layout.ts';
import { baseName } from '../src/data/mask-files.ts';
import type { MaskFiles } from '../src/data/mask-files.ts';
import { NpyError, npyNonzero } from '../src/formats/npy.ts';
import { GraphError } from '../src/graph/build.ts';
import type { ModelGraph } from '../src/graph/graph.ts';
import { modelGraph } from '../src/graph/model-graph.ts';
import { CliError } from './command.ts';
import { besideConfig, readBytes, readText } from './files.ts';

export interface RunConfig {
  readonly path: string;
  readonly text: string;
  readonly config: RecapConfig;
  /** The model's tasks, in its order. */
  readonly tasks: readonly string[];
}

/** The environment, with USER as the reference sets it: Python's getpass.getuser(). */
function environment(): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) variables[name] = value;
  const user = loginName(variables);
  return user === null ? variables : { ...variables, USER: user };
}

function loginName(variables: Readonly<Record<string, string>>): string | null {
  for (const name of ['LOGNAME', 'USER', 'LNAME', 'USERNAME']) if (variables[name]) return variables[name];
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry among the system's users.
    return null;
  }
}

/**
 * Reads a configuration. Its warnings and notes go to standard error, a line each.
 * @throws CliError "file:line:column: problem" for the first error, saying how many more there are.
 */
export async function loadConfig(path: string): Promise<RunConfig> {
  const text = await readText(path);
  const { config, problems } = parseRecapConfig(text, { variables: environment() });
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (!config || first) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new CliError(
      first
        ? `${path}:${first.line}:${first.column}: ${first.message}${more}`
        : `${path}:1:1: this is no configuration.`,
    );
  }
  for (const { severity, line, column, message } of problems) {
    const kind = severity === 'warning' ? 'warning' : 'note';
    process.stderr.write(`${path}:${line}:${column}: ${kind}: ${message}\n`);
  }
  return { path, text, config, tasks: Object.keys(config.model.tasks) };
}

/**
 * The configuration as a recipe keeps it: with the variables' values, so that it means the same elsewhere. What is left
 * of dollar signs is doubled where reading it again would take them for a variable.
 */
export function recipeText(run: RunConfig): string {
  const { text, unset } = substituteVariables(run.text, environment());
  const left = new Set(unset.map(({ from }) => from));
  return text.replaceAll(/\$(?=[$\w{])/g, (dollar, at: number) => (left.has(at) ? dollar : '$$'));
}

/** What stands at a path of the configuration, and where: "file:line:column". */
function placed(run: RunConfig, path: ConfigPath): { at: string; unset: readonly UnsetVariable[] } | null {
  const substituted = substituteVariables(run.text, environment());
  const { root } = parseYamlTree(substituted.text);
  if (!root) return null;
  const place = placeAt(root, path);
  const { alias, key, origin } = place.located;
  const offset = (range: Range) => substituted.originalRange(range.from, range.to).from;
  const unset = place.found ? unsetIn(place.located, substituted.unset) : [];
  const from = offset(unset.length > 0 ? origin : (alias ?? key ?? origin));
  const lines = run.text.slice(0, from).split(/\r\n?|\n/);
  return { unset, at: `${run.path}:${lines.length}:${(lines.at(-1) ?? '').length + 1}` };
}

/** Where a path of the configuration stands: "file:line:column". */
export function placeOf(run: RunConfig, path: ConfigPath): string {
  return placed(run, path)?.at ?? `${run.path}:1:1`;
}

/**
 * Where a file of the configuration is not there because its path holds a variable without a value, says so.
 * @throws CliError at the value
 */
export function refuseUnset(run: RunConfig, path: ConfigPath): void {
  const value = placed(run, path);
  const [variable] = value?.unset ?? [];
  if (value && variable) throw new CliError(`${value.at}: ${unsetMessage(variable)}`);
}

/** Reads a file that the configuration names at a path. @throws CliError as `read` does, or at an unset variable */
async function readNamed<T>(run: RunConfig, path: ConfigPath, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    refuseUnset(run, path);
    throw error;
  }
}

/**
 * The plan for a data section, with its schema and mask files read; their paths are relative to the configuration.
 * @param section where the data section stands, e.g. ['train_data'].
 * @throws CliError naming the file, or the place in the configuration that does not fit the schema.
 */
export async function loadPlan(run: RunConfig, data: DataConfig, section: ConfigPath): Promise<DataPlan> {
  return (await loadSection(run, data, section)).plan;
}

/** A data section with the files that it names. */
export interface Section {
  readonly plan: DataPlan;
  /** By their names, as a recipe keeps them. */
  readonly masks: MaskFiles;
}

/** As loadPlan, with the masks. */
export async function loadSection(run: RunConfig, data: DataConfig, section: ConfigPath): Promise<Section> {
  const schemaPath = besideConfig(run.path, data.seg_dense_schema.schema_path);
  const inSchema = [...section, 'seg_dense_schema', 'schema_path'];
  const schema = parseDataSchema(await readNamed(run, inSchema, () => readText(schemaPath)), schemaPath);
  const masks = {
    continuous: await loadMask(run, data, section, 'continuous_feature_mask_path'),
    binary: await loadMask(run, data, section, 'binary_feature_mask_path'),
  };
  const truncate = data.preprocess?.truncate_and_slice;
  const files = new Map<string, Int32Array>();
  for (const [path, columns] of [
    [truncate?.continuous_feature_mask_path, masks.continuous],
    [truncate?.binary_feature_mask_path, masks.binary],
  ] as const) {
    if (path && columns) files.set(baseName(path), columns);
  }
  try {
    return { plan: planData(data, schema, run.tasks, masks), masks: files };
  } catch (error) {
    const first = error instanceof DataConfigError ? error.problems[0] : undefined;
    if (!(error instanceof DataConfigError) || !first) throw error;
    const more = error.problems.length > 1 ? ` (and ${error.problems.length - 1} more)` : '';
    throw new CliError(`${placeOf(run, [...section, ...first.path])}: ${first.message}${more}`);
  }
}

async function loadMask(
  run: RunConfig,
  data: DataConfig,
  section: ConfigPath,
  key: 'continuous_feature_mask_path' | 'binary_feature_mask_path',
): Promise<Int32Array | null> {
  const path = data.preprocess?.truncate_and_slice?.[key] ?? null;
  if (path === null) return null;
  const file = besideConfig(run.path, path);
  const at = [...section, 'preprocess', 'truncate_and_slice', key];
  const bytes = await readNamed(run, at, () => readBytes(file));
  try {
    return npyNonzero(bytes);
  } catch (error) {
    throw error instanceof NpyError ? new CliError(`${file}: ${error.message}`) : error;
  }
}

/** The model graph. @throws CliError at the place in the configuration that can't be built. */
export function buildModel(run: RunConfig, plan: DataPlan): ModelGraph {
  try {
    return modelGraph(run.config, plan.layout);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    throw new CliError(`${placeOf(run, error.path)}: ${error.message}`);
  }
}
