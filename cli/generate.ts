/** `generate`: draws examples and writes them as a gzip-compressed TFRecord file. */
import type { SourceKind } from '../src/data/open-source.ts';
import { openRawBlocks, TeacherCache } from '../src/data/open-source.ts';
import { writeTfRecords } from '../src/data/tfrecord-source.ts';
import { chunksOf } from '../src/formats/gzip.ts';
import { MAX_SEED } from '../src/runs/new-manifest.ts';
import type { Command, Options } from './command.ts';
import { UsageError } from './command.ts';
import { withOutputs } from './output.ts';
import { Progress } from './progress.ts';
import { loadConfig, loadSection } from './run-config.ts';
import { DRAW_OPTIONS, drawnData } from './run-data.ts';
import { appVersion } from './version.ts';

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
    ...DRAW_OPTIONS,
  ],
  run: (options) => runGeneration(options),
};

async function runGeneration(options: Options): Promise<void> {
  const examples = options.wholeNumber('examples', 1);
  const drawn = await drawnData(options);
  if (examples === null || !drawn) throw new UsageError('--examples is missing; see --help.');
  const seed = options.wholeNumber('seed', 0, MAX_SEED) ?? 0;
  const run = await loadConfig(options.required('config'));
  const { plan, masks } = await loadSection(run, run.config.train_data, ['train_data']);
  const source: SourceKind =
    drawn.kind === 'teacher'
      ? { kind: 'teacher', seed, teacher: drawn.settings }
      : { kind: 'uniform', seed, rawLabels: drawn.labels === 'raw' };
  const progress = new Progress();
  const blocks = openRawBlocks(
    {
      source,
      data: run.config.train_data,
      schema: plan.schema,
      tasks: run.tasks,
      masks,
      split: 'train',
      examples,
    },
    new TeacherCache(),
  );
  await withOutputs(async (outputs) => {
    const file = await outputs.open(options.required('out'));
    const stream = writeTfRecords(blocks, {
      app: appVersion(),
      onProgress: (done) => progress.update(() => `${done.examples}/${examples} examples written`),
    });
    for await (const chunk of chunksOf(stream)) await file.write(chunk);
    progress.note(`${examples} examples written to ${file.path}.`);
  });
}
