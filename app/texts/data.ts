/** Texts of the data panel. */
import { texts } from './language.ts';
import { plural } from './plural.ts';

const rowForms = { one: '# row', other: '# rows' };

export const dataTexts = texts('data', {
  title: 'Data',
  source: 'Source',
  sources: {
    synthetic: (teacher: string) => `Synthetic · ${teacher}`,
    uniform: 'Uniform random',
    table: 'Own table (CSV, Parquet)',
    files: 'Own TFRecord files',
  },
  examples: 'Examples',
  noEnd: 'No end',
  seed: 'Data seed',
  uniformAbout: 'Features and labels drawn evenly, as the published code does. There is nothing to learn.',
  rawLabels: 'Labels 0 to 9, as the published code writes them',
  explore: 'Explore',
  exploreTitle: 'The data from close by',
  teacherSettings: 'Teacher settings',
  loading: 'Loading…',
  lastValidUsed: (problems: number) =>
    `${plural(problems, { one: '# problem', other: '# problems' })}: the last valid settings are used`,
  asInPreset: 'as in the preset',
  changes: (changes: readonly string[]) =>
    `${plural(changes.length, { one: '# change', other: '# changes' })}: ${changes.join(', ')}`,
  counting: 'Counting labels…',
  countsAppear: 'Label counts appear here.',
  positivesAmong: (examples: string) => `Positives among ${examples} examples`,
  positivesAbout:
    'Of the first examples of the stream. The bars are on a logarithmic scale from 0.01 % to 100 %.',
  shareByLabel: 'Share of positives by label',
  noneYet: 'none yet',
  export: 'Export TFRecord',
  exportProgress: 'Export progress',
  cancelExport: 'Cancel export',
  cancel: 'Cancel',
  absent: 'The table is not at hand: choose it first',
  exportTable: (rows: number | null) =>
    `Writes the rows to train on${rows === null ? '' : ` (${plural(rows, rowForms)})`} and the held-out ones as gzip-compressed TFRecord files`,
  exportExamples: (examples: string) => `Writes ${examples} examples as a gzip-compressed TFRecord file`,
});

/** Of the person's own TFRecord files. */
export const ownFilesTexts = texts('ownFiles', {
  choose: 'Choose files',
  chooseHint: 'Choose TFRecord files',
  dropHere:
    'or drop them here: {TFRecord} (.tfrecord.gz), and a data schema (.json) or masks of columns (.npy) if they are your own',
  file: (name: string, size: string) => `${name}, ${size}`,
  schema: (name: string) => `schema ${name}`,
  mask: (name: string) => `mask ${name}`,
  heldOut: (every: number) => `One record in ${every} is kept out of training and used for evaluation.`,
  reading: (done: string) => `Reading ${done}`,
  readingOf: (done: string, total: string, share: string) => `Reading ${done} of ${total}, ${share}`,
  progress: 'Reading progress',
  cancelReading: 'Cancel reading',
  cancel: 'Cancel',
  remark: 'These files are read with a remark.',
  leftOut: (records: number) =>
    `${plural(records, { one: '# bad record', other: '# bad records' })} left out, because of ignore_data_errors.`,
  lastOne: (message: string) => `The last one, while training: ${message}`,
  whichOnes: 'Which ones',
  badRecords: 'Bad records',
  badRecord: (file: string, record: string, offset: string, message: string) =>
    `${file}, record ${record} at byte ${offset}: ${message}`,
  andMore: (more: string) => `and ${more} more`,
});

/** Of the person's own table, where it is in use. */
export const ownTableTexts = texts('ownTable', {
  title: 'Own table',
  choose: 'Choose table',
  chooseHint: 'Choose a table',
  dropHere: 'or drop a CSV or Parquet file here',
  notAtHand: (name: string, size: string) =>
    `${name} (${size}) is not at hand: choose it, browsers keep no access to files`,
  file: (name: string, size: string) => `${name}, ${size}`,
  columns: 'Columns',
  counts: (train: string, heldOut: string) =>
    `${train} rows to train on, ${heldOut} held out for evaluation.`,
  countsWithGaps: (train: string, heldOut: string, dropped: string) =>
    `${train} rows to train on, ${heldOut} held out for evaluation, ${dropped} left out for missing values.`,
  predicted: (rows: number) => `${plural(rows, rowForms)} predicted.`,
  predictedWithGaps: (rows: number, empty: string) =>
    `${plural(rows, rowForms)} predicted, ${empty} left empty for a missing value.`,
  cancelPredicting: 'Cancel predicting',
  predict: 'Predict a table',
  predictHint: 'Choose a table to predict: its rows come back with a probability for each head',
  loading: 'Loading…',
});
