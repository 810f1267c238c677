/** The guided tour: a bar that tells, points at the real page, and acts on it when asked to. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { publishedScoreWeights } from '../../../src/ranking/score-weights.ts';
import { Button } from '../../parts/Button.tsx';
import { useRun, useSession } from '../../session/context.tsx';
import type { Session } from '../../session/session.ts';
import { TOUR, tour } from '../../stores/tour.ts';
import type { TourStep } from '../../stores/tour.ts';
import { pageTexts } from '../../texts/page.ts';
import { storyTexts, tourTexts } from '../../texts/story.ts';
import { goTo } from '../../views/use-view.ts';
import styles from './Tour.module.css';

/** Shown by the element that a step is about; base.css draws it. */
const POINTED = 'data-toured';

export default function Tour() {
  const session = useSession();
  const at = useStore(tour, (state) => state.step);
  const { go, leave } = tour.getState();
  const step = TOUR[at] ?? TOUR[0];
  const training = useRun((state) => state.phase === 'running');
  useEffect(() => step && pointAt(step), [step]);
  if (!step) return null;
  const last = at === TOUR.length - 1;
  const { title, text, action } = tourTexts[step.id];
  return (
    <section className={styles.tour} aria-label={storyTexts.tourRegion}>
      <div className={styles.words} role="status" aria-live="polite">
        <p className={styles.count}>{storyTexts.stepOf(at + 1, TOUR.length)}</p>
        <h2 className={styles.title}>{title}</h2>
        <p className={styles.text}>{text}</p>
      </div>
      <div className={styles.buttons}>
        {action !== null && !(step.id === 'train' && training) && (
          <Button onClick={() => void act(session, step.id)}>{action}</Button>
        )}
        <Button disabled={at === 0} onClick={() => go(at - 1)}>
          {storyTexts.back}
        </Button>
        <Button look="primary" onClick={() => go(at + 1)}>
          {last ? storyTexts.done : storyTexts.next}
        </Button>
        <Button look="quiet" onClick={leave}>
          {storyTexts.leave}
        </Button>
      </div>
    </section>
  );
}

/** Brings what a step is about into sight and marks it, for as long as the step lasts. */
function pointAt({ view, target, place }: TourStep): () => void {
  goTo(view);
  let marked: Element | null = null;
  // The view may have to be loaded, and on a phone its place chosen.
  const timer = setInterval(() => {
    const found = target === null ? null : document.getElementById(target);
    if (!found) return;
    if (found.offsetParent === null && place !== null) {
      const tab = [...document.querySelectorAll<HTMLElement>('[role=tab]')].find(
        ({ textContent }) => textContent === pageTexts.places[place],
      );
      tab?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }));
      return;
    }
    clearInterval(timer);
    marked = found;
    found.setAttribute(POINTED, '');
    found.scrollIntoView({ block: 'start' });
  }, 50);
  return () => {
    clearInterval(timer);
    marked?.removeAttribute(POINTED);
  };
}

async function act(session: Session, id: string): Promise<void> {
  const ranking = session.ranking.getState();
  const scoring = session.scoring.getState();
  switch (id) {
    case 'train':
      return session.train();
    case 'rank':
      return ranking.choose('yours');
    case 'apart':
      document.querySelector<HTMLElement>('#ranking button[aria-expanded=false]')?.click();
      return;
    case 'weight': {
      const other = publishedScoreWeights.find((set) => set.id !== scoring.weights.id);
      if (other) scoring.chooseWeights(other.id);
    }
  }
}
