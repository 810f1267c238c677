import { describe, expect, it } from 'vitest';
import { publishedScoreWeights } from '../../../src/ranking/score-weights.ts';
import { movedText, weightsText } from './other-weights.ts';

const order = (names: string) => names.split('').map((key) => ({ key, author: key.toUpperCase() }));

describe('what other weights do to the order', () => {
  it('counts the places that another tweet has now, and names the first', () => {
    expect(movedText(order('abcd'), order('bacd'), '2023')).toBe(
      'Under “2023” 2 of 4 tweets change places; B is first now, where A was.',
    );
    expect(movedText(order('abcd'), order('abdc'), '2023')).toBe(
      'Under “2023” 2 of 4 tweets change places; A stays first.',
    );
    expect(movedText(order('abcd'), order('abcd'), '2023')).toContain('0 of 4');
  });

  it('names the weights that differ, and which good clicks count', () => {
    const [first, second] = publishedScoreWeights;
    if (!first || !second) throw new Error('two sets were published');
    expect(weightsText(second, first)).toEqual([
      'Reply weighs 27 there instead of 13.5.',
      'Of the two good clicks only the likelier counts there.',
    ]);
    expect(weightsText(first, second)).toEqual([
      'Reply weighs 13.5 there instead of 27.',
      'Both good clicks count there.',
    ]);
    expect(weightsText(first, first)).toEqual([]);
  });
});
