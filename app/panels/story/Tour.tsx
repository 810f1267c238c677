/** The guided tour: a bar that tells, points at the real page, and acts on it when asked to. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../../parts/Button.tsx';
import { useRun, useSession } from '../../session/context.tsx';
import type { Session } from '../../session/session.ts';
import { TOUR, tour } from '../../stores/tour.ts';
import type { TourStep } from '../../stores/tour.ts';
import { pageTexts } from '../../texts/page.ts';
import { storyTexts, tourTexts } from '../../texts/story.ts';
import { goTo } from '../../views/use-view.ts';
import { takeOtherWeights } from './other-weights.ts';
import styles from './Tour.module.css';

/** Shown by the element that a step is about; base.css draws it. */
const POINTED = 'data-toured';

export default function Tour() {
  const session = useSession();
  const at = useStore(tour, (state) => state.step);
  const { go, leave } = tour.getState();
  const step = TOUR[at] ?? TOUR[0];
  const training = useRun((state) => state.phase === 'running');
  const [came, setCame] = useState<{ readonly at: number; readonly text: string } | null>(null);
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
        {came?.at === at && <p className={styles.came}>{came.text}</p>}
      </div>
      <div className={styles.buttons}>
        {action !== null && !(step.id === 'train' && training) && (
          <Button
            className={styles.act}
            onClick={() =>
              void act(session, step.id).then((told) => setCame(told === null ? null : { at, text: told }))
            }
          >
            {action}
          </Button>
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

/** Does what the step's button says. @returns what came of it, where that is not seen at once. */
async function act(session: Session, id: string): Promise<string | null> {
  switch (id) {
    case 'train':
      await session.train();
      return null;
    case 'rank':
      session.ranking.getState().choose('yours');
      return null;
    case 'apart': {
      // Cards that are on their way to another place stand in the document where they were.
      const top = (card: Element): number => card.getBoundingClientRect().top;
      const [first] = [
        ...document.querySelectorAll<HTMLElement>('#ranking li button[aria-expanded]'),
      ].toSorted((a, b) => top(a) - top(b));
      if (first?.ariaExpanded === 'false') first.click();
      first?.closest('li')?.scrollIntoView({ block: 'start' });
      return null;
    }
    case 'weight': {
      // What was opened would hide the order that changes.
      document.querySelector<HTMLElement>('#ranking li button[aria-expanded=true]')?.click();
      document.getElementById('ranking')?.scrollIntoView({ block: 'start' });
      return takeOtherWeights(session);
    }
    default:
      return null;
  }
}
