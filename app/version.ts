/** The version as files that leave the page carry it. */

/** In files that have room for words: comments, metadata. */
const program = (): string => `Heavy Ranker Playground ${__APP_VERSION__}`;

const COMMENT = /^# Heavy Ranker Playground \S+\n/;

/** YAML with the version in its first line, once however often it is saved and opened. */
export function signedYaml(text: string): string {
  return `# ${program()}\n${text.replace(COMMENT, '')}`;
}

/** Bare data has no room for a version inside: its name has it, `metrics-v1.2.3.csv`. */
export function signedName(name: string): string {
  return name.replace(/\.(csv|jsonl|png|tfrecord\.gz)$/, `-v${__APP_VERSION__}.$1`);
}

/** SVG with the version in a comment behind it, which every reader of SVG passes over. */
export function signedSvg(text: string): string {
  return `${text}\n<!-- ${program()} -->\n`;
}
