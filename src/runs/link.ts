/**
 * A link: what a run would be made from, and how it is looked at, in the fragment of an address.
 *
 *     VERSION.PRESET.EDITION.DATA      1.playground.k3Jx0A.7V1Rb9s4…
 *
 * DATA is base64url of four bytes of CRC-32C and a DEFLATE stream. What is compressed is one line of JSON, a newline, and
 * the configuration's text; the preset's text and the settings that links usually hold are the stream's dictionary, so a
 * link holds little more than what differs from them, and gives every character back. EDITION tells the dictionary: with
 * another text under the preset's name the difference means nothing. With the preset `none` a link stands for itself.
 * VERSION 2 has samples of what the ranking's parts hold in its dictionary too; a link without such parts is of version 1.
 */
import { deflateSync, Inflate } from 'fflate';
import { issueSentence } from '../config/issue-words.ts';
import { z } from '../config/zod.ts';
import { teacherPresets } from '../data/synthesis/presets.ts';
import { crc32c } from '../formats/crc32c.ts';
import { recipeSchema } from './manifest.ts';
import type { RunData, RunRecipe, RunSchema } from './manifest.ts';

export const LINK_VERSION = 2;
/** Without samples in the dictionary. */
const PLAIN_VERSION = 1;

/** Longest fragment read, in characters; longer ones no browser's bar and no mail keeps whole. */
export const MAX_LINK = 200_000;
/** Most bytes that a fragment may unpack to. */
const MAX_CONTENT = 4_000_000;
const NO_PRESET = 'none';

const { steps, data, seeds, engine, changes } = recipeSchema.shape;

/** Beside the configuration's text. Parts that the engine does not know are checked by whoever knows them (linkPart). */
const headSchema = z.strictObject({
  steps,
  data,
  seeds,
  engine,
  changes,
  schema: z.string().min(1).meta({ description: "The data schema's name; its features are the program's." }),
  masks: z.array(z.string()).default([]).meta({ description: 'Names of mask files.' }),
  warmStart: z.string().nullable().default(null).meta({ description: 'Name of the weights to begin from.' }),
  view: z.string().max(100).optional().meta({ description: 'Id of the view to open.' }),
  weights: z.unknown().optional().meta({ description: 'Score weights: id of a published set, or a set.' }),
  heuristics: z.unknown().optional().meta({ description: 'Steps after the model, and their constants.' }),
  tweets: z.unknown().optional().meta({ description: 'Edited tweets.' }),
});

/** What a link carries. Files, own schemas, masks and weights are named, never held. */
export type Link = z.output<typeof headSchema> & { readonly config: string };
const PARTS = ['weights', 'heuristics', 'tweets'] as const;
export type LinkPart = (typeof PARTS)[number];

/** Texts of the presets by their name in links; the first one that makes the shortest link is taken. */
export type LinkPresets = ReadonlyMap<string, string>;

/** A link that can't be made or read: what is wrong with it, and the mend. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}

const MANGLED = 'It was cut off or changed on its way: copy it again, whole.';

/** A recipe as a link carries it: no paths, no hashes, no contents of files. */
export function linkOf(recipe: RunRecipe, extras: Partial<Pick<Link, 'view' | LinkPart>> = {}): Link {
  return {
    config: recipe.config,
    steps: recipe.steps,
    data: withoutPaths(recipe.data),
    seeds: recipe.seeds,
    engine: recipe.engine,
    ...(recipe.changes && { changes: recipe.changes }),
    schema: recipe.schema.name,
    masks: recipe.masks.map(({ name }) => name),
    warmStart: recipe.warmStart?.name ?? null,
    ...extras,
  };
}

function withoutPaths(from: RunData): RunData {
  const named = ({ name, size }: { name: string; size: number }) => ({ name, size, sha256: null });
  switch (from.kind) {
    case 'teacher':
    case 'uniform':
      return from;
    case 'files':
      return {
        ...from,
        files: from.files.map(named),
        validation: Object.fromEntries(
          Object.entries(from.validation).map(([part, files]) => [part, files.map(named)]),
        ),
      };
    case 'table':
      return { ...from, file: named(from.file) };
  }
}

/** What this program has at hand for the names in a link. */
export interface LinkResources {
  readonly schemas: ReadonlyMap<string, RunSchema>;
  readonly masks?: RunRecipe['masks'];
}

