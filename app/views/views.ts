/** The page's views: adding one is a folder and a line here. Everything but the first is loaded when it is first shown. */
import { createElement } from 'react';
import type { ComponentType, ReactElement } from 'react';
import { retryable } from '../parts/retryable.ts';

export interface View {
  /** Its title stands in texts/page.ts. */
  readonly id: string;
  /** Behind the '#' of the address. */
  readonly route: string;
  /** Pressed alone, outside text. */
  readonly key: string;
  readonly load: () => Promise<{ default: ComponentType }>;
}

export const views = [
  { id: 'train', route: '/train', key: '1', load: () => import('./train/TrainView.tsx') },
  { id: 'rank', route: '/rank', key: '2', load: () => import('./rank/RankView.tsx') },
  { id: 'model', route: '/model', key: '3', load: () => import('./model/ModelView.tsx') },
  { id: 'runs', route: '/runs', key: '4', load: () => import('./runs/RunsView.tsx') },
  { id: 'learn', route: '/learn', key: '5', load: () => import('./learn/LearnView.tsx') },
  { id: 'about', route: '/about', key: '6', load: () => import('./about/AboutView.tsx') },
] as const satisfies readonly View[];

export type ViewId = (typeof views)[number]['id'];

/** By id, each made once: what is loaded is kept. */
export const viewElements: ReadonlyMap<ViewId, ReactElement> = new Map(
  views.map(({ id, load }) => [id, createElement(retryable<object>(load))]),
);

/** The view of an address's hash; the first for none, and for one that no view has. */
export function viewOf(hash: string): ViewId {
  const route = hash.replace(/^#/, '').split('?')[0];
  return views.find((view) => view.route === route)?.id ?? 'train';
}

export function routeOf(id: ViewId): string {
  return `#${views.find((view) => view.id === id)?.route ?? ''}`;
}
