/** Looks into the model at sensible moments: what was asked for last is shown, older answers are dropped. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Tweet } from '../../../src/ranking/tweets.ts';
import type { ModelLook } from '../../../src/workers/model-protocol.ts';
import type { PartHealth } from '../../../src/training/model-health.ts';
import { CADENCE } from '../../cadence.ts';
import { ModelClient } from '../../session/model-client.ts';
import { fetchPretrained } from '../../session/pretrained-recipe.ts';
import type { Session } from '../../session/session.ts';
import { useRun, useSession } from '../../session/context.tsx';

/** A model of more parameters is looked at less often. */
const LARGE = 5_000_000;
/** Above this the plain interpreter would take long for many tweets. */
const OTHERS = 48;

export type LookedAt = 'untrained' | 'pretrained' | 'yours';

type Answer<T> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'ready'; readonly value: T; readonly step: number };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** One client as long as the view is shown. */
function useClient(): () => ModelClient {
  const client = useRef<ModelClient | null>(null);
  useEffect(
    () => () => {
      client.current?.dispose();
      client.current = null;
    },
    [],
  );
  return useCallback(() => (client.current ??= new ModelClient()), []);
}

/** Grows every few seconds while the run trains, and when it pauses or goes elsewhere. */
function useMoments(): number {
  const { run } = useSession();
  const [moment, setMoment] = useState(0);
  useEffect(() => {
    const next = (): void => setMoment((before) => before + 1);
    let [last, timer] = [-Infinity, null as ReturnType<typeof setTimeout> | null];
    const stop = run.subscribe((state, before) => {
      if (state.step === before.step && state.phase === before.phase && state.manifest === before.manifest) {
        return;
      }
      const interval = (state.info?.parameters ?? 0) > LARGE ? CADENCE.largeModel : CADENCE.model;
      const wait = state.phase === 'running' ? Math.max(0, interval - (performance.now() - last)) : 0;
      timer ??= setTimeout(() => {
        timer = null;
        last = performance.now();
        next();
      }, wait);
    });
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, [run]);
  return moment;
}

/** @returns null while there is no run. */
async function lookedAt(session: Session, by: LookedAt) {
  if (by === 'pretrained') {
    const { recipe, weights, step } = await fetchPretrained();
    return { recipe, weights, step };
  }
  const { manifest, step } = session.run.getState();
  if (!manifest) return null;
  const blob = await session.exports.weights('weights', by === 'untrained' ? 'initial' : 'now');
  return { recipe: manifest.recipe, weights: await blob.arrayBuffer(), step: by === 'yours' ? step : 0 };
}

/** What the model makes of a tweet. */
export function useModelLook(by: LookedAt, tweet: Tweet | null, task: string): Answer<ModelLook> {
  const session = useSession();
  const client = useClient();
  const moment = useMoments();
  const built = useRun((state) => state.info !== null);
  const [answer, setAnswer] = useState<Answer<ModelLook>>({ kind: 'waiting' });
  const fresh = by === 'yours' ? moment : 0;
  useEffect(() => {
    void fresh;
    let current = true;
    const others = session.ranking.getState().tweets.filter(({ id }) => id !== tweet?.id);
    const ask = async (): Promise<void> => {
      if (!tweet || (by !== 'pretrained' && !built)) return;
      const found = await lookedAt(session, by);
      if (!found) return;
      const { recipe, weights, step } = found;
      const request = { recipe, weights, tweet, others: others.slice(0, OTHERS), task };
      const value = await client().call('look', request, [weights]);
      if (current) setAnswer({ kind: 'ready', value, step });
    };
    ask().catch((error: unknown) => {
      if (current) setAnswer({ kind: 'failed', message: messageOf(error) });
    });
    return () => {
      current = false;
    };
  }, [session, client, by, tweet, task, fresh, built]);
  return answer;
}

/** How the run's parts are doing. */
export function useModelHealth(): Answer<readonly PartHealth[]> {
  const session = useSession();
  const client = useClient();
  const moment = useMoments();
  const built = useRun((state) => state.info !== null);
  const [answer, setAnswer] = useState<Answer<readonly PartHealth[]>>({ kind: 'waiting' });
  useEffect(() => {
    void moment;
    let current = true;
    const ask = async (): Promise<void> => {
      const { manifest, series } = session.run.getState();
      if (!built || !manifest) return;
      const blob = await session.exports.weights('checkpoint');
      const checkpoint = await blob.arrayBuffer();
      const rates = Object.fromEntries(
        (series?.groups ?? []).map((group, i) => [group, series?.learningRates(i).at(-1) ?? 0]),
      );
      const { rows, tweets } = session.ranking.getState();
      const request = { recipe: manifest.recipe, checkpoint, rates, tweets: rows ? [] : tweets };
      const { parts, step } = await client().call('health', request, [checkpoint]);
      if (current) setAnswer({ kind: 'ready', value: parts, step });
    };
    ask().catch((error: unknown) => {
      if (current) setAnswer({ kind: 'failed', message: messageOf(error) });
    });
    return () => {
      current = false;
    };
  }, [session, client, moment, built]);
  return answer;
}

export function useTweets(): readonly Tweet[] {
  const { ranking } = useSession();
  return useStore(ranking, (state) => state.tweets);
}
