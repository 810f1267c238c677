/** Days and hours as a data section writes them: 2023-03-01 or 2023/03/01, and 2023-03-01T05, 2023/03/01/05. */

export type CalendarUnit = 'day' | 'hour';

const FORMS: Readonly<Record<CalendarUnit, RegExp>> = {
  day: /^([1-9]\d{3})([-/])(\d{1,2})\2(\d{1,2})$/,
  hour: /^([1-9]\d{3})([-/])(\d{1,2})\2(\d{1,2})[T /](\d{1,2})(?::00){0,2}$/,
};

/** How to write one, for a message. */
export const CALENDAR_EXAMPLES: Readonly<Record<CalendarUnit, string>> = {
  day: '2023-03-01 or 2023/03/01',
  hour: '2023-03-01T05 or 2023/03/01/05',
};

/** The beginning of a day or hour in milliseconds since 1970, without time zones; null for what is none. */
export function readCalendar(text: string, unit: CalendarUnit): number | null {
  const found = FORMS[unit].exec(text.trim());
  if (!found) return null;
  const [year = 0, , month = 0, day = 0, hour = 0] = found.slice(1).map(Number);
  const moment = new Date(Date.UTC(year, month - 1, day, hour));
  // The 30th of February would be a day in March, the hour 24 one of the next day.
  const asWritten =
    moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day && moment.getUTCHours() === hour;
  return asWritten ? moment.getTime() : null;
}
