/** The folders that `explicit_date_inputs` and `explicit_datetime_inputs` name, one a day or an hour. */
import type { DataConfig } from '../config/recap-config.ts';
import { readCalendar } from '../config/schema/calendar.ts';
import type { CalendarUnit } from '../config/schema/calendar.ts';

export interface DatedFolders {
  /** The key in the data section. */
  readonly key: 'explicit_date_inputs' | 'explicit_datetime_inputs';
  readonly unit: CalendarUnit;
  readonly root: string;
  /** Below the root, oldest first: 2023/03/01, or 2023/03/01/05. */
  readonly folders: readonly string[];
  /** How many of them may hold no data file, and the key that says so. */
  readonly tolerated: number;
  readonly toleranceKey: string;
}

const MILLISECONDS: Readonly<Record<CalendarUnit, number>> = { day: 86_400_000, hour: 3_600_000 };

/**
 * The folders of a data section; null where it names its files otherwise. The end is the last of them, as the
 * reference's configuration describes it (its code, which does not run as published, would stop one before).
 */
export function datedFolders({
  explicit_date_inputs: byDay,
  explicit_datetime_inputs: byHour,
}: Pick<DataConfig, 'explicit_date_inputs' | 'explicit_datetime_inputs'>): DatedFolders | null {
  if (byDay) {
    return {
      key: 'explicit_date_inputs',
      unit: 'day',
      root: byDay.data_root,
      folders: foldersUpTo(byDay.end_date, byDay.days, 'day'),
      tolerated: byDay.num_missing_days_tol,
      toleranceKey: 'num_missing_days_tol',
    };
  }
  if (!byHour) return null;
  return {
    key: 'explicit_datetime_inputs',
    unit: 'hour',
    root: byHour.data_root,
    folders: foldersUpTo(byHour.end_datetime, byHour.hours, 'hour'),
    tolerated: byHour.num_missing_hours_tol,
    toleranceKey: 'num_missing_hours_tol',
  };
}

function foldersUpTo(text: string, count: number, unit: CalendarUnit): string[] {
  const end = readCalendar(text, unit);
  // The schema has refused such a configuration.
  if (end === null) throw new RangeError(`"${text}" is no ${unit}`);
  return Array.from({ length: count }, (_, i) => {
    const iso = new Date(end - (count - 1 - i) * MILLISECONDS[unit]).toISOString();
    return iso.slice(0, unit === 'day' ? 10 : 13).replaceAll(/[-T]/g, '/');
  });
}
