/** Texts of the weights panel: the run's weights, checkpoints and metrics, out and in. */
import { texts } from './language.ts';

export const weightsPanelTexts = texts('weightsPanel', {
  title: 'Weights and metrics',
  weights: 'Weights, {safetensors}',
  exportWeights: 'Export weights',
  export: 'Export',
  exportCheckpoint: 'Export checkpoint',
  import: 'Import',
  importHint: 'Import weights or a checkpoint',
  elsewhere: 'To go on elsewhere',
  madeFrom: 'What the run is made from',
  saveManifest: 'Save manifest',
  openManifest: 'Open manifest',
  openManifestHint: "Open a run's manifest",
  metrics: 'Metrics of each step',
  exportAs: (format: string) => `Export as ${format}`,
  formats: {
    pytorch: {
      name: 'PyTorch',
      hint: 'A folder (zip) with model.py, train.py and predict.py: trains on as many GPUs as you have',
    },
    onnx: { name: 'ONNX', hint: 'One file that predicts in any ONNX runtime' },
    reference: {
      name: 'Reference',
      hint: "A folder (zip) that twitter/the-algorithm-ml's own training warm-starts from",
    },
  },
  downloadMetrics: (format: string) => `Download metrics as ${format}`,
  checkpoints: 'Checkpoints',
  noCheckpoints: 'The first is kept as the run trains.',
  step: 'Step',
  loss: 'Loss',
  goBack: 'Go back',
  goBackTo: (step: string) => `Go back to step ${step}`,
  branch: 'Branch from here',
  branchFrom: (step: string) => `Branch from step ${step}`,
});
