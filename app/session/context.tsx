/** The session for React: a context, and hooks that read one value of a store. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ConfigState } from '../stores/config.ts';
import type { DataState } from '../stores/data.ts';
import type { EvaluationView } from '../stores/evaluation.ts';
import type { RankingState } from '../stores/ranking.ts';
import type { RunState } from '../stores/run.ts';
import type { ScoringState } from '../stores/scoring.ts';
import type { SettingsState } from '../stores/settings.ts';
import type { TweetsState } from '../stores/tweets.ts';
import type { DraftState } from './draft.ts';
import type { Session } from './session.ts';

const SessionContext = createContext<Session | null>(null);

export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider above it.');
  return session;
}

export function useConfig<T>(select: (state: ConfigState) => T): T {
  return useStore(useSession().config, select);
}

export function useSettings<T>(select: (state: SettingsState) => T): T {
  return useStore(useSession().settings, select);
}

export function useData<T>(select: (state: DataState) => T): T {
  return useStore(useSession().data, select);
}

export function useRun<T>(select: (state: RunState) => T): T {
  return useStore(useSession().run, select);
}

export function useRanking<T>(select: (state: RankingState) => T): T {
  return useStore(useSession().ranking, select);
}

export function useEvaluation<T>(select: (state: EvaluationView) => T): T {
  return useStore(useSession().evaluation, select);
}

export function useDraft<T>(select: (state: DraftState) => T): T {
  return useStore(useSession().draft, select);
}

export function useScoring<T>(select: (state: ScoringState) => T): T {
  return useStore(useSession().scoring, select);
}

export function useTweets<T>(select: (state: TweetsState) => T): T {
  return useStore(useSession().tweets, select);
}
