/** Configurations, tweets and score weights: presets and samples with damage in them. Every problem has its place. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseRecapConfig } from '../../../src/config/parse-config.ts';
import { calmDay } from '../../../src/ranking/scenarios/calm-day.ts';
import { parseScoreWeights, scoreWeightsToYaml } from '../../../src/ranking/score-weights-file.ts';
import { publishedScoreWeights } from '../../../src/ranking/score-weights.ts';
import { parseTweets, tweetsToJson } from '../../../src/ranking/tweets-file.ts';
import { fuzzKind } from '../kind.ts';
import type { FuzzKind } from '../kind.ts';
import { edits } from '../mutate.ts';

interface Problem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly severity?: string;
}

/** A text that is refused, with all that is wrong in it. */
class RefusedText extends Error {
  override readonly name = 'RefusedText';
}

function check(text: string, value: unknown, problems: readonly Problem[]): void {
  const lines = text.split(/\r\n?|\n/);
  for (const { line, column, message } of problems) {
    if (!(line >= 1 && line <= lines.length && column >= 1))
      throw new Error(`No such place: ${line}:${column}`);
    if (message.length < 10 || /undefined|\[object/.test(message)) throw new Error(`Unreadable: ${message}`);
  }
  if (value !== null) return;
  const first = problems.find(({ severity }) => severity === undefined || severity === 'error');
  if (!first) throw new Error('It is refused, and nothing says why.');
  throw new RefusedText(first.message.slice(0, 2000));
}

function textKind(
  name: string,
  good: readonly string[],
  scraps: readonly string[],
  read: (text: string) => void,
): FuzzKind {
  const encoder = new TextEncoder();
  const scrap = fc.oneof(fc.constantFrom(...scraps), fc.string({ maxLength: 8 }));
  const put = fc
    .tuple(
      fc.constantFrom(...good),
      fc.array(fc.tuple(fc.noBias(fc.nat(1 << 20)), fc.nat(12), scrap), { maxLength: 3 }),
    )
    .map(([text, changes]) =>
      changes.reduce((left, [where, gone, by]) => {
        const at = Math.floor((where / (1 << 20)) * left.length);
        return left.slice(0, at) + by + left.slice(at + gone);
      }, text),
    );
  const damaged = fc
    .tuple(fc.constantFrom(...good), edits)
    .map(([text, edit]) => new TextDecoder().decode(edit(encoder.encode(text))));
  return fuzzKind({
    name,
    input: fc.oneof(put, damaged),
    errors: [RefusedText],
    bytes: (text) => encoder.encode(text),
    read,
    probe: () => {
      read(good[0]!);
      return 'good';
    },
  });
}

const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

export const yamlKind = textKind(
  'yaml',
  ['configs/serial.yaml', 'configs/share-none.yaml', 'test/sample-config.yaml'].map(file),
  [
    '\n',
    '\t',
    ': ',
    '- ',
    '&a ',
    '*a',
    '<<: *a',
    '{',
    '[',
    '"',
    "'",
    '|',
    '? ',
    '.nan',
    '1e999',
    '010',
    '${x}',
    '---\n',
    '__proto__: 1',
    '\u0000',
  ],
  (text) => {
    const { config, problems } = parseRecapConfig(text);
    check(text, config, problems);
  },
);

export const tweetsKind = textKind(
  'tweets',
  [tweetsToJson(calmDay.tweets.slice(0, 3))],
  [
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    'null',
    '-1',
    '1e400',
    '9007199254740993',
    '"__proto__":{},',
    '\\u0000',
    '//',
  ],
  (text) => {
    const { value, problems } = parseTweets(text, 0);
    check(text, value, problems);
    if (value && JSON.stringify(parseTweets(tweetsToJson(value), 0).value) !== JSON.stringify(value)) {
      throw new Error('Written and read again it differs.');
    }
  },
);

export const scoreWeightsKind = textKind(
  'score-weights',
  publishedScoreWeights.map(scoreWeightsToYaml),
  [
    '\n',
    ': ',
    '- ',
    '&a ',
    '*a',
    '{',
    '[',
    '"',
    '.nan',
    '.inf',
    '1e-4',
    '1_0',
    '0x1',
    '~',
    '__proto__: 1',
    '\t',
    'weights:',
  ],
  (text) => {
    const { value, problems } = parseScoreWeights(text);
    check(text, value, problems);
    if (
      value &&
      JSON.stringify(parseScoreWeights(scoreWeightsToYaml(value)).value) !== JSON.stringify(value)
    ) {
      throw new Error('Written and read again it differs.');
    }
  },
);
