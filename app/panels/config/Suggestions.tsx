/** "You could try…": one change each for a person who does not know where to begin; what it was, what to watch, and the way back. */
import { useStore } from 'zustand';
import { ActionButton } from '../../actions/ActionButton.tsx';
import { galleryAction } from '../../actions/page-actions.ts';
import { perform } from '../../actions/action.ts';
import { takeBackAction, tryAction } from '../../actions/suggestion-actions.ts';
import { restartAction, staleChanges, trainAction } from '../../actions/run-actions.ts';
import { useConfig, useData, useRun, useSession, useSettings } from '../../session/context.tsx';
import { suggestions } from '../../session/suggestions.ts';
import { stillStands } from '../../session/tried.ts';
import type { Tried } from '../../session/tried.ts';
import { configEditorTexts } from '../../texts/config-editor.ts';
import { Phrase, anyOf } from '../../parts/Phrase.tsx';
import { suggestionTexts } from '../../texts/suggestions.ts';
import styles from './Suggestions.module.css';
import '../../stores/readers.ts';

export default function Suggestions() {
  const session = useSession();
  // What the suggestions are made for, and what tells whether one still stands.
  useConfig((state) => state.text);
  useData((state) => `${state.kind} ${state.teacher} ${state.teacherText}`);
  useSettings((state) => state.seed);
  const tried = useStore(session.page, (state) => state.tried);
  const shown = tried && stillStands(tried, session) ? tried : null;
  const possible = suggestions.filter(
    (suggestion) => suggestion.id === shown?.id || suggestion.attempt(session) !== null,
  );
  return (
    <div className={styles.suggestions}>
      <p>
        <Phrase
          text={configEditorTexts.youCouldTry}
          parts={{
            changes: anyOf(
              possible.map((suggestion) => (
                <button
                  key={suggestion.id}
                  type="button"
                  className={styles.try}
                  aria-pressed={suggestion.id === shown?.id}
                  title={suggestionTexts[suggestion.id].about}
                  onClick={() => void perform(tryAction(suggestion), session)}
                >
                  {suggestionTexts[suggestion.id].words}
                </button>
              )),
              configEditorTexts.changesEnd,
            ),
            gallery: <ActionButton action={galleryAction} look="quiet" className={styles.gallery} />,
          }}
        />
      </p>
      {shown && <Shown tried={shown} />}
    </div>
  );
}

function Shown({ tried }: { readonly tried: Tried }) {
  const session = useSession();
  const { id, lines } = tried;
  const begun = useRun((state) => state.step > 0) && staleChanges(session).length > 0;
  return (
    <section
      data-tried
      className={styles.shown}
      aria-label={configEditorTexts.tried(suggestionTexts[id].words)}
    >
      <p>{suggestionTexts[id].about}</p>
      <div className={styles.lines}>
        {lines.gone.map((line) => (
          <del key={line}>{line}</del>
        ))}
        {lines.came.map((line) => (
          <ins key={line}>{line}</ins>
        ))}
      </div>
      <p>
        <Phrase
          text={configEditorTexts.watchFor}
          parts={{ watch: <b>{configEditorTexts.watch}</b>, what: suggestionTexts[id].watch }}
        />
      </p>
      <div className={styles.buttons}>
        <ActionButton action={begun ? restartAction : trainAction}>
          {begun ? configEditorTexts.trainBeside : null}
        </ActionButton>
        <ActionButton action={takeBackAction} look="quiet">
          {configEditorTexts.takeBack}
        </ActionButton>
      </div>
    </section>
  );
}
