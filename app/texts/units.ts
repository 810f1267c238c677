/** Units that have another name in another language. */
import { texts } from './language.ts';

export const unitTexts = texts('unit', {
  minutes: (n: string) => `${n} min`,
  hours: (n: string) => `${n} h`,
  days: (n: string) => `${n} d`,
});
