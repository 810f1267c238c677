/** Which tweets are ranked, by which weights, under which heuristics: one choice for the whole page. */
import { heuristicPreset, heuristicPresets } from '../../../src/ranking/heuristics/presets.ts';
import { scenarios } from '../../../src/ranking/scenarios/index.ts';
import { weightsCaution } from '../../../src/ranking/score-weights.ts';
import { Select } from '../../parts/Field.tsx';
import { useRanking, useScoring, useSession, useTweets } from '../../session/context.tsx';
import { stepsChanged } from '../../stores/scoring.ts';
import { ALL } from '../../stores/tweets.ts';
import { useHeadWeights, useTasks, useWeightSets } from './use-ranked.tsx';
import { rankingTexts } from '../../texts/ranking.ts';

interface SelectProps {
  readonly className?: string | undefined;
  readonly hideLabel?: boolean;
}

export function TweetsSelect({ className }: SelectProps) {
  const { tweets } = useSession();
  const set = useTweets((state) => state.set);
  const ownSets = useTweets((state) => state.ownSets);
  const samples = useRanking((state) => state.tweets.length);
  return (
    <Select
      label={rankingTexts.tweets}
      value={set}
      className={className}
      options={[
        ...[...scenarios, ...ownSets].map(({ id, label, tweets: own }) => ({
          value: id,
          label: rankingTexts.setOf(label, own.length),
        })),
        { value: ALL, label: rankingTexts.allSamples(samples) },
      ]}
      onChange={tweets.getState().choose}
    />
  );
}

/** Sets of weights for the model's heads. */
export function WeightsSelect({ className, hideLabel }: SelectProps) {
  const { scoring } = useSession();
  const tasks = useTasks();
  const weights = useHeadWeights(tasks);
  const { sets, changed } = useWeightSets(tasks);
  // One that came by a link is none of those.
  const all = sets.some(({ id }) => id === weights.id) ? sets : [...sets, weights];
  return (
    <Select
      label={rankingTexts.headWeights}
      className={className}
      hideLabel={hideLabel ?? false}
      value={weights.id}
      hint={`${weights.source} ${weightsCaution}`}
      options={all.map(({ id, label }) => ({
        value: id,
        label: id === weights.id && changed ? rankingTexts.changed(label) : label,
      }))}
      onChange={(id) => scoring.getState().chooseWeights(id, tasks)}
    />
  );
}

export function HeuristicsSelect({ className, hideLabel }: SelectProps) {
  const { scoring } = useSession();
  const preset = useScoring((state) => state.preset);
  const steps = useScoring((state) => state.steps);
  const changed = stepsChanged({ steps, preset });
  const { label, note } = heuristicPreset(preset);
  return (
    <Select
      label={rankingTexts.heuristics}
      className={className}
      hideLabel={hideLabel ?? false}
      value={preset}
      hint={rankingTexts.heuristicsAbout(label, note)}
      options={heuristicPresets.map(({ id, label: name }) => ({
        value: id,
        label: id === preset && changed ? rankingTexts.changed(name) : name,
      }))}
      onChange={scoring.getState().choosePreset}
    />
  );
}
