import { describe, expect, it } from 'vitest';
import { movedText } from './other-weights.ts';

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
});
