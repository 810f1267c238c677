/** Where learning begins: the tour, and six experiments that ask first and then answer from numbers. */
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useOffers } from '../../actions/use-offers.ts';
import { Button } from '../../parts/Button.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { useRun, useSession } from '../../session/context.tsx';
import { runExperiment } from '../../session/experiment-runner.ts';
import type { Answer } from '../../stores/experiments.ts';
import { TOUR, tour } from '../../stores/tour.ts';
import { actionTexts } from '../../texts/actions.ts';
import { experimentTexts, storyTexts, tourTexts } from '../../texts/story.ts';
import type { ExperimentId } from '../../texts/story.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './LearnView.module.css';
import '../../stores/readers.ts';

export default function LearnView() {
  const [busy, setBusy] = useState(false);
  return (
    <div className={styles.view}>
      <TourPanel />
      <Panel id="experiments" title={storyTexts.experiments}>
        <p className={styles.text}>{storyTexts.experimentsAbout}</p>
        <div className={styles.experiments}>
          {(Object.keys(experimentTexts) as ExperimentId[]).map((id) => (
            <Experiment key={id} id={id} busy={busy} setBusy={setBusy} />
          ))}
        </div>
      </Panel>
    </div>
  );
}

function TourPanel() {
  const step = useStore(tour, (state) => state.step);
  const active = useStore(tour, (state) => state.active);
  const { go, start } = tour.getState();
  return (
    <Panel id="tour" title={storyTexts.tour}>
      <p className={styles.text}>{storyTexts.tourAbout}</p>
      <div className={styles.actions}>
        <Button look="primary" disabled={active} onClick={start}>
          {step > 0 ? storyTexts.goOnAt(step + 1) : storyTexts.begin}
        </Button>
      </div>
      <ol className={styles.steps}>
        {TOUR.map(({ id }, at) => (
          <li key={id}>
            <button type="button" className={styles.step} onClick={() => go(at)}>
              {tourTexts[id].title}
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

type State =
  | { readonly kind: 'asked' }
  | { readonly kind: 'running'; readonly progress: string }
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly message: string };

interface ExperimentProps {
  readonly id: ExperimentId;
  /** One at a time: there is one run. */
  readonly busy: boolean;
  readonly setBusy: (busy: boolean) => void;
}

function Experiment({ id, busy, setBusy }: ExperimentProps) {
  const { question, predictions } = experimentTexts[id];
  const session = useSession();
  const training = useRun((state) => state.phase === 'running' || state.phase === 'preparing');
  const [guess, setGuess] = useState<number | null>(null);
  const [state, setState] = useState<State>({ kind: 'asked' });
  const button = useRef<HTMLButtonElement>(null);
  // While it ran there was nothing to press: who pressed by keyboard is back where he was.
  useEffect(() => {
    const over = state.kind === 'answered' || state.kind === 'failed';
    if (over && document.activeElement === document.body) button.current?.focus();
  }, [state.kind]);
  const run = async (): Promise<void> => {
    setBusy(true);
    setState({ kind: 'running', progress: storyTexts.building });
    try {
      const answer = await runExperiment(session, id, (progress) => setState({ kind: 'running', progress }));
      setState({ kind: 'answered', answer });
    } catch (error) {
      setState({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    } finally {
      setBusy(false);
    }
  };
  const why = guess === null ? storyTexts.guess : busy || training ? actionTexts.trainsAlready : null;
  useOffers([
    { id: `page.experiment.${id}`, group: 'page', title: actionTexts.experiment(question), why, run },
  ]);
  return (
    <fieldset className={styles.experiment}>
      <legend className={styles.question}>{question}</legend>
      {predictions.map((prediction, at) => (
        <label key={prediction} className={styles.prediction}>
          <input
            type="radio"
            name={`experiment-${id}`}
            checked={guess === at}
            disabled={state.kind === 'running' || state.kind === 'answered'}
            onChange={() => setGuess(at)}
          />
          {prediction}
        </label>
      ))}
      <div className={styles.actions}>
        <Button ref={button} disabled={guess === null || busy || training} onClick={() => void run()}>
          {state.kind === 'answered' ? storyTexts.runAgain : storyTexts.runIt}
        </Button>
        {guess === null && <span className={styles.hint}>{storyTexts.guess}</span>}
      </div>
      {state.kind === 'running' && <p className={styles.hint}>{state.progress}</p>}
      <div role="status" aria-live="polite">
        {state.kind === 'answered' && (
          <p className={styles.answer}>
            <Phrase
              text={storyTexts.answer}
              parts={{
                verdict: <b>{state.answer.holds === guess ? storyTexts.right : storyTexts.wrong}</b>,
                prediction: predictions[state.answer.holds],
                why: state.answer.text,
              }}
            />
          </p>
        )}
        {state.kind === 'failed' && <p className={styles.answer}>{state.message}</p>}
      </div>
    </fieldset>
  );
}
