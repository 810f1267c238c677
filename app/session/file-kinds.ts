/** What a file is that a person drops: by its first bytes, by the keys that stand in it, and last by its name. */
import { parse } from 'yaml';
import { decodeText } from '../../src/config/text-file.ts';
import { teacherConfigSchema } from '../../src/data/synthesis/teacher-config.ts';
import { isTfRecordStart } from '../../src/formats/tfrecord.ts';
import { RANKING_FORMAT } from '../../src/runs/bundle-ranking.ts';
import { MANIFEST_FORMAT } from '../../src/runs/new-manifest.ts';
import { fileTexts } from '../texts/files.ts';

export type FileKind = keyof typeof fileTexts.kinds;

/** A file by its kind, or why it has none here. */
export type Sorted = { readonly kind: FileKind } | { readonly refusal: string };

/** Bytes that are looked at of what may be large. */
const HEAD = 1 << 16;
/** Text files above this are none that a person writes; tables are not read whole. */
const MAX_TEXT = 64 << 20;

const TABLE_NAME = /\.(?:csv|tsv|tab|txt|parquet|xlsx?)(?:\.(?:gz|zst))?$/i;
const RECORD_NAME = /tfrecord|\.(?:gz|zlib)$|part-\d+/i;

/** What begins otherwise than any kind here, and is dropped by mistake. */
const FOREIGN: readonly (readonly [string, keyof typeof fileTexts.foreign])[] = [
  ['\x89PNG', 'picture'],
  ['\xff\xd8\xff', 'picture'],
  ['GIF8', 'picture'],
  ['RIFF', 'pictureOrSound'],
  ['%PDF', 'pdf'],
  ['\x7fELF', 'program'],
  ['SQLite format 3', 'database'],
];

export async function kindOf(file: File): Promise<Sorted> {
  if (file.size === 0) return { refusal: fileTexts.isEmpty };
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  } catch (error) {
    return { refusal: fileTexts.cannotRead(error instanceof Error ? error.message : String(error)) };
  }
  const starts = (text: string): boolean =>
    text.split('').every((char, i) => bytes[i] === char.charCodeAt(0));
  if (starts('PK\x03\x04')) return { kind: TABLE_NAME.test(file.name) ? 'table' : 'bundle' };
  if (starts('PAR1')) return { kind: 'table' };
  if (starts('\x93NUMPY')) return { kind: 'masks' };
  if (isSafetensors(bytes, file.size)) return { kind: 'weights' };
  const foreign = FOREIGN.find(([start]) => starts(start));
  if (foreign) return { refusal: fileTexts.isForeign(fileTexts.foreign[foreign[1]], wanted()) };
  if (starts('\x1f\x8b')) return { kind: TABLE_NAME.test(file.name) ? 'table' : 'records' };
  if (isTfRecordStart(bytes)) return { kind: 'records' };
  // A table's own reader knows its encodings.
  if (TABLE_NAME.test(file.name) && !(/\.txt$/i.test(file.name) && !hasCells(bytes)))
    return { kind: 'table' };
  return textKind(file, bytes);
}

/** Whether text, of whatever encoding, may be rows with cells: more than one line, and in the first, if no remark, what parts cells. */
function hasCells(bytes: Uint8Array): boolean {
  const [first = '', ...more] = new TextDecoder('latin1').decode(bytes).trim().split('\n');
  return more.length > 0 && /[,;\t|]/.test(first) && !first.startsWith('#');
}

/** Nothing tells of a safetensors file but the length of its header and the brace behind it. */
function isSafetensors(bytes: Uint8Array<ArrayBuffer>, size: number): boolean {
  if (bytes.length < 10 || bytes[8] !== 0x7b) return false;
  const length = new DataView(bytes.buffer).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(size - 8);
}

async function textKind(file: File, head: Uint8Array): Promise<Sorted> {
  const isText = !('problem' in decodeText(wholeCharacters(head)));
  if (!isText || file.size > MAX_TEXT) {
    if (RECORD_NAME.test(file.name)) return { kind: 'records' };
    if (/\.safetensors$/i.test(file.name)) return { kind: 'weights' };
    return { refusal: fileTexts.nothingReads(wanted()) };
  }
  const decoded = decodeText(new Uint8Array(await file.arrayBuffer()));
  if ('problem' in decoded) return { refusal: decoded.problem };
  const { text } = decoded;
  if (/^\s*(?:[[{]|window\.YTD)/.test(text)) return jsonKind(file.name, text);
  return yamlKind(file.name, text);
}

/** Without a character that the head cuts in two. */
function wholeCharacters(head: Uint8Array): Uint8Array<ArrayBuffer> {
  let end = head.length;
  if (end === HEAD) while (end > HEAD - 4 && ((head[end - 1] ?? 0) & 0xc0) === 0x80) end--;
  return new Uint8Array(end === head.length ? head : head.slice(0, end - 1));
}

function jsonKind(name: string, text: string): Sorted {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (/\.jsonl$/i.test(name)) return { refusal: fileTexts.isMetrics };
    // Flow YAML begins alike; whoever reads it says where it breaks.
    return /\.ya?ml$/i.test(name) ? yamlKind(name, text) : { kind: 'tweets' };
  }
  if (Array.isArray(value)) {
    const isSteps = value.length > 0 && value.every((entry) => isRecord(entry) && 'constants' in entry);
    return { kind: isSteps ? 'heuristics' : 'tweets' };
  }
  if (!isRecord(value)) return { refusal: fileTexts.oneValue(wanted()) };
  if (value['format'] === RANKING_FORMAT) return { kind: 'ranking' };
  if (value['format'] === MANIFEST_FORMAT || 'recipe' in value) return { kind: 'manifest' };
  if ('schema' in value) return { kind: 'schema' };
  if ('heads' in value && 'columns' in value) {
    return { refusal: fileTexts.isColumns };
  }
  if ('weights' in value) return { kind: 'scoreWeights' };
  if ('model' in value || 'train_data' in value) return { kind: 'config' };
  if ('step' in value && 'loss' in value) return { refusal: fileTexts.isMetrics };
  return { kind: 'tweets' };
}

const TEACHER_KEYS = Object.keys(teacherConfigSchema.shape);

function yamlKind(name: string, text: string): Sorted {
  let value: unknown = null;
  try {
    value = parse(text, { merge: true, maxAliasCount: 100, logLevel: 'silent' });
  } catch {
    // Whoever reads it says where it breaks.
  }
  const keys = isRecord(value) ? Object.keys(value) : [];
  if (keys.includes('model') || keys.includes('train_data')) return { kind: 'config' };
  if (keys.includes('weights')) return { kind: 'scoreWeights' };
  if (keys.some((key) => TEACHER_KEYS.includes(key))) return { kind: 'teacher' };
  // Broken or empty, it is one that is being written; a word or a list is none.
  if (/\.ya?ml$/i.test(name) && (value === null || isRecord(value))) return { kind: 'config' };
  return { refusal: fileTexts.foreignText(wanted()) };
}

/** What the page reads, as a sentence. */
export function wanted(): string {
  return fileTexts.wanted(Object.values(fileTexts.kinds).join(', '));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
