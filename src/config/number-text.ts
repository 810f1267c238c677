/**
 * Numbers as people read them: one place, as the person's locale writes them, in Latin digits. The page's texts and the
 * sentences that are made here share it. What is in files, links and configurations is not made here.
 */
let locale = 'en-US';
const made = new Map<string, Intl.NumberFormat>();

/**
 * Numbers and dates as the first of these locales that there is writes them; each thread has its own.
 * @param tags BCP 47, as `navigator.languages`
 */
export function setLocale(tags: readonly string[]): void {
  for (const tag of tags) {
    try {
      locale = new Intl.Locale(tag, { numberingSystem: 'latn' }).toString();
      made.clear();
      return;
    } catch {
      // No locale by this name: the next one.
    }
  }
}

/** The locale that numbers and dates are written in (BCP 47). */
export function numberLocale(): string {
  return locale;
}

function formatter(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const known = made.get(key);
  if (known) return known;
  const fresh = new Intl.NumberFormat(locale, { signDisplay: 'negative', ...options });
  made.set(key, fresh);
  return fresh;
}

/** With so many digits after the point, zeros too: 0.5 → "0.500". */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return '—';
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return minus(formatter(`fixed ${digits}`, options).format(value));
}

/** With so many significant digits at most, and no zeros at the end: 0.50000001 → "0.5". */
export function significant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return '—';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-6 || size >= 1e21)) {
    const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e');
    return `${significant(Number(mantissa), digits)}e${exponent.replace('+', '')}`;
  }
  return minus(formatter(`significant ${digits}`, { maximumSignificantDigits: digits }).format(value));
}

/** 0.00001234 → "1.23e-5". */
export function exponential(value: number, digits: number): string {
  if (!Number.isFinite(value)) return '—';
  const [mantissa = '', exponent = ''] = value.toExponential(digits).split('e');
  return `${fixed(Number(mantissa), digits)}e${exponent.replace('+', '')}`;
}

/** In a sentence, with three significant digits: 0.693, 12,300, and beyond some millions 1.2e12. */
export function inWords(value: number): string {
  return Math.abs(value) < 1e7 ? significant(value, 3) : exponential(value, 1);
}

/** 48115108 → "48,115,108". */
export function count(value: number): string {
  return formatter('count', { maximumFractionDigits: 0, signDisplay: 'auto' }).format(value);
}

function minus(text: string): string {
  return text.replace('-', '−');
}
