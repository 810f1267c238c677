/** What the parts of the page that are shown now can do, besides the actions that are always there: the palette lists it. */

export interface Offer {
  /** Unique on the page, e.g. 'chart.Loss.csv'. */
  readonly id: string;
  /** Of actions.ts; that of charts and tables without one. */
  readonly group?: 'data' | 'ranking' | 'runs' | 'page';
  readonly title: string;
  /** Why it can't be done now, as a sentence; null where it can. */
  readonly why: string | null;
  readonly run: () => void | Promise<void>;
}

export class Offers {
  private readonly sources = new Set<() => readonly Offer[]>();

  /** @param source is asked when the offers are looked at. @returns takes it away again. */
  add(source: () => readonly Offer[]): () => void {
    this.sources.add(source);
    return () => void this.sources.delete(source);
  }

  /** In the order in which the parts came, each id once. */
  now(): Offer[] {
    const offers = [...this.sources].flatMap((source) => source());
    return [...new Map(offers.map((offer) => [offer.id, offer])).values()];
  }
}
