/** The `train_data` section and each partition of `validation_data`. */
import { z } from '../zod.ts';
import {
  count,
  defaulted,
  exactlyOneOf,
  flag,
  index,
  optional,
  required,
  rule,
  size,
  text,
} from './fields.ts';
import { CALENDAR_EXAMPLES, readCalendar } from './calendar.ts';
import type { CalendarUnit } from './calendar.ts';
import { preprocessSchema } from './preprocess.ts';

const downsamplingRate = () => z.number().positive().max(1);

export const taskDataSchema = z.strictObject({
  pos_downsampling_rate: defaulted(downsamplingRate(), 1, 'Share of the positive examples kept in the data.'),
  neg_downsampling_rate: defaulted(downsamplingRate(), 1, 'Share of the negative examples kept in the data.'),
});
export type TaskDataConfig = z.output<typeof taskDataSchema>;

export const segDenseSchemaSchema = z.strictObject({
  schema_path: required(text(), 'Data schema (JSON): type and length of every feature.'),
  features: defaulted(z.array(text()), [], 'More features to read, under their own names.'),
  renamed_features: defaulted(
    z.record(z.string(), text()),
    {},
    "The model's tensors (continuous, binary, discrete, user_embedding, …) and the features they come from.",
  ),
  mask_mantissa_features: defaulted(
    z.record(z.string(), z.int().min(0).max(23)),
    {},
    'Mantissa bits to clear per feature, to try lower precision.',
  ),
});
export type SegDenseSchemaConfig = z.output<typeof segDenseSchemaSchema>;

/** Most folders that a section names: eleven years of hours. */
const MAX_FOLDERS = 100_000;
const folders = () => z.int().min(1).max(MAX_FOLDERS);

/** The key's text must be a day or an hour that the calendar has. */
function calendar<T extends z.ZodType>(schema: T, key: string, unit: CalendarUnit): T {
  return rule(schema, ({ [key]: given }, report) => {
    if (typeof given !== 'string' || readCalendar(given, unit) !== null) return;
    report(
      [key],
      `${key} must be ${unit === 'day' ? 'a day' : 'an hour'}, such as ${CALENDAR_EXAMPLES[unit]}.`,
      'value',
    );
  });
}

const explicitDatetimeInputsSchema = calendar(
  z.strictObject({
    data_root: required(
      text(),
      'Folder that the data lies below, in YYYY/MM/DD/HH/*.gz; relative to the configuration.',
    ),
    end_datetime: required(text(), 'Last hour, inclusive: 2023-03-01T05 or 2023/03/01/05.'),
    hours: required(folders(), 'Number of hours, going back from the last.'),
    num_missing_hours_tol: defaulted(index(), 0, 'Hours whose folder may lack data files.'),
  }),
  'end_datetime',
  'hour',
);

const explicitDateInputsSchema = calendar(
  z.strictObject({
    data_root: required(
      text(),
      'Folder that the data lies below, in YYYY/MM/DD/*.gz; relative to the configuration.',
    ),
    end_date: required(text(), 'Last day, inclusive: 2023-03-01 or 2023/03/01.'),
    days: required(folders(), 'Number of days, going back from the last.'),
    num_missing_days_tol: defaulted(index(), 0, 'Days whose folder may lack data files.'),
  }),
  'end_date',
  'day',
);

const samplerSchema = z.strictObject({
  name: required(text(), 'Name of the sampling function.'),
  kwargs: required(z.record(z.string(), z.unknown()), 'Its arguments.'),
});

/** The three ways to name the data's files; exactly one is set. */
export const INPUTS = ['inputs', 'explicit_datetime_inputs', 'explicit_date_inputs'] as const;

const NO_RATES: TaskDataConfig = { pos_downsampling_rate: 1, neg_downsampling_rate: 1 };

const dataFields = z.strictObject({
  inputs: optional(text(), 'Glob of the data files (gzip-compressed TFRecords).'),
  explicit_datetime_inputs: optional(explicitDatetimeInputsSchema, 'Data files by hour.'),
  explicit_date_inputs: optional(explicitDateInputsSchema, 'Data files by day.'),
  global_batch_size: required(size(), 'Examples in a batch.'),
  num_files_to_keep: optional(count(), 'Files to read; all when absent.'),
  repeat_files: defaulted(flag(), true, 'Start again at the end of the files.'),
  file_batch_size: defaulted(count(), 16, 'Examples per read.'),
  cache: defaulted(flag(), false, 'Keep the parsed data in memory.'),
  data_service_dispatcher: optional(text(), 'Address of a data service.'),
  ignore_data_errors: defaulted(flag(), false, 'Skip records that cannot be read.'),
  dataset_service_compression: optional(z.enum(['AUTO']), "Compression of the data service's traffic."),
  examples_shuffle_buffer_size: defaulted(index(), 1024, 'Examples to shuffle among.'),
  map_num_parallel_calls: optional(count(), 'Parallel parsers.'),
  interleave_num_parallel_calls: optional(count(), 'Files read at once.'),
  seg_dense_schema: required(segDenseSchemaSchema, 'The data schema and the names of the tensors.'),
  tasks: required(
    z.record(z.string(), defaulted(taskDataSchema, NO_RATES, 'Downsampling rates of one label.')),
    'The labels in the data; matched with the model by name.',
  ),
  evaluation_tasks: defaulted(
    z.array(text()),
    [],
    'Tasks whose metrics this partition gives; all when empty.',
  ),
  preprocess: optional(preprocessSchema, 'What happens to a batch before the model sees it.'),
  sampler: optional(samplerSchema, 'Deprecated: a sampling function for experiments.'),
});

export const dataSchema = rule(
  exactlyOneOf(dataFields, INPUTS, 'The input'),
  ({ tasks, evaluation_tasks: evaluated }, report) => {
    if (typeof tasks !== 'object' || tasks === null || !Array.isArray(evaluated)) return;
    const names = Object.keys(tasks);
    evaluated.forEach((task: unknown, i) => {
      if (typeof task === 'string' && !names.includes(task)) {
        report(
          ['evaluation_tasks', i],
          `${task} is not among this partition's tasks: add it to tasks or remove it here.`,
          'value',
        );
      }
    });
  },
);
export type DataConfig = z.output<typeof dataSchema>;
