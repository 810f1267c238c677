/** Every message between the page, the data worker and the training worker. */
import type { DataSchema } from '../data/data-schema.ts';
import type { BatchLayout, RecapBatch } from '../data/recap-batch.ts';
import type { ColumnSettings, Head, HeldOut, TableColumns } from '../data/tables/columns-file.ts';
import type { CsvOptions } from '../data/tables/csv-table.ts';
import type { LabelChoice } from '../data/tables/heads.ts';
import type { TableSummary } from '../data/tables/table-summary.ts';
import type { StreamPosition } from '../data/stream-position.ts';
import type { EngineName, Predictions } from '../engines/engine.ts';
import type { Tweet } from '../ranking/tweets.ts';
import type { RunManifest, RunRecipe } from '../runs/manifest.ts';
import type { MetricsFormat } from '../runs/metrics-export.ts';
import type { ReadText } from '../runs/recipe-forms.ts';
import type { RunFiles, StreamSection } from '../runs/streams.ts';
import type {
  Activity,
  CheckpointEvent,
  DivergenceEvent,
  EvaluationEvent,
  RunPhase,
  StepEvent,
} from '../training/events.ts';

/** One stream of batches: of a recipe, whose files cross the boundary as File objects, read in the data worker. */
export interface StreamRequest {
  readonly recipe: RunRecipe;
  readonly section: StreamSection;
  readonly files: RunFiles;
  /** The recipe's configuration where the page has read it: reading it again takes longer than to send it. */
  readonly read?: ReadText;
}

export interface Progress {
  readonly done: number;
  readonly total: number | null;
  /** What `done` and `total` count. */
  readonly unit: 'examples' | 'bytes' | 'rows';
}

/** A bad record, skipped because the configuration says ignore_data_errors. */
export interface SkippedRecord {
  readonly file: string;
  readonly record: number;
  readonly offset: number;
  readonly message: string;
}

export interface TakenBatch {
  readonly from: StreamPosition | null;
  readonly batch: RecapBatch | null;
}

/** Messages on the port between the data worker (which answers) and the training worker (which pulls). */
export interface StreamProtocol {
  requests: {
    next: { params: null; result: RecapBatch | null };
    /** Makes the next batch the one behind `at`; null is the beginning. */
    seek: { params: { at: StreamPosition | null }; result: null };
    /**
     * The batch that begins `skip` batches behind `at`, of a stream that several workers share, and where it begins, which
     * is as good as certain but for the consumer to check.
     */
    take: { params: { at: StreamPosition | null; skip: number }; result: TakenBatch };
    close: { params: null; result: null };
  };
  events: Record<never, never>;
}

