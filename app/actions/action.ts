/**
 * An action: something that a person can do, said once. Buttons, keys, the palette and the sheet of shortcuts read it;
 * actions.ts lists them all.
 */
import type { Session } from '../session/session.ts';
import { actionTexts, actionWords } from '../texts/actions.ts';

export const GROUPS = [
  'run',
  'edit',
  'config',
  'data',
  'ranking',
  'share',
  'views',
  'page',
  'runs',
  'charts',
] as const;
export type ActionGroup = (typeof GROUPS)[number];

export interface Action {
  /** Unique, e.g. 'run.train'. */
  readonly id: string;
  readonly group: ActionGroup;
  /** What it would do now, as a button says it. */
  readonly title: (session: Session) => string;
  /** Other words that a person may look for it by, besides those that stand under its id in texts/actions.ts. */
  readonly words?: () => string;
  /** Keys of one press, as 'Mod+Enter' (Mod is Ctrl, on a Mac Cmd); see keys.ts. */
  readonly keys?: string;
  /** The same on other keyboards' habits; not shown. */
  readonly otherKeys?: readonly string[];
  /** Whether the keys count while a person types, too. */
  readonly whileTyping?: boolean;
  /** Why it can't be done now, as a sentence; null where it can. Without one it always can. */
  readonly whyNot?: (session: Session) => string | null;
  /** Whether it is found by its words only: it stands in no list before something is looked for. */
  readonly unlisted?: boolean;
  /** Whether it opens a field to write into. */
  readonly takesFocus?: boolean;
  /** Whether a button that does it waits until it is done before it can be pressed again. */
  readonly once?: boolean;
  readonly run: (session: Session) => void | Promise<void>;
}

export function titleOf({ title }: Action, session: Session): string {
  return title(session);
}

export function wordsOf({ id, words }: Action): string {
  return words?.() ?? actionWords[id] ?? '';
}

export function whyNot(action: Action, session: Session): string | null {
  return action.whyNot?.(session) ?? null;
}

/** Does it where it can be done; what goes wrong is said on the page. */
export async function perform(action: Action, session: Session): Promise<void> {
  if (whyNot(action, session) !== null) return;
  try {
    await action.run(session);
  } catch (error) {
    session.page.getState().say({
      tone: 'error',
      title: actionTexts.failed(titleOf(action, session)),
      text: error instanceof Error ? error.message : String(error),
    });
  }
}
