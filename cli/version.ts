/** Version of the program, as every file that it writes names it. */
import { readFileSync } from 'node:fs';

export function appVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