/**
 * The recipe that a link stands for.
 * @throws LinkError naming the schema, masks or weights that have to be given first.
 */
export function recipeOfLink(link: Link, { schemas, masks = [] }: LinkResources): RunRecipe {
  const schema = schemas.get(link.schema);
  if (!schema) {
    throw new LinkError(
      `This link uses the data schema ${link.schema}, which only its maker has: drop that file on the data panel and open the link again.`,
    );
  }
  const found = link.masks.map((name) => {
    const mask = masks.find((one) => one.name === name);
    if (mask) return mask;
    throw new LinkError(
      `This link uses the mask file ${name}: drop that file on the data panel and open the link again.`,
    );
  });
  if (link.warmStart !== null) {
    throw new LinkError(
      `This link's run begins from the weights ${link.warmStart}, which no link holds: ask for the run as a bundle, or import those weights.`,
    );
  }
  const { config, steps: wanted, data: from, seeds: drawn, engine: chosen, changes: planned } = link;
  return {
    config,
    steps: wanted,
    data: from,
    schema,
    masks: found,
    seeds: drawn,
    engine: chosen,
    warmStart: null,
    ...(planned && { changes: planned }),
  };
}

/**
 * A part of a link as its owner knows it; undefined where the link has none.
 * @throws LinkError when it is not what the owner's schema says.
 */
export function linkPart<T extends z.ZodType>(
  link: Link,
  part: LinkPart,
  schema: T,
): z.output<T> | undefined {
  if (link[part] === undefined) return undefined;
  const parsed = schema.safeParse(link[part]);
  if (parsed.success) return parsed.data;
  throw new LinkError(
    `The ${part} in this link can't be read (${issueText(parsed.error, link[part])}). ${MANGLED}`,
  );
}

/**
 * The fragment of an address, without '#': letters, digits, '-', '_' and '.', the shortest that some preset gives.
 * @param samples text that the parts usually hold, such as the sample tweets; the reader must give the same.
 * @throws LinkError for what is too large for an address, or has characters that are none.
 */
export function encodeLink(link: Link, presets: LinkPresets, samples = ''): string {
  const { config, ...head } = link;
  if (LONE_SURROGATE.test(config)) {
    throw new LinkError('The configuration has half a character in it (a lone surrogate): remove it first.');
  }
  const content = encoder.encode(`${JSON.stringify(headSchema.parse(head))}\n${config}`);
  const ranked = PARTS.some((part) => link[part] !== undefined);
  const version = samples !== '' && ranked ? LINK_VERSION : PLAIN_VERSION;
  if (content.length > MAX_CONTENT) throw tooLong(content.length);
  const candidates = [[NO_PRESET, ''] as const, ...presets].map(([name, text]) => {
    const dictionary = dictionaryOf(text, version === PLAIN_VERSION ? '' : samples);
    const packed = deflateSync(content, { level: 9, mem: 8, dictionary });
    const bytes = new Uint8Array(4 + packed.length);
    new DataView(bytes.buffer).setUint32(0, crc32c(content));
    bytes.set(packed, 4);
    return [version, name, editionOf(dictionary), toBase64Url(bytes)].join('.');
  });
  const shortest = candidates.reduce((best, one) => (one.length < best.length ? one : best));
  if (shortest.length > MAX_LINK) throw tooLong(shortest.length);
  return shortest;
}

function tooLong(length: number): LinkError {
  return new LinkError(
    `The link would have ${length} characters, more than the ${MAX_LINK} that an address keeps: export a bundle instead.`,
  );
}

/**
 * What a fragment carries; `presets` and `samples` as they were given to encodeLink.
 * @throws LinkError for one that is cut off, changed, of a newer version, of another edition of a preset, or too large.
 */
