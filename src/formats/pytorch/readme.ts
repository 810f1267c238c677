/** The README of an exported PyTorch folder. */
import type { ModelGraph } from '../../graph/graph.ts';

export interface ReadmeInput {
  readonly graph: ModelGraph;
  readonly step: number;
  readonly batchSize: number;
  readonly schemaFile: string;
  readonly hasManifest: boolean;
}

export function readmeText({ graph, step, batchSize, schemaFile, hasManifest }: ReadmeInput): string {
  const parameters = graph.parameters
    .filter(({ trainable }) => trainable)
    .reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0);
  const hasBatchNorm = graph.nodes.some(({ kind }) => kind === 'batch_norm');
  return `# Heavy ranker in PyTorch

Made by the Heavy Ranker Playground: ${parameters.toLocaleString('en')} parameters, ${graph.outputs.length} heads,
weights after ${step} steps. Needs Python 3.8 or newer with torch 1.13 or newer and numpy, nothing else.

\`\`\`
python train.py --data 'data/*.gz' --out run                       # a CPU, or the first GPU
torchrun --nproc_per_node 8 train.py --data 'data/*.gz' --out run  # eight GPUs of one machine
python train.py --data 'data/*.gz' --out run --resume              # go on from the newest checkpoint
python predict.py --data FILE --out predictions.json --weights run/model.safetensors
\`\`\`

On several machines start the same command on each, with \`--nnodes\`, \`--node_rank\` and \`--rdzv_endpoint\` (see
\`torchrun --help\`); --data and --out must be readable from all. torch 1.13 under Python 3.11 needs
\`torchrun --redirects 1 --tee 1 …\`, a bug of that pair.

| option | what it does |
|---|---|
| --steps N | steps to train; num_train_steps of the configuration without it |
| --shuffle false | keep the order of files and records |
| --weights FILE, --weights none | start from other weights, or fresh ones; weights.safetensors without it |
| --device cpu, cuda, cuda:1, mps | where to compute; the GPU where there is one |
| --workers N | processes that read data, for each trainer |
| --eval-data FILES | evaluate every partition of validation_data on these files |
| --amp bf16 | products in bfloat16; weights, moments and losses stay float32 |
| --compile | torch.compile; torch 2.0 or newer |
| --fsdp | parameters and moments in shards over the processes; torch 2.6 or newer, with torchrun |
| --noisy-shifts | train what settings.py calls FROZEN too, rounding noise and all, as the reference does |
| --double | all in float64, to see what rounding does |

## Files

| file | what it is |
|---|---|
| model.py | the model, one nn.Module; its state dict has the reference's names |
| train.py | the loop: schedules, Adam by group, accumulation, checkpoints (state.py, schedules.py, parallel.py) |
| data.py | the data: TFRecord (records.py), tf.Example and preprocessing (examples.py) |
| evaluation.py, metrics.py | RCE, NRCE, AUROC, CTR and pCTR on the partitions of validation_data |
| predict.py | predictions of a file as JSON, as the playground's terminal writes them |
| weights.py | safetensors without the safetensors package |
| weights.safetensors | the weights; run/model.safetensors opens in the playground again |
| settings.py | the configuration, resolved; edit it to change the training |
| config.yaml, ${schemaFile} | the configuration and the data schema as they were |
${hasManifest ? '| manifest.json | what the run was made from |\n' : ''}
## What changes on many devices

Every process reads the same stream and takes its rows of each global batch (${batchSize} examples), so the losses are those of one
process up to rounding: train_data.global_batch_size is the whole batch, not each process's share, and must be a multiple of
their number.${
    hasBatchNorm
      ? ' BatchNorm is the exception: each process normalises by the statistics of its own rows, which is another model for small shares; keep 32 rows a process or more.'
      : ''
  }${' '}downsample_negatives too sees a process's own rows only. Dropout draws other masks than the playground does.
`;
}
