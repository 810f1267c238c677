/** Files that a person dropped or chose. */
import type { FileKind } from '../session/file-kinds.ts';
import type { Session } from '../session/session.ts';
import { goTo } from '../views/use-view.ts';
import { actionTexts } from '../texts/actions.ts';

/**
 * Each where its kind belongs; the page says what came of them, and shows it.
 * @param kind what a button asked for.
 */
export async function take(
  session: Session,
  files: readonly File[],
  kind: FileKind | null = null,
): Promise<void> {
  try {
    const { takeFiles } = await import('../session/take-files.ts');
    const view = await takeFiles(files, session, kind);
    if (view) goTo(view);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    session.page.getState().say({ tone: 'error', title: actionTexts.nothingTaken, text });
  }
}
