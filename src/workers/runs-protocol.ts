/** Every message between the page and the runs worker, which looks after the runs that this browser keeps. */
import type { ExportFormat } from '../formats/export.ts';
import type { FoundRanking, ImportedRun } from '../runs/bundle.ts';
import type { RunManifest, RunRecipe } from '../runs/manifest.ts';
import type { MetricsFormat } from '../runs/metrics-export.ts';
import type { KeptCheckpoint } from '../runs/run-checkpoints.ts';
import type { RunStatus } from '../runs/run-folder.ts';
import type { RunSummary } from '../runs/run-summary.ts';
import type { SeriesColumns } from '../runs/run-series.ts';
import type { EvaluationEvent } from '../training/events.ts';
import type { Asked, RunTweets } from './run-tweets.ts';

/** A kept run in a list. */
export interface RunEntry {
  readonly manifest: RunManifest;
  readonly status: RunStatus;
  /** Bytes of all its files. */
  readonly bytes: number;
  /** Those that can be gone back to, by ascending steps. */
  readonly checkpoints: readonly KeptCheckpoint[];
  /** Of its last evaluation; null where there was none. */
  readonly summary: RunSummary | null;
}

/** A kept run with all it has reported. */
export interface KeptRun extends RunEntry {
  readonly series: SeriesColumns;
  readonly evaluations: readonly EvaluationEvent[];
}

/** A folder that should be a run and cannot be read. */
export interface BrokenRun {
  readonly id: string;
  readonly problem: string;
  readonly bytes: number;
}

/** A safetensors file and the run that it would become. */
export interface WeightsFile {
  readonly sha256: string;
  /** Of a checkpoint the steps done, else 0. */
  readonly step: number;
  readonly kind: 'weights' | 'checkpoint';
  /** What was done to make it fit, a sentence each. */
  readonly notes: readonly string[];
  /** The run it says it is of. */
  readonly origin: RunManifest | null;
  /** What the run with it is made from. */
  readonly recipe: RunRecipe;
  readonly bytes: ArrayBuffer;
}

/** A model to take away: an ONNX file, or a zip of one folder. */
export interface ExportedModel {
  readonly name: string;
  readonly file: Blob;
}

export interface StorageUse {
  /** Bytes of the page's files, and what the browser gives at most; null where it does not say. */
  readonly used: number | null;
  readonly quota: number | null;
}

export interface RunsProtocol {
  requests: {
    /** Newest first. */
    list: { params: null; result: { runs: readonly RunEntry[]; broken: readonly BrokenRun[] } };
    /** Rejects with RunFolderError when there is no such run. */
    read: { params: { run: string }; result: KeptRun };
    /** Name and note of a run that no tab has open. */
    label: { params: { run: string; name: string; note: string }; result: RunManifest };
    /** Puts a run aside; it is gone for good with `purge`, or when the page is opened next. */
    remove: { params: { run: string }; result: null };
    /** Takes a removal back. */
    bringBack: { params: { run: string }; result: null };
    purge: { params: null; result: null };
    /**
     * What the run's newest weights say of tweets, and its teacher, or of rows of its table. Rejects with RunFolderError
     * where it does not read what it is asked about, or none of its weights are kept.
     */
    tweets: { params: { run: string } & Asked; result: RunTweets };
    metrics: { params: { run: string; format: MetricsFormat }; result: Blob };
    /**
     * Weights of a run (safetensors) in another form. Rejects where they are not of the manifest's model, and naming the
     * key where the reference can't train what the configuration says.
     */
    exportModel: {
      params: { format: ExportFormat; manifest: RunManifest; weights: Blob };
      result: ExportedModel;
    };
    /**
     * One zip of whole runs, and a ranking's file (runs/bundle-ranking.ts) if there is one. Rejects with BundleError, or
     * RunFolderError when a run is not there.
     */
    bundle: { params: { runs: readonly string[]; ranking?: string | null }; result: Blob };
    /** The ranking in a bundle, for whoever knows its parts to check. Rejects with BundleError. */
    bundledRanking: { params: { file: Blob }; result: FoundRanking | null };
    /** Keeps the runs of a bundle; none of them where it rejects with BundleError or HomeError. */
    unbundle: { params: { file: Blob }; result: readonly ImportedRun[] };
    storage: { params: null; result: StorageUse };
    /** SHA-256 of a file, read in pieces; lower-case hexadecimal. */
    hash: { params: { file: Blob }; result: string };
    /**
     * What a safetensors file is, checked against the model that it would be taken into, before anything is given up for
     * it. Rejects with SafetensorsError, StateDictError or ManifestError, or RecipeMissingError where the file is of no
     * run and `recipe` is null.
     */
    inspectWeights: { params: { file: File; recipe: RunRecipe | null }; result: WeightsFile };
  };
  events: Record<never, never>;
}
