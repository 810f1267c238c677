/** From a column's profile to what it should become: its kind, and everything about that kind that the table tells. */
import type { ColumnSettings, ListTensor, MissingRule } from './columns-file.ts';
import type { ColumnProfile } from './profile.ts';
import { shown } from './table-error.ts';

/** Most values of a category, each of which becomes a binary column. */
export const MAX_CATEGORY = 64;
/** Shortest list that makes an embedding; LayerNorm leaves nothing of shorter ones. */
const MIN_EMBEDDING = 4;
const DAY = 86_400_000;

/** Values that say yes, in any case. */
const YES = new Set(['1', 'true', 'yes', 'y', 't', 'on', '1.0']);
/** Names of columns that number the rows. */
const IDENTIFIER = /^(?:.*[_\s-])?(?:id|uuid|guid)$|^(?:index|row|unnamed.*)$|[a-z]Id$/;

/** A guess, and a sentence for the person where something is left out or ambiguous. */
export interface Guess {
  readonly settings: ColumnSettings;
  readonly note: string | null;
}

const ignored = (name: string, why: string): Guess => ({
  settings: { name, as: 'ignored', why },
  note: `"${name}" is not used: ${why}.`,
});

/**
 * Which of a column's two values is 1: one that says yes, the larger of two numbers, else the rarer, else the later in
 * the alphabet.
 */
export function positiveOf(values: ColumnProfile['values']): string {
  const yes = values.find(({ text }) => YES.has(text.toLowerCase()));
  if (yes) return yes.text;
  const [a, b] = values;
  if (!a || !b) return a?.text ?? '';
  const [x, y] = [Number(a.text), Number(b.text)];
  if (Number.isFinite(x) && Number.isFinite(y)) return x > y ? a.text : b.text;
  if (a.count !== b.count) return a.count < b.count ? a.text : b.text;
  return a.text > b.text ? a.text : b.text;
}

/** The kind that a column seems to be of, its details left open. */
export function guessColumn(profile: ColumnProfile): Guess {
  const { name, present, values, more, numbers, dates, dateCount, lists, texts } = profile;
  const plain = (settings: ColumnSettings): Guess => ({ settings, note: null });
  if (present === 0) return ignored(name, 'all its cells are empty');
  const distinct = more ? Number.POSITIVE_INFINITY : values.length;
  if (distinct === 1 && profile.missing === 0) {
    return ignored(name, `all its cells are ${shown(values[0]!.text)}`);
  }
  if (IDENTIFIER.test(name) && distinct >= present / 2 && dateCount === 0 && lists.count === 0) {
    return ignored(name, 'it numbers the rows; set "as" in columns.json if it means something');
  }
  if (lists.count === present) {
    if (lists.shortest === lists.longest) return plain({ name, as: 'list' });
    return ignored(
      name,
      `its lists have ${lists.shortest} to ${lists.longest} numbers; they must be of one length`,
    );
  }
  if (distinct <= 2) return plain({ name, as: 'binary' });
  if (numbers.count === present) return plain({ name, as: 'number' });
  if (dateCount === present && dates.length > 0) {
    const note =
      dates.length > 1
        ? `"${name}" holds dates that can be read as ${dates.map(({ order }) => order).join(' or ')}; ${dates[0]!.order} is taken. Set "order" in columns.json if that is wrong.`
        : null;
    return { settings: { name, as: 'date' }, note };
  }
  if (dateCount === present)
    return ignored(name, 'its dates are written in different orders of day and month');
  if (distinct <= MAX_CATEGORY && distinct <= present / 2) return plain({ name, as: 'category' });
  if (numbers.count > present / 2 && texts.first) {
    return ignored(
      name,
      `${present - numbers.count} of ${present} values are no numbers, the first is ${shown(texts.first.text)} in ${texts.first.place}; correct them, or add them to missing_values in columns.json`,
    );
  }
  const many = more ? `more than ${values.length}` : `${values.length}`;
  return ignored(name, `it holds texts, ${many} different ones among ${present}`);
}

/** What a column needs to know of the rest of the table. */
export interface TableContext {
  /** For columns that do not say it themselves. */
  readonly missing: MissingRule | null;
  /** Ages count back from here, in milliseconds; null where no column is a date. */
  readonly reference: number | null;
  /** Embedding tensors that no list has taken yet. */
  readonly tensors: ListTensor[];
}

