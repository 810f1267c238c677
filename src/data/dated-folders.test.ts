import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCalendar } from '../config/schema/calendar.ts';
import { datedFolders } from './dated-folders.ts';

const days = (end_date: string, count: number) =>
  datedFolders({
    explicit_date_inputs: { data_root: 'd', end_date, days: count, num_missing_days_tol: 2 },
    explicit_datetime_inputs: null,
  });
const hours = (end_datetime: string, count: number) =>
  datedFolders({
    explicit_date_inputs: null,
    explicit_datetime_inputs: { data_root: 'd', end_datetime, hours: count, num_missing_hours_tol: 1 },
  });

describe('datedFolders', () => {
  it('goes back from the end, which it includes, over ends of months, leap days and years', () => {
    expect(days('2024-03-01', 3)).toMatchObject({
      key: 'explicit_date_inputs',
      root: 'd',
      tolerated: 2,
      folders: ['2024/02/28', '2024/02/29', '2024/03/01'],
    });
    expect(hours('2023/01/01/01', 3)).toMatchObject({
      key: 'explicit_datetime_inputs',
      tolerated: 1,
      folders: ['2022/12/31/23', '2023/01/01/00', '2023/01/01/01'],
    });
    // A summer time begins in many places: the calendar knows none.
    expect(hours('2023-03-26T03', 3)?.folders).toEqual(['2023/03/26/01', '2023/03/26/02', '2023/03/26/03']);
  });

  it('is null for a section that names a pattern', () => {
    expect(datedFolders({ explicit_date_inputs: null, explicit_datetime_inputs: null })).toBeNull();
  });

  it('of any end and count: as many as asked for, all different, in order, the last the end, hours below days', () => {
    const moment = fc.date({
      min: new Date('1400-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 900 }), (date, count) => {
        const iso = date.toISOString();
        const byHour = hours(iso.slice(0, 13), count)?.folders ?? [];
        expect(byHour).toHaveLength(count);
        expect([...new Set(byHour)].sort()).toEqual(byHour);
        expect(byHour.at(-1)).toBe(iso.slice(0, 13).replaceAll(/[-T]/g, '/'));
        const touched = [...new Set(byHour.map((folder) => folder.slice(0, 10)))];
        expect(days(iso.slice(0, 10), touched.length)?.folders).toEqual(touched);
      }),
      { seed: 20261126, numRuns: 100 },
    );
  });
});

describe('readCalendar', () => {
  it.each(['2023-03-01', '2023/03/01', '2023/3/1', ' 2023-03-01 '])('reads the day %s', (text) => {
    expect(readCalendar(text, 'day')).toBe(Date.UTC(2023, 2, 1));
  });

  it.each(['2023-03-01T05', '2023-03-01 05', '2023/03/01/05', '2023/3/1/5', '2023-03-01T05:00:00'])(
    'reads the hour %s',
    (text) => {
      expect(readCalendar(text, 'hour')).toBe(Date.UTC(2023, 2, 1, 5));
    },
  );

  it.each([
    ['2023-02-29', 'day'],
    ['2023-13-01', 'day'],
    ['2023-03-00', 'day'],
    ['2023-03/01', 'day'],
    ['2023-03-01T05', 'day'],
    ['01.03.2023', 'day'],
    ['yesterday', 'day'],
    ['2023-03-01', 'hour'],
    ['2023-03-01T24', 'hour'],
    ['2023-03-01T05:30', 'hour'],
  ] as const)('takes %s for no %s', (text, unit) => {
    expect(readCalendar(text, unit)).toBeNull();
  });
});
