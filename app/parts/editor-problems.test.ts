import { describe, expect, it } from 'vitest';
import { parseTeacherConfig } from '../../src/data/synthesis/parse-teacher-config.ts';
import { parseTweets } from '../../src/ranking/tweets-file.ts';
import { marksOf } from './editor-problems.ts';

describe('marks of a text', () => {
  it('go from where a problem begins to the end of its line', () => {
    const text = '{"tweets": [\n  {"id": 1, "txet": "a"}\n]}';
    const marks = marksOf((read) => ({ problems: parseTweets(read).problems }))(text);
    expect(marks.length).toBeGreaterThan(0);
    const typo = marks.find(({ message }) => message.includes('txet'));
    expect(text.slice(typo?.from, typo?.to)).toBe('"txet": "a"}');
    expect(typo?.severity).toBe('error');
  });

  it('stay within a text that ends before the place', () => {
    const at = { path: [], message: 'there', line: 9, column: 40 };
    expect(marksOf(() => ({ problems: [at], notes: [{ ...at, line: 1, column: 2 }] }))('ab\ncd')).toEqual([
      { from: 5, to: 5, severity: 'error', message: 'there' },
      { from: 1, to: 2, severity: 'info', message: 'there' },
    ]);
  });

  it('are read once for a text, and are none where nothing is wrong', () => {
    let reads = 0;
    const marks = marksOf((text) => {
      reads++;
      return parseTeacherConfig(text);
    });
    expect(marks('signal_strength: 1\n')).toBe(marks('signal_strength: 1\n'));
    expect(reads).toBe(1);
    expect(marks('signal_strength: x\n')).toHaveLength(1);
    expect(reads).toBe(2);
  });
});
