/** What the data worker does: opens streams, previews, counts and writes. Knows no worker, so it also runs in-thread. */
import { featureByName } from '../data/catalogue/catalogue.ts';
import { openRawBlocks, openSource, TeacherCache } from '../data/open-source.ts';
import type { OpenOptions } from '../data/open-source.ts';
import { positionOf, transferables, type BatchSource } from '../data/recap-batch.ts';
import { featureHistogram, labelStatistics } from '../data/statistics.ts';
import { TableCache } from '../data/tables/table-cache.ts';
import type { BadRecordError, TfRecordSource } from '../data/tfrecord-source.ts';
import { writeTfRecords } from '../data/tfrecord-source.ts';
import { knowRecipe } from '../runs/recipe.ts';
import { streamOptions } from '../runs/stream-options.ts';
import { Breather } from '../training/event-loop.ts';
import { trainingSource } from '../training/training-source.ts';
import type { DataProtocol, SkippedRecord, StreamRequest } from './protocol.ts';
import type { Handlers } from './rpc.ts';
import { Transfer } from './rpc.ts';
import { serveStream } from './stream.ts';
import { tableHandlers } from './table-host.ts';

type Emit = <N extends keyof DataProtocol['events']>(name: N, payload: DataProtocol['events'][N]) => void;

/** Examples between two progress events of an export: about a quarter of a second of work. */
const PROGRESS_EVERY = 512;

/** A source of files has an account of its bad records and notes on the others; other sources have none. */
type MaybeFiles = BatchSource & Partial<Pick<TfRecordSource, 'badRecords' | 'badCount' | 'notes'>>;

function skippedRecord({ file, record, offset, message }: BadRecordError): SkippedRecord {
  return { file, record, offset, message };
}

/** Tells of records that were skipped, and of what was noted, since the last look. */
function reporter(source: MaybeFiles, emit: Emit): () => void {
  let told = 0;
  let noted = 0;
  return () => {
    const { badCount = 0, badRecords = [], notes = [] } = source;
    if (notes.length > noted) {
      noted = notes.length;
      emit('noted', { notes: [...notes] });
    }
    const last = badRecords.at(-1);
    if (badCount === told || !last) return;
    told = badCount;
    emit('skipped', { total: badCount, record: skippedRecord(last) });
  };
}

export function dataHandlers(emit: Emit): Handlers<DataProtocol> {
  const teachers = new TeacherCache();
  const tables = new TableCache();

  const open = (options: OpenOptions, task: 'read' | 'statistics' | null, signal?: AbortSignal): MaybeFiles =>
    openSource(
      {
        ...options,
        ...(signal ? { signal } : {}),
        onProgress: ({ bytesRead, bytesTotal }) => {
          if (task)
            emit('progress', { task, progress: { done: bytesRead, total: bytesTotal, unit: 'bytes' } });
        },
      },
      teachers,
      tables,
    );

  /**
   * Opens a stream for one look, closed again whatever happens. Training's own pulls get their turn in between, and so
   * does a cancellation.
   */
  async function using<T>(
    stream: OpenOptions,
    signal: AbortSignal,
    task: 'statistics' | null,
    look: (source: BatchSource, opened: MaybeFiles) => Promise<T>,
  ) {
    const opened = open(stream, task, signal);
    const breather = new Breather();
    const source: BatchSource = {
      layout: opened.layout,
      async next() {
        await breather.breathe();
        signal.throwIfAborted();
        return opened.next();
      },
      dispose: () => opened.dispose(),
    };
    try {
      return await look(source, opened);
    } finally {
      source.dispose();
    }
  }

  const optionsOf = ({ recipe, section, files, read }: StreamRequest): OpenOptions => {
    if (read) knowRecipe(recipe, read);
    return streamOptions(recipe, section, files);
  };

  /** Files whole, once and in their order; synthetic data as it is trained on, without end. */
  const toLookAt = (stream: StreamRequest): OpenOptions => {
    const options = optionsOf(stream);
    const whole = hasEnd(options) && stream.section.kind === 'train';
    return { ...options, examples: null, ...(whole ? { split: 'all' } : {}) };
  };

  const hasEnd = ({ source: { kind } }: OpenOptions): boolean => kind === 'files' || kind === 'table';

  return {
    ...tableHandlers(emit, tables),

    async open({ stream, port }) {
      const options = optionsOf(stream);
      const source = trainingSource((at) => {
        const opened = open({ ...options, at }, 'read');
        const report = reporter(opened, emit);
        const { seek, ahead } = opened;
        return {
          layout: opened.layout,
          ...(seek && { seek }),
          ...(ahead && { ahead }),
          async next() {
            const batch = await opened.next();
            report();
            return batch;
          },
          dispose: () => opened.dispose(),
        };
      });
      serveStream(port, source);
      return { layout: source.layout, shareable: source.ahead !== undefined };
    },

    preview: ({ stream, count, page = 0 }, signal) => {
      const options = toLookAt(stream);
      const data = { ...options.data, global_batch_size: count };
      return using({ ...options, data }, signal, null, async (source) => {
        let batch = await source.next();
        for (let at = 0; batch && at < page; at++) batch = await source.next();
        if (!batch) {
          throw new RangeError(
            page === 0 ? 'The data holds no examples.' : `The data ends before page ${page + 1}.`,
          );
        }
        const kept = batch;
        // Only files end; looking ahead in them is cheap. What is wrong further on is told by who gets there.
        const ahead = hasEnd(options) ? await source.next().catch(() => true) : true;
        const last = ahead === null;
        return new Transfer(
          { layout: source.layout, batch: kept, first: page * count, last },
          transferables(kept),
        );
      });
    },

    statistics: ({ stream, examples }, signal) => {
      const options = toLookAt(stream);
      const files = options.source.kind === 'files';
      return using(options, signal, files ? 'statistics' : null, async (source, opened) => {
        const found = await labelStatistics(source, examples ?? Infinity, {
          signal,
          onProgress: (done) => {
            if (files) return;
            emit('progress', { task: 'statistics', progress: { done, total: examples, unit: 'examples' } });
          },
        });
        const { badCount = 0, badRecords = [], notes = [] } = opened;
        const skipped = { total: badCount, records: badRecords.map(skippedRecord) };
        return { ...found, tasks: source.layout.tasks, skipped, notes: [...notes] };
      });
    },

    histogram: ({ stream, examples, feature, task }, signal) => {
      const { tensor, column } = featureByName(feature);
      return using(toLookAt(stream), signal, null, async (source) => {
        const index = source.layout.tasks.indexOf(task);
        if (index < 0) throw new RangeError(`"${task}" is no task of the model.`);
        const position = positionOf(source.layout, tensor, column);
        if (position < 0) {
          throw new RangeError(`"${feature}" stands on a column that the configuration cuts off.`);
        }
        return { feature, ...(await featureHistogram(source, examples, tensor, position, index, signal)) };
      });
    },

    async exportTfRecords({ stream, examples, app }, signal) {
      let told = 0;
      const bytes = writeTfRecords(openRawBlocks({ ...optionsOf(stream), examples }, teachers, tables), {
        app,
        signal,
        onProgress: ({ examples: done }) => {
          if (done < examples && done - told < PROGRESS_EVERY) return;
          told = done;
          emit('progress', { task: 'export', progress: { done, total: examples, unit: 'examples' } });
        },
      });
      return new Response(bytes).blob();
    },
  };
}
