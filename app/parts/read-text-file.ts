import { decodeText } from '../../src/config/text-file.ts';
import type { DecodedText } from '../../src/config/text-file.ts';
import { pageTexts } from '../texts/page.ts';

/** The text of a file that a person chose, or a sentence that says why it is none. */
export async function readTextFile(file: File): Promise<DecodedText> {
  try {
    return decodeText(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    return {
      problem: pageTexts.unreadableFile(error instanceof Error ? error.message : String(error)),
    };
  }
}
