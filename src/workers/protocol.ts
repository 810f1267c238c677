/** Every message between the page, the data worker and the training worker. */
import type { RecapConfig, DataConfig } from '../config/recap-config.ts';
import type { DataSchema } from '../data/data-schema.ts';
import type { RecapBatch, BatchLayout } from '../data/recap-batch.ts';
import type { MaskFiles } from '../data/mask-files.ts';
import type { DataSplit, SourceKind } from '../data/open-source.ts';
import type { EngineName, Predictions } from '../engines/engine.ts';
import type {
  CheckpointEvent,
  DivergenceEvent,
  EvaluationEvent,
  RunPhase,
  StepEvent,
} from '../training/events.ts';

/** Where examples come from; files cross the boundary as File objects, read in the data worker. */
export type DataSource = SourceKind;

/** One stream of batches to open. */
export interface StreamSpec {
  readonly source: DataSource;
  readonly data: DataConfig;
  readonly schema: DataSchema;
  /** The model's tasks, whose order the labels take. */
  readonly tasks: readonly string[];
  /** The files that the data section's masks name. */
  readonly masks?: MaskFiles;
  readonly split: DataSplit;
  /** Examples in all; null for no end. */
  readonly examples: number | null;
}

export interface Progress {
  readonly done: number;
  readonly total: number | null;
  /** What `done` and `total` count. */
  readonly unit: 'examples' | 'bytes';
}

/** A bad record, skipped because the configuration says ignore_data_errors. */
export interface SkippedRecord {
  readonly file: string;
  readonly record: number;
  readonly offset: number;
  readonly message: string;
}

/** Messages on the port between the data worker (which answers) and the training worker (which pulls). */
export interface StreamProtocol {
  requests: {
    next: { params: null; result: RecapBatch | null };
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
}

export interface DataProtocol {
  requests: {
    /** Opens a stream and serves it on `port` (StreamProtocol) until closed. */
    open: { params: { stream: StreamSpec; port: MessagePort }; result: { layout: BatchLayout } };
    /** Rows `page * count` and on; files in their order. */
    preview: { params: { stream: StreamSpec; count: number; page?: number }; result: DataPreview };
    /** Counts over the first `examples` examples, or all with null (files only: others have no end). */
    statistics: { params: { stream: StreamSpec; examples: number | null }; result: DataStatistics };
    histogram: {
      params: { stream: StreamSpec; examples: number; feature: string; task: string };
      result: FeatureHistogram;
    };
    /** Writes gzip-compressed TFRecords of raw examples (before preprocessing). */
    exportTfRecords: { params: { stream: StreamSpec; examples: number }; result: Blob };
  };
  events: {
    /** 'read' is the training stream, the others are requests under way. */
    progress: { task: 'export' | 'statistics' | 'read'; progress: Progress };
    skipped: { total: number; record: SkippedRecord };
  };
}

export type EngineChoice = 'auto' | EngineName;

export interface RunSpec {
  readonly config: RecapConfig;
  /** The YAML the configuration was parsed from, kept in exports' metadata. */
  readonly configText: string;
  readonly layout: BatchLayout;
  readonly seed: number;
  readonly engine: EngineChoice;
  /** Half-precision copies of the weights for products, on our WebGPU engine. */
  readonly halfWeights: boolean;
  /** A safetensors file to start from (warm start, step 0), or null for a fresh initialisation. */
  readonly weights: ArrayBuffer | null;
}

export interface RunInfo {
  readonly engine: EngineName;
  readonly adapter: string;
  readonly software: boolean;
  /** Why this engine was chosen, one sentence. */
  readonly reason: string;
  readonly parameters: number;
  readonly tasks: readonly string[];
  readonly groups: readonly string[];
}

/** Which weights a prediction uses: those of now, the initial ones, or a checkpoint's. */
export type WeightsAt = 'now' | 'initial' | { readonly checkpoint: number };

export interface TrainingProtocol {
  requests: {
    /** Replaces the current run by a new one, built and paused at step 0. Ports speak StreamProtocol. */
    prepare: {
      params: {
        run: RunSpec;
        train: MessagePort;
        /** One port per validation partition that is evaluated. */
        validation: readonly { partition: string; port: MessagePort }[];
      };
      result: RunInfo;
    };
    resume: { params: null; result: null };
    pause: { params: null; result: null };
    step: { params: { count: number }; result: null };
    stop: { params: null; result: null };
    /** Back to a checkpoint of this run, paused there. */
    restore: { params: { step: number }; result: null };
    predict: { params: { batch: RecapBatch; at: WeightsAt }; result: Predictions };
    /** Predicts `batch` now and every `every` steps, as 'watched' events. Null stops watching. */
    watch: { params: { batch: RecapBatch; every: number } | null; result: null };
    /** safetensors: the model's weights, or with `checkpoint` the optimizer's moments and step too. */
    export: { params: { kind: 'weights' | 'checkpoint'; at: WeightsAt }; result: ArrayBuffer };
    /** Loads weights (or a checkpoint) into the current run, which is paused then, unless it has taken all its steps. */
    import: { params: { bytes: ArrayBuffer }; result: { step: number } };
  };
  events: {
    phase: { phase: RunPhase; step: number; message: string | null };
    /** All steps since the last event, at most one event a frame. */
    steps: readonly StepEvent[];
    evaluation: EvaluationEvent;
    checkpoint: CheckpointEvent;
    diverged: DivergenceEvent;
    watched: { step: number; predictions: Predictions };
    /** The engine is choosing its kernels. */
    tuning: { done: number; total: number };
    deviceLost: { message: string };
  };
}
