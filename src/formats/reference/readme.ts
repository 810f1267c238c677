/** The README of a folder for the reference. */
export function referenceReadme(): string {
  return `# For the reference's own training

Made by the Heavy Ranker Playground for \`projects/home/recap\` of twitter/the-algorithm-ml. In its environment (see its
README: Linux, Python 3.10, its requirements, \`tml\` importable), from this folder:

\`\`\`
torchrun --standalone --nnodes 1 --nproc_per_node 1 to_reference.py --config_path config.yaml
torchrun --standalone --nnodes 1 --nproc_per_node 1 PATH/projects/home/recap/main.py --config_path config.yaml
\`\`\`

The first makes \`checkpoint/0\` from weights.safetensors; the second warm-starts from it (\`initial_checkpoint_dir\`) and
writes to \`runs\`. Use the same number of processes for both. Paths in config.yaml are relative to this folder.

| file | what it is |
|---|---|
| config.yaml | the configuration as the reference's parser takes it: no nulls, no variables |
| segdense.json, masks/ | the data schema, and masks where the configuration has them |
| data/*.gz | TFRecords, each file gzip-compressed as the reference opens it; put yours here |
| weights.safetensors | the weights, under the reference's names |
| to_reference.py, weights.py | weights to a checkpoint |

**Labels.** The reference stacks labels in the order of \`train_data.tasks\` and reads them in the order of \`model.tasks\`. In
config.yaml the model's tasks come first and in the model's order, so that each head gets its own label; keep it so.

**Ramps.** The reference counts learning rates from 0 again, whatever the weights' step was, and has fresh moments. It reads no
validation_data and computes no metric.
`;
}
