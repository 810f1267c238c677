/** The version as files that leave the page carry it. */
import { programName, signedText } from '../src/formats/signature.ts';

/** YAML with the version in its first line, once however often it is saved and opened. */
export const signedYaml = (text: string): string => signedText(text, __APP_VERSION__);

/** Tables of bare values have no room for a version inside: their name has it, `metrics-v1.2.3.csv`. */
export function signedName(name: string): string {
  return name.replace(/\.(csv|jsonl)$/, `-v${__APP_VERSION__}.$1`);
}

/** SVG with the version in a comment behind it, which every reader of SVG passes over. */
export function signedSvg(text: string): string {
  return `${text}\n<!-- ${programName(__APP_VERSION__)} -->\n`;
}
