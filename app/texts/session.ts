/** What the page says of files, links and data that it can't use, and why something can't be done now. */
import { count } from '../format.ts';
import { texts } from './language.ts';
import { plural } from './plural.ts';

export const sessionTexts = texts('session', {
  couldNotMake: (run: string, why: string) => `${run} could not be made: ${why}`,
  seeAbove: 'see above.',
  otherRunOpened: 'Another run was opened: the sweep ends here.',
  noRun: 'There is no run yet.',
  runNotMade: 'The run could not be made.',
  runFailed: 'The run failed.',
  fromStep: (run: string, step: number) => `${run}, from step ${count(step)}`,
  fromFile: (file: string) => `From ${file}`,
  cancelled: 'Cancelled.',
  replaced: 'Replaced by a newer question.',
  readingCancelled:
    'Reading was cancelled, so labels are not counted. The files can be trained on all the same.',
  schemaOfTable: (schema: string, table: string, own: string) =>
    `The configuration's schema_path names ${schema}, the data is the table ${table}. Use the configuration that was made from it, or write ${own}; or choose another source of data.`,
  schemaMissing: (schema: string, known: string) =>
    `The configuration's schema_path names ${schema}. Drop that file on the data panel, or use ${known}.`,
  or: (names: readonly string[]) => names.join(' or '),
  chooseFiles: 'Choose TFRecord files on the data panel first.',
  chooseTable: 'Choose a CSV or Parquet file on the data panel first.',
  chooseAgain: (file: string, size: number) =>
    `Choose ${file} (${count(size)} bytes) on the data panel: browsers keep no access to files.`,
  fileOfSize: (file: string, size: number) => `${file} (${count(size)} bytes)`,
  runReads: (files: string) =>
    `This run reads ${files}: choose that on the data panel first, browsers keep no access to files.`,
  otherContent: (file: string) =>
    `${file} is not the file that this run was made from: its content differs. Choose that one on the data panel, or begin a new run.`,
  otherContentOpened: (file: string) => `${file} is not the file that the opened run was made from:`,
  otherContentAbout:
    'its content differs, so a run of it will be another. Choose that one to have the same again.',
  chooseTheTable: 'Choose the table first.',
  notOfTable: 'The run was not made from a table. Train on one first.',
  labClosed: 'The lab was closed.',
  noModelToAsk: 'There is no run yet, so there is no model to ask.',
  modelViewClosed: 'The view of the model was closed.',
  chartsHold: (runs: number) => `Charts hold ${runs} runs: take one away first.`,
  initialNotPredicted: 'The initial weights of this run have not been predicted with.',
  nothingTrained: 'Nothing is trained yet: press Train.',
  ownTweet: 'A tweet of my own.',
  ownTweetAuthor: 'You',
  pretrainedSettings: 'The settings of the pretrained weights cannot be read.',
  pretrainedConfig: 'The configuration of the pretrained weights cannot be read.',
  pretrainedWorker: 'What predicts with the pretrained weights did not load: reload the page.',
  pretrainedReading: 'The pretrained weights are being read.',
  pretrainedMisfit: (preset: string, key: string, more: number) =>
    more === 0
      ? `The pretrained weights are of the model in ${preset}; ${key} differs here.`
      : `The pretrained weights are of the model in ${preset}; ${key} and ${plural(more, {
          one: '# more key',
          other: '# more keys',
        })} differ here.`,
  pretrainedNotFetched: (status: number) => `The pretrained weights could not be fetched (${status}).`,
});
