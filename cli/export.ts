/** `export`: a model as a folder of PyTorch, an ONNX file, or what the reference's own training takes. */
import { join } from 'node:path';
import { initialState } from '../src/engines/init.ts';
import type { DataPlan } from '../src/data/layout.ts';
import { exportInput } from '../src/runs/export-input.ts';
import { EXPORT_FORMATS, exportFiles } from '../src/formats/export.ts';
import type { ExportInput } from '../src/formats/export.ts';
import { REFERENCE_DATA } from '../src/formats/reference/reference.ts';
import { CliError, UsageError } from './command.ts';
import type { Command, Options } from './command.ts';
import { loadWeights } from './engine.ts';
import { writeReferenceData } from './export-data.ts';
import { besideConfig, dataFile, filesMatching, readText } from './files.ts';
import { withOutputs } from './output.ts';
import { Progress } from './progress.ts';
import { buildModel, loadConfig, loadPlan } from './run-config.ts';
import { newestWeights, openRunFolder } from './run-folder.ts';
import { appVersion } from './version.ts';

export const exportModel: Command = {
  name: 'export',
  summary: 'Writes a model as a PyTorch folder, an ONNX file, or a folder for the reference.',
  options: [
    { name: 'run', value: 'DIR', help: 'Folder of a run: its configuration and its newest weights.' },
    { name: 'config', value: 'FILE', help: 'In its place: a configuration (YAML).' },
    {
      name: 'weights',
      value: 'FILE',
      help: 'Weights of that configuration (safetensors); without them, fresh ones.',
    },
    { name: 'format', value: EXPORT_FORMATS.join('|'), help: 'What to write.', required: true },
    { name: 'out', value: 'DIR', help: 'Folder to write to; made if it is not there.', required: true },
    {
      name: 'data',
      value: 'FILE',
      help: 'With --format reference: TFRecord file (or a pattern) to hand over as well.',
    },
    { name: 'seed', value: 'S', help: 'Of fresh weights, and of what is trained from here; 0 by default.' },
  ],
  run: (options) => runExport(options),
};

async function runExport(options: Options): Promise<void> {
  const format = options.oneOf('format', EXPORT_FORMATS, 'pytorch');
  const folder = options.required('out');
  const pattern = options.text('data');
  if (pattern !== null && format !== 'reference')
    throw new UsageError(`--data is for --format reference; an export of ${format} holds no data.`);
  if (options.has('run') === options.has('config'))
    throw new UsageError('export needs one of --run DIR and --config FILE; see export --help.');
  const input = options.has('run') ? await fromRun(options) : await fromConfig(options);
  const files = exportFiles(format, input);
  const progress = new Progress();
  await withOutputs(async (outputs) => {
    for (const { path, bytes } of files) {
      const file = await outputs.open(join(folder, path));
      await file.write(bytes);
    }
    if (pattern === null) return;
    const paths = await filesMatching(pattern, process.cwd());
    if (paths.length === 0) throw new CliError(`No file matches --data "${pattern}".`);
    const data = await Promise.all(paths.map(dataFile));
    const records = await writeReferenceData(data, input.data, join(folder, REFERENCE_DATA), outputs);
    progress.note(`${records} examples checked and copied.`);
  });
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const names = files.length === 1 ? files.map(({ path }) => path).join('') : `${files.length} files`;
  progress.note(`${names} written to ${folder}, ${(size / 1e6).toFixed(1)} MB.`);
}

/** What a run's folder holds. @throws RunFolderError, ManifestError when there is no run that can be read. */
async function fromRun(options: Options): Promise<ExportInput> {
  options.refuse(['weights', 'seed'], '--run has them.');
  const run = await openRunFolder(options.required('run'));
  const { model, step } = await newestWeights(run);
  return exportInput(run.manifest, run, model, step);
}

/** What --config and --weights make. */
async function fromConfig(options: Options): Promise<ExportInput> {
  const run = await loadConfig(options.required('config'));
  const data = await loadPlan(run, run.config.train_data, ['train_data']);
  const partitions: Record<string, DataPlan> = {};
  for (const [name, section] of Object.entries(run.config.validation_data))
    partitions[name] = await loadPlan(run, section, ['validation_data', name]);
  const graph = buildModel(run, data);
  const given = options.text('weights');
  const weights = given === null ? null : await loadWeights(given, graph);
  const seed = options.wholeNumber('seed', 0) ?? weights?.metadata.seed ?? 0;
  const schemaPath = besideConfig(run.path, run.config.train_data.seg_dense_schema.schema_path);
  return {
    graph,
    config: run.config,
    configText: run.text,
    schemaText: await readText(schemaPath),
    data,
    partitions,
    state: weights?.model ?? initialState(graph, seed),
    app: appVersion(),
    step: weights?.metadata.step ?? 0,
    seed,
    manifest: null,
  };
}
