/** The tour, from wherever a person is. */
import { TOUR, tour } from '../stores/tour.ts';
import { actionTexts } from '../texts/actions.ts';
import type { Action } from './action.ts';

const active = (): boolean => tour.getState().active;

export const tourActions: readonly Action[] = [
  {
    id: 'page.tour',
    group: 'page',
    title: () => (tour.getState().step > 0 ? actionTexts.tourOn : actionTexts.tour),
    whyNot: () => (active() ? actionTexts.tourShown : null),
    run: () => tour.getState().start(),
  },
  {
    id: 'page.tour.next',
    group: 'page',
    title: () => actionTexts.tourNext,
    whyNot: () => (active() ? null : actionTexts.noTour),
    run: () => tour.getState().go(tour.getState().step + 1),
  },
  {
    id: 'page.tour.back',
    group: 'page',
    title: () => actionTexts.tourBack,
    whyNot: () => (active() ? (tour.getState().step > 0 ? null : actionTexts.tourFirst) : actionTexts.noTour),
    run: () => tour.getState().go(tour.getState().step - 1),
  },
  {
    id: 'page.tour.leave',
    group: 'page',
    title: () => actionTexts.tourLeave(TOUR.length),
    whyNot: () => (active() ? null : actionTexts.noTour),
    run: () => tour.getState().leave(),
  },
];
