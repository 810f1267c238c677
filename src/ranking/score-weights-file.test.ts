import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heads } from './heads.ts';
import { parseScoreWeights, scoreWeightsToYaml } from './score-weights-file.ts';
import { publishedScoreWeights } from './score-weights.ts';
import { problemsText } from '../config/text/text-problem.ts';

const tasks = heads.map((head) => head.task);
const errors = (text: string, known?: readonly string[]) =>
  problemsText(parseScoreWeights(text, known).problems);

describe('parseScoreWeights', () => {
  it('reads a plain sum in YAML and in JSON with tabs', () => {
    const expected = {
      id: 'own',
      label: 'Own weights',
      date: null,
      source: 'Own numbers.',
      rule: { kind: 'weighted_sum' },
      weights: { 'recap.engagement.is_favorited': 2 },
    };
    expect(parseScoreWeights('weights:\n  recap.engagement.is_favorited: 2\n').value).toEqual(expected);
    expect(
      parseScoreWeights('{\n\t"weights": {\n\t\t"recap.engagement.is_favorited": 2\n\t}\n}').value,
    ).toEqual(expected);
  });

  it('round-trips the published sets', () => {
    for (const set of publishedScoreWeights) {
      expect(parseScoreWeights(scoreWeightsToYaml(set), tasks)).toEqual({ value: set, problems: [] });
    }
  });

  it('round-trips any weights', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...tasks),
          fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((weight) => weight + 0),
        ),
        fc.string({ minLength: 1, maxLength: 100 }),
        (weights, label) => {
          const set = { ...publishedScoreWeights[1]!, label, weights };
          expect(parseScoreWeights(scoreWeightsToYaml(set)).value).toEqual(set);
        },
      ),
      { seed: 11 },
    );
  });

  it('names line, column and mend of what is wrong', () => {
    expect(errors('weights: {a: 0b2}\nlabel: 5\ndate: soon\nrule: sum\n')).toBe(
      [
        'line 1, column 14: weights.a: must be a number, but is the text "0b2"',
        'line 2, column 8: label: must be a text, but is 5; put it in quotes: "5"',
        'line 3, column 7: date: a date is written year-month-day, as 2023-04-05; this is the text "soon"',
        'line 4, column 7: rule: must be one of weighted_sum, larger_of_two, but is the text "sum"; did you mean weighted_sum?',
      ].join('\n'),
    );
    expect(errors('weights:\n  recap.a: two\n')).toMatch(
      /^line 2, column 12: weights\["recap\.a"\]: must be a number, but is the text "two"$/,
    );
    expect(errors('weights: {}\nwieghts: {}\n')).toBe(
      'line 2, column 1: wieghts: there is no such key, remove it',
    );
    expect(errors('label: x\n')).toMatch(/^line 1, column 1: weights: is missing/);
    expect(errors('weights:\n  is_liked: 1\n', tasks)).toMatch(
      /^line 2, column 13: .*no head "is_liked"; there are recap/,
    );
    expect(errors('rule: larger_of_two\nweights: {}\n')).toMatch(/^line 1, column 7: rule: .*needs a key/);
    expect(errors('weights: {a: .nan}\n')).toMatch(/^line 1, column 14/);
    expect(errors('weights: [\n')).toMatch(/^line \d+, column \d+/);
    expect(errors('weights: *w\n')).toMatch(/^line 1, column \d+/);
    const pair = 'rule: larger_of_two\nlarger_of_two: {heads: [a, a], weight: 1}\nweights:\n  a: 1\n';
    expect(errors(pair)).toMatch(/heads must differ[\s\S]*line 4, column 6: .*remove it here/);
    expect(errors('')).toMatch(/^line 1, column 1/);
  });
});

describe('case 18: values of the wrong type', () => {
  const read = (file: string) =>
    readFileSync(new URL(`../../test/cases/18-score-weight-messages/${file}`, import.meta.url), 'utf8');
  const favorited = 'weights["recap.engagement.is_favorited"]';

  it.each([
    ['comma.yaml', `line 2, column 34: ${favorited}: must be a number, but is the text "0,5"; write 0.5`],
    [
      'quoted.yaml',
      `line 2, column 34: ${favorited}: must be a number, but is the text "0.5"; write 0.5 without quotes`,
    ],
    [
      'minus.yaml',
      'line 2, column 45: weights["recap.engagement.is_report_tweet_clicked"]: must be a number, but is the text "−369"; write -369 with a hyphen',
    ],
    [
      'bare.yaml',
      'line 1, column 1: recap.engagement.is_favorited: put the heads under weights:, each indented by two spaces',
    ],
    [
      'empty.yaml',
      'line 1, column 1: The file is empty: write "weights:", and under it a line such as "  recap.engagement.is_favorited: 0.5"',
    ],
  ])('%s', (file, message) => expect(errors(read(file))).toBe(message));

  it('reads numbers as a configuration does', () => {
    expect(parseScoreWeights('weights: {a: 1e-4, b: 1_000, c: -.5, d: 1:30}').value?.weights).toEqual({
      a: 0.0001,
      b: 1000,
      c: -0.5,
      d: 90,
    });
  });

  it('writes labels that YAML 1.1 would take for something else, and characters that nobody sees', () => {
    for (const label of [
      'yes',
      '010',
      '1:30',
      'a\u00A0b',
      '\u200B',
      '\u2028',
      '“x”',
      '=',
      '~',
      '\u{E0001}',
    ]) {
      const set = { ...publishedScoreWeights[1]!, label, weights: { on: 1 } };
      expect(parseScoreWeights(scoreWeightsToYaml(set))).toEqual({ value: set, problems: [] });
    }
  });
});
