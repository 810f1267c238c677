/** What the data panel can ask of the data worker: pages of rows, label counts, histograms, TFRecord export. */
import type { RunRecipe } from '../../src/runs/manifest.ts';
import { TRAIN } from '../../src/runs/streams.ts';
import type { DataProtocol, FeatureHistogram, StreamRequest } from '../../src/workers/protocol.ts';
import type { RpcClient } from '../../src/workers/rpc.ts';
import type { DataStore, HistogramChoice } from '../stores/data.ts';
import { sessionTexts } from '../texts/session.ts';
import { openRecipe } from '../stores/reading.ts';

/** Rows of one page of the table. */
export const PAGE_ROWS = 32;
/** Examples that label counts and histograms of endless data are taken from: enough to see an event of one in a thousand. */
const SAMPLE_EXAMPLES = 8192;

export type StreamParts = Pick<StreamRequest, 'recipe' | 'files'>;

export class DataActions {
  private asked: AbortController | null = null;
  private turning: AbortController | null = null;
  private exporting: AbortController | null = null;

  /**
   * @param parts what a run would read now; throws where the data is not complete.
   * @param app version of the page
   */
  constructor(
    private readonly store: DataStore,
    private readonly worker: () => RpcClient<DataProtocol>,
    private readonly parts: () => StreamParts | null,
    private readonly app: string,
  ) {}

  listen(data: RpcClient<DataProtocol>): void {
    const { set } = this.store.getState();
    data.on('progress', ({ task, progress }) => {
      if (task === 'export' && this.exporting) set({ exporting: progress });
      if (task === 'statistics' && progress.unit === 'bytes' && this.store.getState().reading) {
        set({ reading: progress });
      }
    });
    data.on('skipped', ({ total, record }) => {
      const last = `${record.file}, record ${record.record} at byte ${record.offset}: ${record.message}`;
      set({ skipped: { total, last } });
    });
    data.on('noted', ({ notes }) => set({ notes }));
  }

  /** Reads the first rows and counts labels, of own files over all of them; an older question is withdrawn. */
  refresh(): void {
    const controller = replace(this.asked);
    this.asked = controller;
    this.turning?.abort(replaced());
    void this.read(controller.signal);
  }

  private async read(signal: AbortSignal): Promise<void> {
    const { set } = this.store.getState();
    try {
      const parts = this.parts();
      if (!parts) return;
      const stream = streamOf(parts);
      const { kind } = parts.recipe.data;
      const files = kind === 'files' ? parts.files.train : null;
      set({
        busy: true,
        problem: null,
        page: 0,
        reading: files && { done: 0, total: files.reduce((sum, { size }) => sum + size, 0), unit: 'bytes' },
      });
      const preview = await this.worker()
        .call('preview', { stream, count: PAGE_ROWS }, { signal })
        .catch((error: unknown) => {
          // The rows shown would be those of other data.
          if (!signal.aborted) set({ preview: null });
          throw error;
        });
      set({ preview });
      const statistics = await this.worker().call(
        'statistics',
        { stream, examples: files || kind === 'table' ? null : sampleOf(parts) },
        { signal },
      );
      set({ statistics, busy: false, reading: null });
    } catch (error) {
      if (signal.aborted) return;
      set({ busy: false, reading: null, statistics: null, problem: messageOf(error) });
    }
  }

  /** Stops counting own files. What was read so far is not kept: half a count would mislead. */
  cancelReading(): void {
    this.asked?.abort(new DOMException(sessionTexts.cancelled, 'AbortError'));
    this.store.getState().set({
      busy: false,
      reading: null,
      statistics: null,
      problem: sessionTexts.readingCancelled,
    });
  }

  /** Shows another page of rows (0-based); the one shown stays until the new one is there. */
  async turnTo(page: number): Promise<void> {
    const { set } = this.store.getState();
    const controller = replace(this.turning);
    this.turning = controller;
    const { signal } = controller;
    try {
      const parts = this.parts();
      if (!parts) return;
      const params = { stream: streamOf(parts), count: PAGE_ROWS, page };
      const preview = await this.worker().call('preview', params, { signal });
      set({ preview, page, problem: null });
    } catch (error) {
      if (!signal.aborted) set({ problem: messageOf(error) });
    }
  }

  /** @throws RangeError for a column that the configuration cuts off, and whatever reading the data throws. */
  async histogram({ feature, task }: HistogramChoice, signal: AbortSignal): Promise<FeatureHistogram | null> {
    const parts = this.parts();
    if (!parts) return null;
    const stream = streamOf(parts);
    const params = { stream, examples: sampleOf(parts), feature, task };
    return this.worker().call('histogram', params, { signal });
  }

  /** What a run would be made from now; null without a valid configuration. */
  recipe(): RunRecipe | null {
    return this.parts()?.recipe ?? null;
  }

  /**
   * Writes `examples` raw examples as gzip-compressed TFRecords; null when cancelled.
   * @param side of a table: its rows to train on, or the first partition's.
   */
  async exportTfRecords(examples: number, side: 'train' | 'held-out' = 'train'): Promise<Blob | null> {
    const parts = this.parts();
    if (!parts) return null;
    const controller = new AbortController();
    this.exporting = controller;
    const { set } = this.store.getState();
    set({ exporting: { done: 0, total: examples, unit: 'examples' } });
    try {
      const stream = side === 'train' ? streamOf(parts) : heldOutOf(parts);
      const asked = { stream, examples, app: this.app };
      return await this.worker().call('exportTfRecords', asked, { signal: controller.signal });
    } catch (error) {
      if (controller.signal.aborted) return null;
      throw error;
    } finally {
      this.exporting = null;
      set({ exporting: null });
    }
  }

  cancelExport(): void {
    this.exporting?.abort(new DOMException(sessionTexts.cancelled, 'AbortError'));
  }
}

const replaced = (): DOMException => new DOMException(sessionTexts.replaced, 'AbortError');

function replace(before: AbortController | null): AbortController {
  before?.abort(replaced());
  return new AbortController();
}

/** No more than the run is given: it would see them again and again. */
function sampleOf({ recipe: { data } }: { readonly recipe: RunRecipe }): number {
  return Math.min(SAMPLE_EXAMPLES, 'examples' in data ? (data.examples ?? Infinity) : Infinity);
}

function streamOf({ recipe, files }: StreamParts): StreamRequest {
  return { recipe, files, section: TRAIN };
}

function heldOutOf({ recipe, files }: StreamParts): StreamRequest {
  const [partition] = Object.keys(openRecipe(recipe).config.validation_data);
  return { recipe, files, section: partition === undefined ? TRAIN : { kind: 'partition', partition } };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
