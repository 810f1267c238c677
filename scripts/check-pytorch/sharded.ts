/**
 * `torchrun train.py --fsdp` against one process: losses, and evaluations whose last round one process has no batch for.
 * torch before 2.6 cannot shard so, and says it; there a stand-in holds the processes to the same steps.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exported, FIXTURES, launched, lines, refusal, report, run, work, worst } from './tools.ts';

const STAND_IN = fileURLToPath(new URL('./stand-ins/fsdp.py', import.meta.url));

/** @param place a folder with config.yaml and segdense.json, for a model without BatchNorm. */
export async function checkSharded(place: string): Promise<void> {
  const script = join(await exported(join(place, 'config.yaml'), null, 'sharded'), 'train.py');
  const file = join(FIXTURES, 'serial-share-partial', 'data/batches.tfrecord.gz');
  const data = ['--data', file, '--eval-data', file, '--steps', '3', '--shuffle', 'false'];
  const [one, two] = [join(work, 'unsharded-run'), join(work, 'sharded-run')];
  run([script, ...data, '--out', one]);
  // torch 1.13 fails on its own module under Python 3.11.
  const canShard = refusal(['-c', 'from torch.distributed.fsdp import fully_shard']) === 'no error';
  if (!canShard) {
    const said = refusal([...launched(1), script, ...data, '--fsdp', '--out', two]);
    report(
      '--fsdp with an old torch: is not refused by name',
      /needs torch 2\.6 or newer; this is /.test(said) ? 0 : 1,
      0,
    );
    console.log('       (--fsdp by a stand-in that shards nothing: this torch has no fully_shard)');
  }
  const started = canShard ? [script] : [STAND_IN, script];
  run([...launched(2), ...started, ...data, '--fsdp', '--out', two]);
  const losses = (folder: string) => lines(folder).map(({ loss }) => loss);
  report('--fsdp in two processes against one: losses', worst(losses(two), losses(one)), 1e-5);
  report('--fsdp in two processes against one: evaluations', worst(numbers(two), numbers(one)), 1e-4);
}

/** Every number of a run's evaluations, in order. */
function numbers(folder: string): number[] {
  const text = readFileSync(join(folder, 'evaluations.jsonl'), 'utf8');
  const found: number[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'number') found.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  for (const line of text.trim().split('\n')) visit(JSON.parse(line));
  return found;
}