export interface FeatureHistogram {
  readonly feature: string;
  /** Bin edges, one more than the counts, on the raw value's own or log scale. */
  readonly edges: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** One page of rows. */
export interface DataPreview {
  readonly layout: BatchLayout;
  readonly batch: RecapBatch;
  /** 0-based number of the page's first row in the stream. */
  readonly first: number;
  /** Whether the data ends with this page. */
  readonly last: boolean;
}

export interface DataStatistics {
  readonly examples: number;
  readonly tasks: readonly string[];
  readonly positives: readonly number[];
  /** [tasks, tasks] examples positive for both. */
  readonly cooccurrence: readonly (readonly number[])[];
  /** Bad records left out because the configuration says ignore_data_errors, the first hundred by name. */
  readonly skipped: { readonly total: number; readonly records: readonly SkippedRecord[] };
  /** What is to be said of files that were read without an error, a sentence each; empty of other data. */
  readonly notes: readonly string[];
}

/** Where a table's file and a person's word on how its CSV is written come from. */
export interface TableToRead {
  readonly file: File;
  /** What is not guessed of a CSV file. */
  readonly csv: CsvOptions;
  /** Cells that stand for no value, instead of the usual ones. */
  readonly missingTexts: readonly string[] | null;
}

/** A table with its columns.json, as a manifest holds it. */
export interface TableWithColumns {
  readonly file: File;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** Rows of a table by what becomes of them. */
export interface RowCounts {
  readonly train: number;
  readonly heldOut: number;
  readonly dropped: number;
  readonly missingLabels: number;
}

/** What a run on a table is made from. */
export interface MadeTable {
  /** Complete. */
  readonly columns: TableColumns;
  /** A sentence for each thing that was decided for the person. */
  readonly notes: readonly string[];
  /** YAML text. */
  readonly config: string;
  readonly schema: { readonly name: string; readonly schema: DataSchema };
  readonly counts: RowCounts;
}

/** Rows of a table as they stand in the file. */
export interface TableRows {
  readonly names: readonly string[];
  /** With the row's number in the table, from 0. */
  readonly rows: readonly { readonly number: number; readonly cells: readonly string[] }[];
}

/** Messages on the port between the data worker (which asks) and the training worker (which predicts). */
export interface PredictProtocol {
  requests: {
    /** [rows, tasks] calibrated probabilities. */
    predict: { params: RecapBatch; result: Float32Array };
  };
  events: Record<never, never>;
}

export interface DataProtocol {
  requests: {
    /**
     * Opens a stream from its beginning and serves it on `port` (StreamProtocol) until closed. One that is `shareable`
     * several workers can make together, with `take`.
     */
    open: {
      params: { stream: StreamRequest; port: MessagePort };
      result: { layout: BatchLayout; shareable: boolean };
    };
    /** Rows `page * count` and on; files in their order. */
    preview: { params: { stream: StreamRequest; count: number; page?: number }; result: DataPreview };
    /** Counts over the first `examples` examples, or all with null (files only: others have no end). */
    statistics: { params: { stream: StreamRequest; examples: number | null }; result: DataStatistics };
    histogram: {
      params: { stream: StreamRequest; examples: number; feature: string; task: string };
      result: FeatureHistogram;
    };
    /** Writes gzip-compressed TFRecords of raw examples (before preprocessing). */
    /** `app` is the page's version, which stands in the file. */
    exportTfRecords: { params: { stream: StreamRequest; examples: number; app: string }; result: Blob };
    /** Reads a whole table and says what its columns are. */
    profileTable: { params: TableToRead; result: TableSummary };
    /** Configuration, schema and complete columns of a table, by a person's choices. */
    makeTable: {
      params: TableToRead & {
        readonly columns: readonly ColumnSettings[];
        readonly labels: readonly LabelChoice[];
        /** In place of labels, where there are none. */
        readonly heads: readonly Head[];
        readonly heldOut: HeldOut;
        readonly referenceTime: string | null;
      };
      result: MadeTable;
    };
    /** Rows of a table by what becomes of them. */
    countRows: { params: TableWithColumns; result: RowCounts };
    /** The first rows that are held out, as text. */
    tableRows: { params: TableWithColumns & { readonly count: number }; result: TableRows };
    /** Probabilities of all rows of a table as CSV; `port` speaks PredictProtocol. */
    predictTable: {
      params: TableWithColumns & { readonly recipe: RunRecipe; readonly port: MessagePort };
      result: {
        readonly blob: Blob;
        readonly rows: number;
        readonly empty: number;
        readonly notes: readonly string[];
      };
    };
  };
  events: {
    /** 'read' is the training stream, the others are requests under way. */
    progress: { task: 'export' | 'statistics' | 'read' | 'table'; progress: Progress };
    skipped: { total: number; record: SkippedRecord };
    /** All that is to be said of the records read so far, each time that something has come to it. */
    noted: { notes: readonly string[] };
  };
}

/** How a run begins. Files that are imported come whole; a checkpoint of a kept run is named. */
export type RunStart =
  | { readonly kind: 'fresh' }
  /** safetensors bytes of weights, at step 0. */
  | { readonly kind: 'weights'; readonly bytes: ArrayBuffer }
  /** safetensors bytes of a checkpoint, at its step. */
  | { readonly kind: 'checkpoint'; readonly bytes: ArrayBuffer }
  /** From a checkpoint of another kept run. */
  | { readonly kind: 'branch'; readonly run: string; readonly step: number }
  /**
   * The kept run of the manifest's id: at a step, or at its newest state and then trained up to where it was. By the
   * engine that ran it before, or from here on by another.
   */
  | { readonly kind: 'resume'; readonly step: number | null; readonly engine?: EngineName };

export interface RunInfo {
  readonly engine: EngineName;
  readonly adapter: string;
  readonly software: boolean;
  /** Why this engine was chosen, one sentence. */
  readonly reason: string;
  readonly parameters: number;
  readonly tasks: readonly string[];
  readonly groups: readonly string[];
  /** As it is kept, with the engine that runs it. */
  readonly manifest: RunManifest;
  /** Where it stands. */
  readonly step: number;
  readonly phase: RunPhase;
  /** Steps in all. */
  readonly totalSteps: number;
  /** False where the browser keeps no files: the run is gone with the page. */
  readonly lasting: boolean;
}

/** What is predicted again and again while a run trains: tweets, or rows that are encoded already. */
export type Watch = { readonly every: number } & (
  { readonly tweets: readonly Tweet[] } | { readonly rows: RecapBatch }
);

/** Which weights a prediction uses: those of now, the initial ones, or a checkpoint's. */
export type WeightsAt = 'now' | 'initial' | { readonly checkpoint: number };

/** An event of a run, which names it: what is not the current run's is dropped by whoever gets it. */
export type OfRun<T> = { readonly run: string; readonly event: T };

export interface TrainingProtocol {
  requests: {
    /**
     * Replaces the current run by another, built and paused. Ports speak StreamProtocol.
     * Rejects with RunBusyError when another tab has it open to write, and the error of whatever does not fit.
     */
    prepare: {
      params: {
        manifest: RunManifest;
        /** As StreamRequest has it. */
        read?: ReadText;
        start: RunStart;
        layout: BatchLayout;
        /** One port, or one of each worker that makes the stream. */
        train: readonly MessagePort[];
        /** One port per validation partition that is evaluated. */
        validation: readonly { partition: string; port: MessagePort }[];
      };
      result: RunInfo;
    };
    /** Ends the current run's training and gives its folder back; nothing of it is heard after the answer. */
    close: { params: null; result: null };
    resume: { params: null; result: null };
    pause: { params: null; result: null };
    step: { params: { count: number }; result: null };
    /** Ends the run at so many steps, at the next one if it is beyond; more extend it, and a finished run is paused then. */
    endAt: { params: { steps: number }; result: { manifest: RunManifest } };
    /** Changes a setting from the next step on, see training/live-changes.ts. Rejects with LiveChangeError. */
    change: { params: { key: string; value: number }; result: { manifest: RunManifest } };
    /** Evaluates the weights of now on every partition; results come as events. */
    evaluate: { params: null; result: null };
    /** Back to a checkpoint of this run, paused there. */
    restore: { params: { step: number }; result: null };
    /** SHA-256 of the current run's data files, in the recipe's order, into its manifest. */
    identify: { params: { hashes: readonly string[] }; result: { manifest: RunManifest } };
    /** Name and note of the current run. */
    label: { params: { name: string; note: string }; result: { manifest: RunManifest } };
    predict: { params: { batch: RecapBatch; at: WeightsAt }; result: Predictions };
    /** Answers a PredictProtocol on `port`, with the weights of `at`. */
    servePredictions: { params: { port: MessagePort; at: WeightsAt }; result: null };
    /** Predicts tweets or rows now and every `every` steps, as 'watched' events. Null stops watching. */
    watch: { params: Watch | null; result: null };
    /** safetensors: the model's weights, or with `checkpoint` the optimizer's moments and step too. */
    export: { params: { kind: 'weights' | 'checkpoint'; at: WeightsAt }; result: ArrayBuffer };
    /** All steps so far as a file, made here because the newest may not be written yet. */
    metrics: { params: { format: MetricsFormat }; result: Blob };
    /** The streams' other end is gone: everything that waits for it fails with the reason. */
    detach: { params: { reason: string }; result: null };
  };
  events: {
    phase: OfRun<{ phase: RunPhase; step: number; message: string | null }>;
    /** All steps since the last event, at most one event a frame. */
    steps: OfRun<readonly StepEvent[]>;
    evaluation: OfRun<EvaluationEvent>;
    checkpoint: OfRun<CheckpointEvent>;
    diverged: OfRun<DivergenceEvent>;
    /** What it is busy with between steps; null when that is over. */
    activity: OfRun<Activity | null>;
    watched: OfRun<{ step: number; predictions: Predictions }>;
    /** The engine is choosing its kernels. */
    tuning: OfRun<{ done: number; total: number }>;
    /** The device was lost and the run went on by itself, from `from`; `repeated` steps were taken again. */
    recovered: OfRun<{ from: number; repeated: number; message: string }>;
    /** The run cannot be written any more; it trains on, unkept. */
    unkept: OfRun<{ message: string }>;
  };
}
