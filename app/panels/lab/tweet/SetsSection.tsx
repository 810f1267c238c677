/** The set as a whole: tweets added, sets saved, and JSON in and out, with the place of every mistake. */
import { Suspense, useState } from 'react';
import { parseTweets, tweetsToJson } from '../../../../src/ranking/tweets-file.ts';
import { problemsText } from '../../../../src/config/text/text-problem.ts';
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
import { readTextFile } from '../../../parts/read-text-file.ts';
import { retryable } from '../../../parts/retryable.ts';
import { useSession, useTweets } from '../../../session/context.tsx';
import { useShownTweets } from '../../ranking/use-ranked.tsx';
import { SaveAs } from '../SaveAs.tsx';
import { tweetToolTexts } from '../../../texts/lab-tools.ts';
import styles from './TweetTool.module.css';

const TweetsJson = retryable(() => import('./TweetsJson.tsx'));

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
    const { value, problems: found, notes = [] } = parseTweets(text);
    setProblems(value ? null : problemsText(found));
    setNotes(value ? notes : []);
    if (!value) return false;
    saveAs(name, value);
    ranking.getState().select(null);
    return true;
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
            void readTextFile(file).then((read) => {
              if ('problem' in read) setProblems(`${file.name}: ${read.problem}`);
              else if (!take(file.name.replace(/\.json$/, ''), read.text)) setJson(read.text);
            });
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
