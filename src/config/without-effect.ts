/**
 * Keys that are read, kept, and change nothing here, or only in the terminal: each says at its line what happens
 * instead. When one of them gets an effect, its entry goes.
 */
import { DATA_SECTIONS, matches, under } from './unsupported.ts';
import type { Pattern } from './unsupported.ts';
import type { PathProblem } from './messages.ts';
import type { YamlValue } from './yaml-tree.ts';

interface WithoutEffect {
  readonly at: readonly Pattern[];
  /** A warning where a person waits for something that will not come. */
  readonly severity: 'info' | 'warning';
  readonly message: string;
  /** The value that has no effect; any by default. */
  readonly value?: YamlValue;
}

const noEffect = (at: readonly Pattern[], key: string, instead: string): WithoutEffect => ({
  at,
  severity: 'info',
  message: `${key} has no effect here: ${instead}.`,
});
const onData = (key: string, instead: string): WithoutEffect =>
  noEffect(under(DATA_SECTIONS, key), key, instead);
const onTraining = (key: string, instead: string): WithoutEffect =>
  noEffect([['training', key]], key, instead);
/** The page takes its examples from the data panel whatever the text says; of `inputs` everybody knows. */
const terminalInputs = (key: string): WithoutEffect => ({
  at: under(DATA_SECTIONS, key),
  severity: 'info',
  message: `Only the terminal reads the folders of ${key}: on the page, choose the files on the data panel.`,
});

const WITHOUT_EFFECT: readonly WithoutEffect[] = [
  onTraining('save_dir', 'a page writes no files unasked, and the terminal writes to --out'),
  {
    at: [['training', 'initial_checkpoint_dir']],
    severity: 'warning',
    message: 'Only the terminal reads initial_checkpoint_dir: on the page, import the weights as a file.',
  },
  onTraining('eval_timeout_in_s', 'evaluations run between training steps, so nothing waits for them'),
  noEffect([['which_metrics']], 'which_metrics', 'every evaluation gives all metrics'),
  terminalInputs('explicit_datetime_inputs'),
  terminalInputs('explicit_date_inputs'),
  onData('file_batch_size', 'records are read one by one as they stream in'),
  {
    ...onData(
      'repeat_files',
      'training begins again at the end of the files whatever it says, as in the reference',
    ),
    value: false,
  },
  onData('cache', 'examples are streamed, and read again in each round'),
  onData('data_service_dispatcher', 'there is no data service, one worker reads the data'),
  onData('dataset_service_compression', 'there is no data service, so nothing is sent'),
  onData('map_num_parallel_calls', 'one worker parses the records'),
  onData('interleave_num_parallel_calls', 'files are read one after another'),
];

/** One note for each use of a key without effect. `raw` is the plain value of the YAML. */
export function withoutEffectProblems(raw: YamlValue): PathProblem[] {
  return WITHOUT_EFFECT.flatMap(({ at, severity, message, value: only }) =>
    at
      .flatMap((pattern) => matches(raw, pattern))
      .filter(({ value }) => value !== null && (only === undefined || value === only))
      .map(({ path }): PathProblem => ({ severity, path, message, place: 'key' })),
  );
}
