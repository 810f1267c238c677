/** `generate`: draws examples and writes them as a gzip-compressed TFRecord file. */
import { uniformBlocks } from '../src/data/uniform.ts';
import { writeTfRecords } from '../src/data/tfrecord-source.ts';
import { chunksOf } from '../src/formats/gzip.ts';
import type { Command, Options } from './command.ts';
import { CliError } from './command.ts';
import { MODE_OPTION, MODES } from './data.ts';
import { withOutputs } from './output.ts';
import { Progress } from './progress.ts';
import { loadConfig, loadPlan } from './run-config.ts';

export const generate: Command = {
  name: 'generate',
  summary: 'Draws random examples and writes a gzip-compressed TFRecord file.',
  options: [
    {
      name: 'config',
      value: 'FILE',
      help: 'Configuration (YAML), for the features and labels.',
      required: true,
    },
    { name: 'examples', value: 'N', help: 'Examples to write.', required: true },
    { name: 'out', value: 'FILE', help: 'File to write, *.tfrecord.gz.', required: true },
    {
      name: 'seed',
      value: 'S',
      help: 'The same seed gives the same examples as training on them does; 0 by default.',
    },
    MODE_OPTION,
    {
      name: 'labels',
      value: 'binary|raw',
      help: "0 or 1, or the reference's own draw of 0 to 9; binary by default.",
    },
  ],
  run: (options) => runGeneration(options),
};

async function runGeneration(options: Options): Promise<void> {
  const examples = options.wholeNumber('examples', 1);
  if (examples === null) throw new CliError('--examples is missing; see --help.');
  const seed = options.wholeNumber('seed', 0) ?? 0;
  options.oneOf('mode', MODES, 'uniform');
  const labels = options.oneOf('labels', ['binary', 'raw'], 'binary');
  const run = await loadConfig(options.required('config'));
  const plan = await loadPlan(run, run.config.train_data, ['train_data']);
  const progress = new Progress();
  await withOutputs(async (outputs) => {
    const file = await outputs.open(options.required('out'));
    const stream = writeTfRecords(uniformBlocks(plan, { seed, examples, labels }), {
      onProgress: (done) => progress.update(() => `${done.examples}/${examples} examples written`),
    });
    for await (const chunk of chunksOf(stream)) await file.write(chunk);
    progress.note(`${examples} examples written to ${file.path}.`);
  });
}
