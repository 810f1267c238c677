import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heads } from './heads.ts';
import { parseScoreWeights, scoreWeightsToYaml } from './score-weights-file.ts';
import { publishedScoreWeights } from './score-weights.ts';
import { problemsText } from './text/text-problem.ts';

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
        fc.dictionary(fc.constantFrom(...tasks), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
        fc.string({ minLength: 1, maxLength: 100 }),
        (weights, label) => {
          const set = { ...publishedScoreWeights[1]!, label, weights };
          expect(parseScoreWeights(scoreWeightsToYaml(set)).value).toEqual(set);
        },
      ),
    );
  });

  it('names line, column and mend of what is wrong', () => {
    expect(errors('weights:\n  recap.a: two\n')).toMatch(
      /^line 2, column 12: weights\["recap\.a"\]: .*expected number/,
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
