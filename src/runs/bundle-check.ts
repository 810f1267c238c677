/** What a file of a run must be before a bundle takes it in: read once, in pieces, so that size is no matter. */
import { BACKBONE_GROUP } from '../graph/graph.ts';
import { BundleError } from './bundle-error.ts';
import type { RunManifest } from './manifest.ts';
import { MetricsLineError, parseStepLine } from './metrics-lines.ts';
import { openRecipe } from './recipe.ts';
import { MAX_HEADER, wholeSize } from './run-checkpoints.ts';
import { statusSchema } from './run-folder.ts';

const MAX_JSON = 1 << 26;
const MAX_LINE = 1 << 24;
const NEWLINE = 10;
const EXPORT_AGAIN = 'Export the run again.';

type Pieces = AsyncIterable<Uint8Array>;

/** @throws BundleError naming the file for what no run folder would hold. */
export async function checkRunFile(
  name: string,
  size: number,
  pieces: Pieces,
  manifest: RunManifest,
): Promise<void> {
  if (name.endsWith('.safetensors')) return checkSafetensors(name, size, pieces);
  if (name === 'metrics.jsonl') {
    const { tasks } = openRecipe(manifest.recipe);
    const names = { tasks, groups: [BACKBONE_GROUP, ...tasks] };
    return checkLines(name, pieces, (line, number) => void parseStepLine(line, number, names));
  }
  if (name === 'evaluations.jsonl') return checkLines(name, pieces, checkEvaluation);
  const text = await textOf(name, pieces);
  if (name === 'status.json' && !statusSchema.safeParse(jsonOf(text)).success) {
    throw new BundleError(name, `it does not say where the run stands. ${EXPORT_AGAIN}`);
  }
}

/** @throws BundleError when it is longer than any such file. */
export async function textOf(name: string, pieces: Pieces): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of pieces) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > MAX_JSON)
      throw new BundleError(name, `it is longer than any such file. ${EXPORT_AGAIN}`);
  }
  return text + decoder.decode();
}

async function checkLines(
  name: string,
  pieces: Pieces,
  check: (line: string, number: number) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = new Uint8Array(0);
  let number = 0;
  for await (const piece of pieces) {
    const bytes = new Uint8Array(rest.length + piece.length);
    bytes.set(rest);
    bytes.set(piece, rest.length);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      try {
        check(decoder.decode(bytes.subarray(start, end)), ++number);
      } catch (error) {
        if (error instanceof MetricsLineError) throw new BundleError(name, error.message);
        throw error;
      }
      start = end + 1;
    }
    rest = bytes.slice(start);
    if (rest.length > MAX_LINE) {
      throw new BundleError(name, `line ${number + 1} is longer than any such line. ${EXPORT_AGAIN}`);
    }
  }
}

function checkEvaluation(line: string, number: number): void {
  const event = jsonOf(line) as Readonly<Record<string, unknown>> | null;
  const isEvent =
    typeof event === 'object' &&
    event !== null &&
    Number.isSafeInteger(event['step']) &&
    typeof event['partition'] === 'string' &&
    Array.isArray(event['tasks']);
  if (!isEvent)
    throw new BundleError('evaluations.jsonl', `line ${number} is no evaluation. ${EXPORT_AGAIN}`);
}

async function checkSafetensors(name: string, size: number, pieces: Pieces): Promise<void> {
  let head = new Uint8Array(0);
  let wanted = 8;
  for await (const piece of pieces) {
    if (head.length >= wanted) continue;
    const grown = new Uint8Array(head.length + piece.length);
    grown.set(head);
    grown.set(piece, head.length);
    head = grown;
    if (wanted === 8 && head.length >= 8) {
      const length = Number(new DataView(head.buffer).getBigUint64(0, true));
      wanted = 8 + Math.min(length, MAX_HEADER + 1);
    }
  }
  if (wanted === 8 || wanted > 8 + MAX_HEADER || head.length < wanted) {
    throw new BundleError(name, `it is no whole safetensors file. ${EXPORT_AGAIN}`);
  }
  const whole = wholeSize(head.subarray(8, wanted));
  if (whole === size) return;
  throw new BundleError(
    name,
    whole === null
      ? `its header can't be read. ${EXPORT_AGAIN}`
      : `it has ${size} bytes, its header says ${whole}: it was cut off. ${EXPORT_AGAIN}`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
