/**
 * RunManifest: what a run is made from, as one value. The page's memory, the workers' messages, the terminal's output
 * folder, a link and a bundle all hold it in this form; nothing else says what a run was made from.
 *
 * The part that decides the numbers is the recipe (recipe.ts); the rest says which run it is and who ran it.
 */
import { parseDocument } from 'yaml';
import { z } from '../config/zod.ts';
import { issueSentence } from '../config/issue-words.ts';
import { FEATURE_KINDS } from '../data/make-data-schema.ts';
import { teacherConfigSchema } from '../data/synthesis/teacher-config.ts';
import {
  ENGINE_CHOICES,
  MANIFEST_FORMAT,
  MANIFEST_VERSION,
  ManifestError,
  MAX_SEED,
} from './new-manifest.ts';

const seed = z.int().min(0).max(MAX_SEED);
const examples = z.int().min(1).nullable().meta({ description: 'Examples in all; null for no end.' });
const moment = z.iso.datetime();
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable()
  .meta({ description: 'Null until it has been counted.' });

const fileSchema = z.strictObject({
  name: z.string().min(1).meta({ description: 'Without folders.' }),
  size: z.int().min(0).meta({ description: 'Bytes as stored.' }),
  sha256,
  path: z.string().optional().meta({ description: 'Where the terminal read it; a page has no paths.' }),
});

const dataSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('teacher'),
    preset: z.string().nullable().meta({ description: 'Id of the settings it began as.' }),
    settings: teacherConfigSchema,
    examples,
  }),
  z.strictObject({
    kind: z.literal('uniform'),
    labels: z.enum(['binary', 'raw']).meta({ description: "0/1, or the reference's 0…9." }),
    examples,
  }),
  z.strictObject({
    kind: z.literal('files'),
    files: z.array(fileSchema).min(1),
    shuffle: z.boolean(),
    heldOut: z
      .boolean()
      .meta({ description: 'Whether every tenth record is kept out of training, to evaluate on.' }),
    validation: z
      .record(z.string(), z.array(fileSchema))
      .meta({ description: 'Files of the partitions of validation_data that have their own.' }),
  }),
  z.strictObject({
    kind: z.literal('table'),
    file: fileSchema,
    columns: z
      .record(z.string(), z.unknown())
      .meta({ description: 'columns.json: how columns become features.' }),
  }),
]);

const schemaSchema = z.strictObject({
  name: z.string().min(1).meta({ description: "The file's name, which schema_path ends in." }),
  features: z.array(
    z.strictObject({ name: z.string().min(1), kind: z.enum(FEATURE_KINDS), length: z.int() }),
  ),
});

/** What decides the numbers of a run. */
export const recipeSchema = z.strictObject({
  config: z.string().meta({ description: 'YAML text of the RecapConfig, variables put in.' }),
  steps: z.int().min(1).nullable().meta({ description: 'Instead of num_train_steps; null takes that.' }),
  data: dataSchema,
  schema: schemaSchema,
  masks: z.array(z.strictObject({ name: z.string(), columns: z.array(z.int().min(0)) })),
  seeds: z.strictObject({
    weights: seed.meta({ description: 'Of the initial weights and dropout.' }),
    data: seed.meta({ description: 'Of drawn examples and shuffling.' }),
  }),
  engine: z.strictObject({
    choice: z.enum(ENGINE_CHOICES),
    precision: z.enum(['float32', 'half-weights']),
    noisyShifts: z.boolean().default(false).meta({
      description:
        'Compute gradients that are zero by structure too, rounding noise and all, as the reference does.',
    }),
  }),
  warmStart: z
    .strictObject({ name: z.string(), size: z.int().min(0), sha256 })
    .nullable()
    .meta({ description: 'Weights that the run starts from, at step 0.' }),
  changes: z
    .array(z.strictObject({ step: z.int().min(0), key: z.string().min(1).max(300), value: z.number() }))
    .min(1)
    .optional()
    .meta({ description: 'What was changed while it trained, in order (training/live-changes.ts).' }),
});

