/**
 * A model and its training as a folder of Python: readable model.py from the graph, settings.py from the configuration,
 * and scripts that are the same for every model. Needs torch and numpy where it runs.
 */
import { textFile } from '../export-file.ts';
import type { ExportFile } from '../export-file.ts';
import { modelSource } from './model-source.ts';
import { readmeText } from './readme.ts';
import { CONFIG_FILE, settingsSource } from './settings-source.ts';
import type { SettingsInput } from './settings-source.ts';
import { dataPy } from './templates/data.ts';
import { evaluationPy } from './templates/evaluation.ts';
import { examplesPy } from './templates/examples.ts';
import { metricsPy } from './templates/metrics.ts';
import { parallelPy } from './templates/parallel.ts';
import { predictPy } from './templates/predict.ts';
import { recordsPy } from './templates/records.ts';
import { schedulesPy } from './templates/schedules.ts';
import { statePy } from './templates/state.ts';
import { trainPy } from './templates/train.ts';
import { weightsPy } from './templates/weights.ts';

export interface PytorchInput extends SettingsInput {
  /** The configuration's text. */
  readonly configText: string;
  /** The data schema's text, and where config.yaml looks for it, relative to itself. */
  readonly schema: ExportFile;
  /** The weights as safetensors, with the configuration, the step and the seed in their metadata. */
  readonly weights: Uint8Array<ArrayBuffer>;
  /** Steps that the weights were trained. */
  readonly step: number;
  /** The run's manifest, where the weights come from a run. */
  readonly manifest: string | null;
}

/** @throws RangeError when a group has no learning rate (the configuration's schema lets none through). */
export function pytorchFiles(input: PytorchInput): ExportFile[] {
  const { graph, data, schema, manifest, step } = input;
  const readme = readmeText({
    graph,
    step,
    batchSize: data.config.global_batch_size,
    schemaFile: schema.path,
    hasManifest: manifest !== null,
  });
  return [
    textFile('README.md', readme),
    textFile('model.py', modelSource(graph)),
    textFile('settings.py', settingsSource(input)),
    textFile('train.py', trainPy),
    textFile('parallel.py', parallelPy),
    textFile('state.py', statePy),
    textFile('schedules.py', schedulesPy),
    textFile('data.py', dataPy),
    textFile('records.py', recordsPy),
    textFile('examples.py', examplesPy),
    textFile('evaluation.py', evaluationPy),
    textFile('metrics.py', metricsPy),
    textFile('predict.py', predictPy),
    textFile('weights.py', weightsPy),
    { path: 'weights.safetensors', bytes: input.weights },
    textFile(CONFIG_FILE, input.configText),
    schema,
    ...(manifest === null ? [] : [textFile('manifest.json', manifest)]),
  ];
}
