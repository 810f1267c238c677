/** Units that have another name in another language. */
import { texts } from './language.ts';

export const unitTexts = texts('unit', {
  /** Behind a short number, 12.3K: thousand, million, billion (10⁹), trillion (10¹²). */
  thousand: 'K',
  million: 'M',
  billion: 'B',
  trillion: 'T',
  minutes: (n: string) => `${n} min`,
  hours: (n: string) => `${n} h`,
  days: (n: string) => `${n} d`,
});
