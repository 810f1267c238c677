/** What the page can do with a table of one's own: look at it, train on it, watch its held-out rows, predict another. Loaded when a table is first met. */
import type { RecapBatch } from '../../src/data/recap-batch.ts';
import type { RunData, RunManifest } from '../../src/runs/manifest.ts';
import { openRecipe } from '../../src/runs/recipe.ts';
import { hasFiles } from '../../src/runs/streams.ts';
import type { RunFiles } from '../../src/runs/streams.ts';
import type { TableSummary } from '../../src/data/tables/table-summary.ts';
import type { Playground } from '../../src/workers/clients.ts';
import type { DataProtocol, MadeTable, TableRows, TableToRead } from '../../src/workers/protocol.ts';
import type { RpcClient } from '../../src/workers/rpc.ts';
import type { ConfigStore } from '../stores/config.ts';
import type { DataStore, OwnTable } from '../stores/data.ts';
import type { RunStore } from '../stores/run.ts';
import { SessionInputError } from './draft-recipe.ts';
import { sessionTexts } from '../texts/session.ts';

/** Held-out rows that are ranked. */
const RANKED_ROWS = 50;

type Requests = DataProtocol['requests'];

interface Parts {
  readonly data: DataStore;
  readonly config: ConfigStore;
  readonly run: RunStore;
  open(id: string): Promise<boolean>;
}

export class TableActions {
  constructor(
    private readonly session: Parts,
    private readonly workers: () => Playground,
  ) {}

  /** @throws TableError for a file that is no table; the signal's reason. */
  profile(table: TableToRead, signal: AbortSignal): Promise<TableSummary> {
    return this.reading((data) => data.call('profileTable', table, { signal }));
  }

  /** @throws TableError for choices that the table does not allow. */
  make(params: Requests['makeTable']['params'], signal: AbortSignal): Promise<MadeTable> {
    return this.reading((data) => data.call('makeTable', params, { signal }));
  }

  /** Trains on a table from now on: its configuration comes into the editor. */
  use(file: File, { columns, schema, config, counts }: MadeTable): void {
    const { name, size } = file;
    const { set, setTable } = this.session.data.getState();
    setTable({ name, size, columns, schema, counts }, file);
    set({ wanted: [] });
    this.session.config
      .getState()
      .open(`${name.replace(/(?:\.[A-Za-z0-9]+)+$/, '') || 'table'}.yaml`, config);
  }

  /**
   * Gives a table that is known its file again, after a reload; a run that waited for it goes on.
   * @returns whether the file is that one.
   */
  async bringBack(file: File): Promise<boolean> {
    const { table, tableFile, setTable } = this.session.data.getState();
    const { manifest, readOnly } = this.session.run.getState();
    const wanted: RunData | undefined = manifest?.recipe.data;
    const known = table !== null && table.name === file.name && table.size === file.size;
    if (!known || tableFile) return false;
    setTable(table, file);
    const waits = readOnly !== null && wanted?.kind === 'table' && hasFiles(wanted, [file]);
    if (waits && manifest) await this.session.open(manifest.id);
    return true;
  }

  /** Rows of the table at hand by what becomes of them. @throws SessionInputError without one; TableError, ColumnsError. */
  async counts(): Promise<NonNullable<OwnTable['counts']>> {
    const { table, tableFile: file } = this.session.data.getState();
    if (!table || !file) throw new SessionInputError(sessionTexts.chooseTheTable);
    const { columns } = table;
    return table.counts ?? this.reading((data) => data.call('countRows', { file, columns }));
  }

  /** The first held-out rows of a run's table, as they stand there and to predict; null for other data. */
  async heldOutRows(
    { recipe }: RunManifest,
    files: RunFiles,
  ): Promise<{ readonly rows: TableRows; readonly batch: RecapBatch } | null> {
    const { data } = recipe;
    if (data.kind !== 'table' || !(files.table instanceof File)) return null;
    const worker = this.workers().data;
    const { file, columns } = { file: files.table, columns: data.columns };
    const [partition] = Object.keys(openRecipe(recipe).config.validation_data);
    const rows = await worker.call('tableRows', { file, columns, count: RANKED_ROWS });
    if (partition === undefined) return null;
    const stream = { recipe, files, section: { kind: 'partition', partition } } as const;
    const { batch } = await worker.call('preview', { stream, count: RANKED_ROWS });
    return { rows, batch };
  }

  /**
   * Probabilities of all rows of a table with the current run's columns, as CSV made in a worker.
   * @throws SessionInputError when the run has no table; TableError, ColumnsError.
   */
  async predict(file: File, signal: AbortSignal): Promise<Requests['predictTable']['result']> {
    const recipe = this.session.run.getState().manifest?.recipe;
    if (recipe?.data.kind !== 'table') {
      throw new SessionInputError(sessionTexts.notOfTable);
    }
    const { training } = this.workers();
    const { port1, port2 } = new MessageChannel();
    await training.call('servePredictions', { port: port1, at: 'now' }, { transfer: [port1] });
    const params = { file, columns: recipe.data.columns, recipe, port: port2 };
    return this.reading((data) => data.call('predictTable', params, { signal, transfer: [port2] }));
  }

  private async reading<T>(ask: (data: RpcClient<DataProtocol>) => Promise<T>): Promise<T> {
    const { set } = this.session.data.getState();
    const { data } = this.workers();
    set({ tableReading: { done: 0, total: null, unit: 'rows' } });
    const stop = data.on('progress', ({ task, progress }) => {
      if (task === 'table') set({ tableReading: progress });
    });
    try {
      return await ask(data);
    } finally {
      stop();
      set({ tableReading: null });
    }
  }
}
