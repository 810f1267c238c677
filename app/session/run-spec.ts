/** What a run is made from: the page's choices in the form that the workers take. */
import type { PathProblem } from '../../src/config/messages.ts';
import type { RecapConfig } from '../../src/config/recap-config.ts';
import type { DataSchema } from '../../src/data/data-schema.ts';
import { fitProblems } from '../../src/training/config-fit.ts';
import type { StartSpec } from '../../src/workers/clients.ts';
import type { DataSource } from '../../src/workers/protocol.ts';
import type { DataState } from '../stores/data.ts';
import type { RunIdentity } from '../stores/run.ts';

/** Built-in data schemas by file name. */
export type Schemas = ReadonlyMap<string, DataSchema>;

/** Something that the person has to give first. */
export class SessionInputError extends Error {
  override readonly name = 'SessionInputError';
}

/**
 * The data schema by the base name of the configuration's schema_path, the person's own before the built-in ones.
 * @throws SessionInputError when there is none of that name.
 */
export function schemaOf(config: RecapConfig, { ownSchema }: DataState, builtIn: Schemas): DataSchema {
  const path = config.train_data.seg_dense_schema.schema_path;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (ownSchema?.name === name) return ownSchema.schema;
  const schema = builtIn.get(name);
  if (schema) return schema;
  const known = [...builtIn.keys()].join(' or ');
  throw new SessionInputError(
    `The configuration's schema_path names ${name}. Drop that file on the data panel, or use ${known}.`,
  );
}

/** @throws SessionInputError when files are to be read and none is chosen. */
function sourceOf({ kind, teacherConfig, seed, rawLabels, files }: DataState): DataSource {
  if (kind === 'uniform') return { kind: 'uniform', seed, rawLabels };
  if (kind === 'teacher') return { kind: 'teacher', seed, teacher: teacherConfig };
  if (files.length === 0) throw new SessionInputError('Choose TFRecord files on the data panel first.');
  return { kind: 'files', seed, files };
}

/** @throws SessionInputError when a schema or files are missing. */
export function startSpec(identity: RunIdentity, data: DataState, builtIn: Schemas): StartSpec {
  return {
    config: identity.config,
    configText: identity.configText,
    schema: schemaOf(identity.config, data, builtIn),
    source: sourceOf(data),
    masks: data.ownMasks,
    examples: data.examples,
    seed: identity.seed,
    engine: identity.engine,
    halfWeights: identity.halfWeights,
    weights: null,
  };
}

/** What the data at hand has against a configuration, the schema that it lacks included. */
export function unfit(config: RecapConfig, data: DataState, builtIn: Schemas): PathProblem[] {
  try {
    const schema = schemaOf(config, data, builtIn);
    return fitProblems(config, { schema, masks: data.ownMasks, teacher: data.kind === 'teacher' });
  } catch (error) {
    if (!(error instanceof SessionInputError)) throw error;
    const path = ['train_data', 'seg_dense_schema', 'schema_path'];
    return [{ severity: 'error', path, message: error.message, place: 'value' }];
  }
}

/** Whether two states of the data differ in what a configuration must fit. */
export function otherFit(a: DataState, b: DataState): boolean {
  return a.ownSchema !== b.ownSchema || a.ownMasks !== b.ownMasks || a.kind !== b.kind;
}
