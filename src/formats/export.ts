/** A model in a form that leaves this program: one function for the terminal, a worker and the page's menu. */
import { textFile } from './export-file.ts';
import type { ExportFile } from './export-file.ts';
import { writeOnnx } from './onnx/onnx.ts';
import { pytorchFiles } from './pytorch/pytorch.ts';
import type { SettingsInput } from './pytorch/settings-source.ts';
import { referenceFiles } from './reference/reference.ts';
import { writeSafetensors } from './safetensors.ts';
import { signedFile } from './signature.ts';
import type { StateDict } from './state-dict.ts';

export type { ExportFile } from './export-file.ts';

export const EXPORT_FORMATS = ['pytorch', 'onnx', 'reference'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What every format is made from. All of it crosses a worker's boundary. */
export interface ExportInput extends SettingsInput {
  /** The configuration's text. */
  readonly configText: string;
  /** The data schema's text (JSON). */
  readonly schemaText: string;
  /** Every parameter and buffer of the graph. */
  readonly state: StateDict;
  /** Version of the program that they come from. */
  readonly app: string;
  /** Steps that the weights were trained. */
  readonly step: number;
  /** The run's manifest as text, where the weights come from a run. */
  readonly manifest: string | null;
}

/**
 * The files of one format: `pytorch` and `reference` a folder, `onnx` one file. Data files are the caller's to add.
 * @throws OnnxError when the state does not fit the graph; RangeError when a group has no learning rate; ReferenceError
 * naming the key that the reference can't train.
 */
export function exportFiles(format: ExportFormat, input: ExportInput): ExportFile[] {
  return filesOf(format, input).map((file) => signedFile(file, input.app));
}

function filesOf(format: ExportFormat, input: ExportInput): ExportFile[] {
  const { graph, state, configText, step, seed, app, manifest } = input;
  const metadata = {
    format: 'heavy-ranker-playground',
    app,
    config: configText,
    step: String(step),
    seed: String(seed),
  };
  switch (format) {
    case 'pytorch': {
      const path = schemaFile(input.data.config.seg_dense_schema.schema_path);
      const weights = writeSafetensors(state, metadata);
      return pytorchFiles({ ...input, schema: textFile(path, input.schemaText), weights });
    }
    case 'reference':
      return referenceFiles({ ...input, weights: writeSafetensors(state, metadata) });
    case 'onnx':
      return [
        {
          path: 'model.onnx',
          bytes: writeOnnx({
            graph,
            state,
            metadata: manifest === null ? metadata : { ...metadata, manifest },
          }),
        },
      ];
  }
}

/** Where the schema goes: where config.yaml names it, unless that lies outside the folder. */
function schemaFile(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  const inside = !/^([\\/]|[A-Za-z]:)/.test(path) && !parts.includes('..');
  return inside ? parts.join('/') : (parts.at(-1) ?? 'segdense.json');
}
