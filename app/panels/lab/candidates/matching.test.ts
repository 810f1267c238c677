import { expect, it } from 'vitest';
import { calmDay } from '../../../../src/ranking/scenarios/calm-day.ts';
import { matching } from './matching.ts';
import type { Filter } from './matching.ts';

const { tweets } = calmDay;
const rows = tweets.map((_, row) => row);
const view = { order: Int32Array.from(rows.slice(2).toReversed()), dropped: Int32Array.of(1, 0) };
const found = (filter: Filter, text = '') => matching(tweets, view, filter, text);

it('leaves all in rank order, the dropped ones last and without a place', () => {
  const all = found('all');
  expect(all.map(({ row }) => row)).toEqual([...view.order, 1, 0]);
  expect(all.map(({ place }) => place)).toEqual([...view.order.map((_, i) => i + 1), null, null]);
  expect(found('dropped').map(({ row }) => row)).toEqual([1, 0]);
});

it('filters by network and video, and keeps the places of the whole order', () => {
  const [inside, outside] = [found('in'), found('out')];
  expect(inside.length).toBeGreaterThan(0);
  expect(outside.length).toBeGreaterThan(0);
  expect(inside.length + outside.length).toBe(tweets.length);
  for (const { row } of inside) expect(tweets[row]?.inNetwork).toBe(true);
  for (const { row } of outside) expect(tweets[row]?.inNetwork).toBe(false);
  const videos = found('video');
  expect(videos.length).toBeGreaterThan(0);
  for (const { row, place } of videos) {
    expect(tweets[row]?.media.kind).toBe('video');
    expect(place).toBe(view.order.includes(row) ? view.order.indexOf(row) + 1 : null);
  }
});

it('searches text, name and handle for all words, however they are written', () => {
  const [first] = tweets;
  if (!first) throw new Error('no tweets');
  const { author, text } = first;
  const [word = ''] = text.split(' ');
  expect(found('all', `  ${word.toUpperCase()} @${author.handle} `).map(({ row }) => row)).toContain(0);
  expect(found('all', author.name.toUpperCase()).map(({ row }) => row)).toContain(0);
  expect(found('all', `@${author.handle} nowhere-to-be-found`)).toEqual([]);
});
