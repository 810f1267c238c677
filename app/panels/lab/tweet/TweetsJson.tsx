/** A set of tweets as JSON text, with every mistake marked at its place. */
import { useState } from 'react';
import { createStore } from 'zustand/vanilla';
import { parseTweets } from '../../../../src/ranking/tweets-file.ts';
import { Button } from '../../../parts/Button.tsx';
import { marksOf } from '../../../parts/editor-problems.ts';
import TextEditor, { ownUndo } from '../../../parts/TextEditor.tsx';
import type { EditedText } from '../../../parts/TextEditor.tsx';
import { tweetToolTexts } from '../../../texts/lab-tools.ts';
import styles from './TweetTool.module.css';

const marks = marksOf((text) => ({ problems: parseTweets(text).problems }));

function tweetsText(first: string): EditedText {
  const store = createStore(() => ({ text: first }));
  return {
    text: () => store.getState().text,
    setText: (text) => store.setState({ text }),
    problems: () => marks(store.getState().text),
    subscribe: store.subscribe,
  };
}

interface TweetsJsonProps {
  /** What it begins with. */
  readonly text: string;
  readonly onUse: (text: string) => void;
}

export default function TweetsJson({ text, onUse }: TweetsJsonProps) {
  const [edited] = useState(() => tweetsText(text));
  return (
    <>
      <TextEditor label={tweetToolTexts.json} className={styles.json} edited={edited} extensions={ownUndo} />
      <div className={styles.actions}>
        <Button onClick={() => onUse(edited.text())}>{tweetToolTexts.useAsSet}</Button>
      </div>
    </>
  );
}
