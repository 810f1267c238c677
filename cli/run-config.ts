/** A configuration file as a command needs it: parsed, with its data schema and masks, and errors placed in the file. */
import type { ConfigPath } from '../src/config/config-path.ts';
import { parseRecapConfig } from '../src/config/parse-config.ts';
import type { DataConfig, RecapConfig } from '../src/config/recap-config.ts';
import { substituteVariables } from '../src/config/substitute.ts';
import { parseYamlTree, placeAt } from '../src/config/yaml-tree.ts';
import { DataConfigError } from '../src/data/data-problem.ts';
import { parseDataSchema } from '../src/data/data-schema.ts';
import { planData } from '../src/data/layout.ts';
import type { DataPlan } from '../src/data/layout.ts';
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

function environment(): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) variables[name] = value;
  return variables;
}

/** @throws CliError "file:line:column: problem" for the first error, saying how many more there are. */
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
  return { path, text, config, tasks: Object.keys(config.model.tasks) };
}

/** "file:line:column" of a path in the configuration, or of the nearest thing above it. */
function placeOf({ path: file, text }: RunConfig, path: ConfigPath): string {
  const substituted = substituteVariables(text, environment());
  const { root } = parseYamlTree(substituted.text);
  if (!root) return `${file}:1:1`;
  const { located } = placeAt(root, path);
  const at = located.alias ?? located.key ?? located.origin;
  const before = text.slice(0, substituted.originalRange(at.from, at.to).from);
  const lines = before.split('\n');
  return `${file}:${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
}

/**
 * The plan for a data section, with its schema and mask files read; their paths are relative to the configuration.
 * @param section where the data section stands, e.g. ['train_data'].
 * @throws CliError naming the file, or the place in the configuration that does not fit the schema.
 */
export async function loadPlan(run: RunConfig, data: DataConfig, section: ConfigPath): Promise<DataPlan> {
  const schemaPath = besideConfig(run.path, data.seg_dense_schema.schema_path);
  const schema = parseDataSchema(await readText(schemaPath), schemaPath);
  const truncate = data.preprocess?.truncate_and_slice;
  const masks = {
    continuous: await loadMask(run, truncate?.continuous_feature_mask_path ?? null),
    binary: await loadMask(run, truncate?.binary_feature_mask_path ?? null),
  };
  try {
    return planData(data, schema, run.tasks, masks);
  } catch (error) {
    const first = error instanceof DataConfigError ? error.problems[0] : undefined;
    if (!(error instanceof DataConfigError) || !first) throw error;
    const more = error.problems.length > 1 ? ` (and ${error.problems.length - 1} more)` : '';
    throw new CliError(`${placeOf(run, [...section, ...first.path])}: ${first.message}${more}`);
  }
}

async function loadMask(run: RunConfig, path: string | null): Promise<Int32Array | null> {
  if (path === null) return null;
  const file = besideConfig(run.path, path);
  const bytes = await readBytes(file);
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
