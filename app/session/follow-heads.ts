/** Keeps the page's names and colours of own heads in step with the models at hand: the run's first, then the draft's. */
import type { TableColumns } from '../../src/data/tables/columns-file.ts';
import { setOwnHeads } from '../heads.ts';
import type { OwnHead } from '../heads.ts';
import type { DataStore } from '../stores/data.ts';
import type { RunStore } from '../stores/run.ts';
import type { DraftStore } from './draft.ts';

interface Sources {
  readonly run: RunStore;
  readonly draft: DraftStore;
  readonly data: DataStore;
}

/** Follows the stores for as long as they live. Before anything draws from them. */
export function followHeads({ run, draft, data }: Sources): void {
  const update = (): void => {
    const { manifest, config: trained } = run.getState();
    const { config: shown } = draft.getState();
    const own = manifest?.recipe.data;
    const titles = new Map([
      ...titlesOf(data.getState().table?.columns),
      ...titlesOf(own?.kind === 'table' ? own.columns : undefined),
    ]);
    setOwnHeads(
      [trained, shown].flatMap((config): OwnHead[] =>
        Object.keys(config?.model.tasks ?? {}).map((task) => ({ task, title: titles.get(task) ?? null })),
      ),
    );
  };
  run.subscribe((state, before) => {
    if (state.manifest !== before.manifest) update();
  });
  draft.subscribe((state, before) => {
    if (state.config !== before.config) update();
  });
  data.subscribe((state, before) => {
    if (state.table !== before.table) update();
  });
  update();
}

/** Of a columns.json, which a manifest holds unread. */
function titlesOf(columns: TableColumns | Readonly<Record<string, unknown>> | undefined): [string, string][] {
  const heads: unknown = columns?.['heads'];
  if (!Array.isArray(heads)) return [];
  return heads.flatMap((head: Partial<TableColumns['heads'][number]> | null): [string, string][] =>
    typeof head?.name === 'string' && typeof head.title === 'string' ? [[head.name, head.title]] : [],
  );
}