const engineRecordSchema = z.strictObject({
  engine: z.enum(ENGINE_CHOICES).exclude(['auto']),
  adapter: z.string(),
  software: z.boolean(),
  reason: z.string(),
  fromStep: z.int().min(0),
  at: moment,
  kernels: z.record(z.string(), z.string()).optional().meta({ description: 'Variant by product, as tuned.' }),
});

export const manifestSchema = z.strictObject({
  format: z.literal(MANIFEST_FORMAT),
  version: z.literal(MANIFEST_VERSION),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  name: z.string().min(1).max(200),
  note: z.string().default(''),
  parent: z.strictObject({ run: z.string(), step: z.int().min(0) }).nullable(),
  app: z.string().meta({ description: 'Version of the program that made it.' }),
  recipe: recipeSchema,
  ran: z.array(engineRecordSchema).meta({ description: 'Which engines ran it, from which step on.' }),
  times: z.strictObject({ created: moment, started: moment.nullable(), ended: moment.nullable() }),
});

export type EngineChoice = (typeof ENGINE_CHOICES)[number];
export type RunRecipe = z.output<typeof recipeSchema>;
export type RunManifest = z.output<typeof manifestSchema>;
export type RunData = RunRecipe['data'];
export type RunFile = z.output<typeof fileSchema>;
export type RunSchema = z.output<typeof schemaSchema>;
export type EngineRecord = z.output<typeof engineRecordSchema>;

/** From version n to n + 1, in place of n's key; run one after another. */
const MIGRATIONS: Readonly<Record<number, (value: Record<string, unknown>) => Record<string, unknown>>> = {
  1: (value) => ({ ...value, version: 2 }),
};

/**
 * Checks a manifest that was read from somewhere, of this version or an older one.
 * @throws ManifestError naming the key and the mend; one of a newer version says so.
 */
export function checkManifest(value: unknown): RunManifest {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ManifestError('', 'this is no run manifest: it must be an object with a format and a version.');
  }
  let manifest = value as Record<string, unknown>;
  if (manifest['format'] !== MANIFEST_FORMAT) {
    throw new ManifestError('format', `must be "${MANIFEST_FORMAT}": this file describes no run.`);
  }
  const version = manifest['version'];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new ManifestError('version', `must be a whole number from 1 to ${MANIFEST_VERSION}.`);
  }
  if (version > MANIFEST_VERSION) {
    throw new ManifestError(
      'version',
      `is ${version}, which a newer version of the playground wrote; this one reads up to ${MANIFEST_VERSION}. Reload the page or update the program.`,
    );
  }
  for (let at = version; at < MANIFEST_VERSION; at++) manifest = MIGRATIONS[at]?.(manifest) ?? manifest;
  const parsed = manifestSchema.safeParse(manifest);
  if (parsed.success) return parsed.data;
  throw issueError(parsed.error.issues[0], manifest);
}

/** @throws ManifestError also for text that is no JSON, with its line and column. */
export function parseManifest(text: string): RunManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Not every engine's message has it.
    const said = /position (\d+)/.exec(String(error))?.[1];
    const at = said === undefined ? brokenAt(text) : Number(said);
    const lines = text.slice(0, at).split('\n');
    throw new ManifestError(
      '',
      `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}: this is no JSON. Copy the file again.`,
    );
  }
  return checkManifest(value);
}

/** Any token of JSON, or blanks. */
const TOKEN =
  /[\s{}[\],:]+|"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[\s\]},:])|(?:true|false|null)\b/y;

/** Where a text stops being JSON: at the first thing that is no token of it, or where YAML, its superset, breaks off. */
function brokenAt(text: string): number {
  let at = 0;
  for (TOKEN.lastIndex = 0; at < text.length; at = TOKEN.lastIndex) if (!TOKEN.test(text)) return at;
  return parseDocument(text).errors[0]?.pos[0] ?? text.length;
}

function issueError(issue: z.core.$ZodIssue | undefined, value: unknown): ManifestError {
  if (!issue) return new ManifestError('', 'this is no run manifest.');
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => JSON.stringify(key.slice(0, 100))).join(', ');
    return new ManifestError(path, `${names.slice(0, 300)} is no key here: take it out.`);
  }
  return new ManifestError(path, `${issueSentence(issue, value)}. Correct it, or export the run again.`);
}
