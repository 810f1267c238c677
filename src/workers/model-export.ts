/** A run's weights as a file for elsewhere. Apart, because the page may never be asked for one. */
import { exportFiles } from '../formats/export.ts';
import { writeZip } from '../formats/zip.ts';
import { exportInput } from '../runs/export-input.ts';
import { runModel } from '../runs/run-model.ts';
import { importWeights } from '../training/checkpoint.ts';
import type { ExportedModel, RunsProtocol } from './runs-protocol.ts';

/** @throws StateDictError, SafetensorsError, and what exportFiles throws where a format can't hold the model. */
export async function exportModel({
  format,
  manifest,
  weights,
}: RunsProtocol['requests']['exportModel']['params']): Promise<ExportedModel> {
  const made = runModel(manifest.recipe);
  const { model, metadata } = importWeights(new Uint8Array(await weights.arrayBuffer()), made.graph);
  const step = metadata.step ?? 0;
  const files = exportFiles(format, exportInput(manifest, made, model, step));
  const [only] = files;
  const name = `model-step-${step}`;
  if (format === 'onnx' && only) {
    return { name: `${name}.onnx`, file: new Blob([only.bytes], { type: 'application/octet-stream' }) };
  }
  const folder = `${name}-${format}`;
  return {
    name: `${folder}.zip`,
    file: new Blob([writeZip(files, folder)], { type: 'application/zip' }),
  };
}
