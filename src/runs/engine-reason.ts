/** Why an engine goes on with a run that it ran before: what was said then stays said, and what it met since is added. */

const AGAIN = 'It ran this run before.';

/**
 * @param before the reason of the run's last engine record.
 * @param notes the engine's own sentences, of kernels that it gave up.
 */
export function reasonAgain(before: string, notes: readonly string[]): string {
  const said = before.startsWith(AGAIN) ? before.slice(AGAIN.length).trim() : before.trim();
  const more = notes.filter((note) => !said.includes(note));
  return [AGAIN, said, ...more].filter((sentence) => sentence !== '').join(' ');
}
