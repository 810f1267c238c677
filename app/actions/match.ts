/**
 * How well an action fits what a person looks for: 0 where a word is nowhere, more where all stand in its title, most
 * where the title begins so.
 */
export function fit(search: string, title: string, words: string): number {
  const wanted = search.toLowerCase().trim();
  const inTitle = title.toLowerCase();
  const parts = wanted.split(/\s+/);
  if (inTitle.startsWith(wanted)) return 1;
  if (parts.every((part) => inTitle.includes(part))) return 0.8;
  const all = `${inTitle} ${words.toLowerCase()}`;
  return parts.every((part) => all.includes(part)) ? 0.4 : 0;
}