export function decodeLink(fragment: string, presets: LinkPresets, samples = ''): Link {
  if (fragment.length > MAX_LINK) {
    throw new LinkError(`This link has ${fragment.length} characters, more than ${MAX_LINK}. ${MANGLED}`);
  }
  const [version, preset = '', edition = '', packed, ...more] = fragment.split('.');
  if (!/^[1-9]\d{0,5}$/.test(version ?? '')) throw new LinkError(`This is no link to a run. ${MANGLED}`);
  if (Number(version) > LINK_VERSION) {
    throw new LinkError(
      `This link is of version ${version}, which a newer playground wrote; this one reads up to ${LINK_VERSION}. Reload the page or update the program.`,
    );
  }
  if (packed === undefined || more.length > 0) throw new LinkError(`This link has no content. ${MANGLED}`);
  const text = preset === NO_PRESET ? '' : presets.get(preset);
  if (text === undefined) {
    const names = [...presets.keys()].join(', ');
    throw new LinkError(
      `This link builds on the preset ${JSON.stringify(preset.slice(0, 40))}, which this playground does not have; it has ${names}. Ask for the run as a bundle.`,
    );
  }
  const dictionary = dictionaryOf(text, Number(version) === PLAIN_VERSION ? '' : samples);
  if (editionOf(dictionary) !== edition) {
    throw new LinkError(
      /^[\w-]{6}$/.test(edition)
        ? `This link was made by another edition of the playground, whose preset, settings or sample tweets read otherwise. Open it there, or ask for the run as a bundle.`
        : `This link is damaged before its content. ${MANGLED}`,
    );
  }
  const bytes = fromBase64Url(packed);
  if (!bytes || bytes.length < 5) throw new LinkError(`This link's content is damaged. ${MANGLED}`);
  const content = inflated(bytes.subarray(4), dictionary);
  if (crc32c(content) !== new DataView(bytes.buffer).getUint32(0)) {
    throw new LinkError(`This link's content is damaged: its checksum differs. ${MANGLED}`);
  }
  return contentOf(content);
}

function contentOf(content: Uint8Array): Link {
  const end = content.indexOf(0x0a);
  if (end < 0) throw new LinkError(`This link's content is of no known form. ${MANGLED}`);
  let head: unknown;
  let config: string;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    head = JSON.parse(decoder.decode(content.subarray(0, end)));
    config = decoder.decode(content.subarray(end + 1));
  } catch {
    throw new LinkError(`This link's content is no text. ${MANGLED}`);
  }
  const parsed = headSchema.safeParse(head);
  if (!parsed.success) {
    throw new LinkError(`This link's content can't be used (${issueText(parsed.error, head)}). ${MANGLED}`);
  }
  return { ...parsed.data, config };
}

function issueText({ issues: [issue] }: z.ZodError, value: unknown): string {
  if (!issue) return 'it is empty';
  const path = issue.path.map(String).join('.').slice(0, 100);
  if (issue.code === 'unrecognized_keys') {
    return `${path === '' ? '' : `${path}: `}${JSON.stringify(issue.keys[0]?.slice(0, 100))} is no key here`;
  }
  return `${path === '' ? 'the whole' : path} ${issueSentence(issue, value)}`;
}

/** Unpacks in small pieces, so that a bomb is noticed before it takes memory. */
function inflated(packed: Uint8Array, dictionary: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const stream = new Inflate({ dictionary }, (piece, final) => {
    pieces.push(piece);
    length += piece.length;
    ended ||= final;
  });
  try {
    for (let at = 0; at < packed.length && length <= MAX_CONTENT; at += PIECE) {
      stream.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
    }
  } catch {
    throw new LinkError(`This link's content can't be unpacked. ${MANGLED}`);
  }
  if (length > MAX_CONTENT) {
    throw new LinkError(`This link unpacks to more than ${MAX_CONTENT} bytes: nobody should open it.`);
  }
  if (!ended) throw new LinkError(`This link ends too early. ${MANGLED}`);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const PIECE = 2048;
const LONE_SURROGATE = /\p{Cs}/u;
const encoder = new TextEncoder();

/** At most the last 32 KiB count: the preset's text, what links differ least in, stands at the end. */
function dictionaryOf(preset: string, samples: string): Uint8Array {
  const usual = teacherPresets.map(({ id, config: settings }) => {
    const head: z.output<typeof headSchema> = {
      steps: null,
      data: { kind: 'teacher', preset: id, settings, examples: null },
      seeds: { weights: 1, data: 1 },
      engine: { choice: 'auto', precision: 'float32', noisyShifts: false },
      schema: 'playground-segdense.json',
      masks: [],
      warmStart: null,
      view: 'train',
    };
    return JSON.stringify(head);
  });
  return encoder.encode(`${samples}\n${usual.join('\n')}\n${preset}`).slice(-32_768);
}

/** Six characters that differ between dictionaries. */
function editionOf(dictionary: Uint8Array): string {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, crc32c(dictionary));
  return toBase64Url(bytes);
}

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Null for what is no base64url. */
function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
