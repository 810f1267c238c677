/** The selected tweet as a form: its text and badges, and every named feature that the model reads. */
import { useEffect, useState } from 'react';
import { catalogue } from '../../../../src/data/catalogue/catalogue.ts';
import type { CatalogueFeature } from '../../../../src/data/catalogue/catalogue.ts';
import type { Tweet } from '../../../../src/ranking/tweets.ts';
import { Button } from '../../../parts/Button.tsx';
import { Check } from '../../../parts/Field.tsx';
import { Section } from '../../../parts/Panel.tsx';
import { sameTweet, withFeature } from '../../../stores/tweets.ts';
import type { ShownTweet } from '../../../stores/tweets.ts';
import { useSession } from '../../../session/context.tsx';
import { useMoment, useSelected } from '../../ranking/use-ranked.tsx';
import { NumberField } from '../../../parts/NumberField.tsx';
import { SelectedTweet } from '../SelectedTweet.tsx';
import { Waiting } from '../Waiting.tsx';
import { FeatureField } from './FeatureField.tsx';
import { SetsSection } from './SetsSection.tsx';
import { tweetToolTexts } from '../../../texts/lab-tools.ts';
import { Phrase } from '../../../parts/Phrase.tsx';
import styles from './TweetTool.module.css';

export default function TweetTool() {
  const selected = useSelected();
  return (
    <>
      {selected ? (
        <>
          <SelectedTweet entry={selected} />
          <Editor key={selected.item.key} item={selected.item} />
        </>
      ) : (
        <Waiting />
      )}
      <SetsSection />
    </>
  );
}

interface Values {
  readonly values: Float32Array;
  readonly usable: readonly boolean[];
}

/** The tweet's features as the model gets them; the last ones stand while new ones are worked out. */
export function useFeatureValues(tweet: Tweet): Values | null {
  const { rankingModel } = useSession();
  const { at } = useMoment();
  const [values, setValues] = useState<Values | null>(null);
  useEffect(() => {
    let current = true;
    rankingModel
      .ask('values', at, () => ({ tweet }))
      .then(
        (found) => {
          if (current) setValues(found);
        },
        // Without a run there is no model whose features these would be; the timeline says so.
        () => {},
      );
    return () => {
      current = false;
    };
  }, [rankingModel, at, tweet]);
  return values;
}

function Editor({ item }: { item: ShownTweet }) {
  const { tweets: tweetStore } = useSession();
  const { tweet, original, edited, added } = item;
  const found = useFeatureValues(tweet);
  const { edit, reset, remove } = tweetStore.getState();
  const change = (next: Tweet): void => {
    if (sameTweet(next, original)) reset(item.key);
    else edit(item.key, next);
  };
  const field = (feature: CatalogueFeature, at: number) => {
    if (!found) return null;
    const own = tweet.features?.[feature.name];
    return (
      <FeatureField
        key={feature.name}
        feature={feature}
        value={own ?? found.values[at]!}
        usable={found.usable[at]! || own !== undefined}
        changed={own !== original.features?.[feature.name]}
        onChange={(value) => change(withFeature(tweet, feature.name, value))}
        onReset={() => change(withFeature(tweet, feature.name, original.features?.[feature.name]))}
      />
    );
  };
  return (
    <>
      <Section
        title={tweetToolTexts.tweet}
        tools={
          <>
            {added && (
              <Button look="quiet" onClick={() => remove(item.key)}>
                {tweetToolTexts.remove}
              </Button>
            )}
            <Button look="quiet" disabled={!edited} onClick={() => reset(item.key)}>
              {tweetToolTexts.resetTweet}
            </Button>
          </>
        }
      >
        <div className={styles.basics}>
          <label>
            <span>{tweetToolTexts.text}</span>
            <textarea
              rows={3}
              value={tweet.text}
              maxLength={4000}
              onChange={(event) => change({ ...tweet, text: event.target.value })}
            />
          </label>
          <label>
            <span>{tweetToolTexts.author}</span>
            <input
              value={tweet.author.name}
              maxLength={50}
              onChange={(event) => {
                const name = event.target.value;
                if (name !== '') change({ ...tweet, author: { ...tweet.author, name } });
              }}
            />
          </label>
          <div className={styles.switches}>
            <Check
              label={tweetToolTexts.inNetwork}
              checked={tweet.inNetwork}
              onChange={(inNetwork) => change({ ...tweet, inNetwork })}
            />
            <Check
              label={tweetToolTexts.verified}
              checked={tweet.author.verified}
              onChange={(verified) => change({ ...tweet, author: { ...tweet.author, verified } })}
            />
            <Check
              label={tweetToolTexts.creator}
              checked={tweet.author.creator}
              onChange={(creator) => change({ ...tweet, author: { ...tweet.author, creator } })}
            />
            <Check
              label={tweetToolTexts.reply}
              checked={tweet.isReply}
              onChange={(isReply) => change({ ...tweet, isReply })}
            />
            <Check
              label={tweetToolTexts.retweet}
              checked={tweet.isRetweet}
              onChange={(isRetweet) => change({ ...tweet, isRetweet })}
            />
            <Check
              label={tweetToolTexts.seeLess}
              checked={tweet.feedbackFatigueDays !== undefined}
              onChange={(asked) => {
                const { feedbackFatigueDays: _old, ...rest } = tweet;
                change(asked ? { ...rest, feedbackFatigueDays: 20 } : rest);
              }}
            />
            {tweet.feedbackFatigueDays !== undefined && (
              <span className={styles.days}>
                <Phrase
                  text={tweetToolTexts.daysAgo}
                  parts={{
                    days: (
                      <NumberField
                        small
                        label={tweetToolTexts.seeLessDays}
                        value={tweet.feedbackFatigueDays}
                        min={0}
                        max={3650}
                        onChange={(feedbackFatigueDays) => change({ ...tweet, feedbackFatigueDays })}
                      />
                    ),
                  }}
                />
              </span>
            )}
          </div>
        </div>
      </Section>
      <Section title={tweetToolTexts.features}>
        <p className={styles.about}>{tweetToolTexts.featuresAbout}</p>
        <div className={styles.features}>
          {catalogue.map((feature, at) => feature.tensor === 'continuous' && field(feature, at))}
        </div>
        <div className={styles.flags}>
          {catalogue.map((feature, at) => feature.tensor === 'binary' && field(feature, at))}
        </div>
      </Section>
    </>
  );
}
