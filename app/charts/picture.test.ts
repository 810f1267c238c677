import { describe, expect, it } from 'vitest';
import { hangsOnPage } from './picture.ts';

describe('a chart taken away as a picture', () => {
  it('keeps what an attribute says by itself', () => {
    expect(hangsOnPage('none', true)).toBe(false);
    expect(hangsOnPage('rgb(1, 2, 3)', false)).toBe(false);
  });

  it('asks the page for variables, those inside a mixture too, and for what style sheets say', () => {
    expect(hangsOnPage('var(--accent)', false)).toBe(true);
    expect(hangsOnPage('color-mix(in oklab, var(--run-2) 50%, var(--accent))', false)).toBe(true);
    expect(hangsOnPage(null, true)).toBe(true);
    expect(hangsOnPage(null, false)).toBe(false);
  });
});
