/** The set as a whole: tweets added, sets saved, and JSON in and out, with the place of every mistake. */
import { Suspense, useState } from 'react';
import { tweetsToJson } from '../../../../src/ranking/tweets-file.ts';
import { ActionButton } from '../../../actions/ActionButton.tsx';
import { saveTweetsAction } from '../../../actions/export-actions.ts';
import {
  addTweetAction,
  deleteTweetsAction,
  keepTweetsAction,
  resetTweetsAction,
} from '../../../actions/ranking-actions.ts';
import { Button } from '../../../parts/Button.tsx';
import { FileButton } from '../../../parts/FileButton.tsx';
import { Section } from '../../../parts/Panel.tsx';
import { retryable } from '../../../parts/retryable.ts';
import { takeTweets, textOfFile } from '../../../session/ranking-files.ts';
import { useSession, useTweets } from '../../../session/context.tsx';
import { useShownTweets } from '../../ranking/use-ranked.tsx';
import { SaveAs } from '../SaveAs.tsx';
import { tweetToolTexts } from '../../../texts/lab-tools.ts';
import styles from './TweetTool.module.css';

const TweetsJson = retryable(() => import('./TweetsJson.tsx'));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function SetsSection() {
  const { ranking, tweets: tweetStore } = useSession();
  const shown = useShownTweets();
  const set = useTweets((state) => state.set);
  const ownSets = useTweets((state) => state.ownSets);
  const own = ownSets.find(({ id }) => id === set);
  /** What the set is as text, while a person edits it so. */
  const [json, setJson] = useState<string | null>(null);
  const [problems, setProblems] = useState<string | null>(null);
  /** What a file opened does not say. */
  const [notes, setNotes] = useState<readonly string[]>([]);
  const { saveAs } = tweetStore.getState();
  const tweets = shown.map(({ tweet }) => tweet);

  const take = (name: string, text: string): boolean => {
    setProblems(null);
    setNotes([]);
    try {
      setNotes(takeTweets(name, text, { tweets: tweetStore, ranking }).notes);
      return true;
    } catch (error) {
      setProblems(messageOf(error));
      return false;
    }
  };

  return (
    <Section title={tweetToolTexts.set(shown.length)}>
      <div className={styles.sets}>
        <ActionButton action={addTweetAction} />
        <SaveAs
          action={keepTweetsAction}
          what="tweets"
          label={tweetToolTexts.saveAs}
          suggestion={tweetToolTexts.suggestedName}
          onSave={(name) => saveAs(name, tweets)}
        />
        {own && <ActionButton action={deleteTweetsAction}>{tweetToolTexts.deleteSet}</ActionButton>}
        <ActionButton action={resetTweetsAction}>{tweetToolTexts.resetAll}</ActionButton>
        <FileButton
          label={tweetToolTexts.openJson}
          look="normal"
          title={tweetToolTexts.openJsonHint}
          onFile={(file) => {
            textOfFile(file)
              .then((text) => {
                // What is wrong with it can be mended at once.
                if (!take(file.name, text)) setJson(text);
              })
              .catch((error: unknown) => setProblems(`${file.name}: ${messageOf(error)}`));
          }}
        />
        <ActionButton action={saveTweetsAction}>{tweetToolTexts.downloadJson}</ActionButton>
        <Button
          aria-expanded={json !== null}
          onClick={() => {
            setProblems(null);
            setJson(json === null ? tweetsToJson(tweets) : null);
          }}
        >
          {json === null ? tweetToolTexts.editJson : tweetToolTexts.closeJson}
        </Button>
      </div>
      {notes.length > 0 && (
        <p className={styles.about} role="status">
          {notes.join(' ')}
        </p>
      )}
      {problems && (
        <pre className={styles.problems} role="alert">
          {problems}
        </pre>
      )}
      {json !== null && (
        <Suspense fallback={<div className={styles.json} />}>
          <TweetsJson
            key={json}
            text={json}
            onUse={(text) => {
              if (take(tweetToolTexts.fromJson, text)) setJson(null);
            }}
          />
        </Suspense>
      )}
    </Section>
  );
}