/**
 * Number columns reach the model near 0 and of about size 1, because BatchNorm's epsilon drowns smaller differences (a
 * year's logarithm varies by a thousandth). Long-tailed amounts stay as they are: the model takes their logarithm.
 */
function scaleOf(numbers: ColumnProfile['numbers']): { center: number; unit: number; mean: number } {
  const { mean, deviation, min, skewness } = numbers;
  if (min >= 0 && skewness > 2) return { center: 0, unit: mean >= 1 ? 1 : tidy(mean / 10), mean: tidy(mean) };
  return { center: tidy(mean), unit: deviation > 0 ? tidy(deviation) : 1, mean: tidy(mean) };
}

/** Fifteen digits: all that a double surely keeps, and no tail of rounding to read. */
function tidy(value: number): number {
  return Number(value.toPrecision(15));
}

/**
 * The settings with everything filled in that they leave open.
 * @returns null when the column's cells do not allow the kind, which the second value explains.
 */
export function completeColumn(
  settings: ColumnSettings,
  profile: ColumnProfile,
  context: TableContext,
): [ColumnSettings, null] | [null, string] {
  const gaps = profile.missing > 0;
  const missing = (otherwise: MissingRule) =>
    ('missing' in settings ? settings.missing : undefined) ?? context.missing ?? otherwise;
  switch (settings.as) {
    case 'number':
      if (profile.numbers.count === 0) return [null, 'it holds no number'];
      return [
        {
          ...settings,
          ...scaleOf(profile.numbers),
          ...settings,
          missing: missing(gaps ? 'indicator' : 'mean'),
        },
        null,
      ];
    case 'date': {
      const found = profile.dates.find(({ order }) => order === (settings.order ?? order));
      if (!found || context.reference === null) return [null, 'not all its cells are dates of one order'];
      const { mean, deviation } = found.moments;
      const age = tidy((context.reference - mean) / DAY);
      const unit = deviation > 0 ? tidy(deviation / DAY) : 1;
      return [
        {
          ...settings,
          order: found.order,
          center: settings.center ?? age,
          unit: settings.unit ?? unit,
          mean: settings.mean ?? age,
          missing: missing(gaps ? 'indicator' : 'mean'),
        },
        null,
      ];
    }
    case 'binary': {
      if (!settings.positive && (profile.more || profile.values.length > 2)) {
        return [null, 'it has more than two values; say which are "positive" and which "negative"'];
      }
      const positive = settings.positive ?? [positiveOf(profile.values)];
      const negative =
        settings.negative ??
        profile.values.map(({ text }) => text).filter((text) => !positive.includes(text));
      const ones = profile.values.reduce(
        (sum, { text, count }) => (positive.includes(text) ? sum + count : sum),
        0,
      );
      const mean = settings.mean ?? (2 * ones > profile.present ? 1 : 0);
      return [{ ...settings, positive, negative, mean, missing: missing('zero') }, null];
    }
    case 'category': {
      if (!settings.values && (profile.more || profile.values.length > MAX_CATEGORY)) {
        return [null, `it has more than ${MAX_CATEGORY} values; list those that count under "values"`];
      }
      const values = settings.values ?? profile.values.map(({ text }) => text).toSorted();
      const mean = settings.mean ?? profile.values.find(({ text }) => values.includes(text))?.text;
      return [
        { ...settings, values, ...(mean === undefined ? {} : { mean }), missing: missing('zero') },
        null,
      ];
    }
    case 'list': {
      const { count, longest, shortest, sums } = profile.lists;
      if (count === 0 || (shortest !== longest && settings.length === undefined)) {
        return [null, 'its cells are no lists of numbers of one length'];
      }
      const length = settings.length ?? longest;
      const mean = settings.mean ?? Array.from(sums.subarray(0, length), (sum) => tidy(sum / count));
      const into =
        settings.into ?? (length >= MIN_EMBEDDING ? context.tensors.shift() : undefined) ?? 'continuous';
      return [{ ...settings, into, length, mean, missing: missing(gaps ? 'indicator' : 'mean') }, null];
    }
    case 'label':
    case 'ignored':
      return [settings, null];
  }
}
