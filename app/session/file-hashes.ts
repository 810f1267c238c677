/** SHA-256 of the person's data files, counted in the runs worker, each file once. */
import { dataFiles } from '../../src/runs/streams.ts';
import type { RunFiles } from '../../src/runs/streams.ts';
import type { RunData } from '../../src/runs/manifest.ts';
import type { TrainingProtocol } from '../../src/workers/protocol.ts';
import type { RpcClient } from '../../src/workers/rpc.ts';
import type { DataStore } from '../stores/data.ts';
import type { Said } from '../stores/page.ts';
import type { RunStore } from '../stores/run.ts';
import { SessionInputError } from './draft-recipe.ts';
import type { KeptRuns } from './kept-runs.ts';
import { sessionTexts } from '../texts/session.ts';

export class FileHashes {
  private readonly counted = new WeakMap<Blob, Promise<string>>();

  constructor(private readonly runs: KeptRuns) {}

  /** Of the files to train on, in the recipe's order; empty where data is drawn. @throws what reading them throws. */
  async of({ train, table }: RunFiles): Promise<string[]> {
    const files = [...train, ...(table ? [table] : [])].filter((file) => file instanceof Blob);
    return Promise.all(files.map((file) => this.count(file)));
  }

  /**
   * Makes sure that files are those that a run was made from, where its manifest says of which content.
   * @throws SessionInputError naming the file that has another.
   */
  async check(data: RunData, files: RunFiles): Promise<void> {
    const wanted = dataFiles(data);
    if (wanted.every(({ sha256 }) => sha256 === null)) return;
    const found = await this.of(files);
    const other = wanted.find(({ sha256 }, i) => sha256 !== null && found[i] !== sha256);
    if (!other) return;
    throw new SessionInputError(sessionTexts.otherContent(other.name));
  }

  /**
   * Counts the files at hand that an opened manifest names, as soon as they are, and says of one that has another
   * content; from then on it is taken for what it is.
   */
  follow(data: DataStore, say: (said: Said) => void): () => void {
    const look = async (file: File): Promise<void> => {
      const wanted = data
        .getState()
        .wanted.find(({ name, size, sha256 }) => sha256 !== null && name === file.name && size === file.size);
      // Of a file that can't be read whoever reads it tells.
      if (!wanted || (await this.count(file).catch(() => wanted.sha256)) === wanted.sha256) return;
      const { wanted: now, set } = data.getState();
      if (!now.includes(wanted)) return;
      set({ wanted: now.filter((other) => other !== wanted) });
      say({
        tone: 'error',
        title: sessionTexts.otherContentOpened(file.name),
        text: sessionTexts.otherContentAbout,
      });
    };
    return data.subscribe(({ files, tableFile, wanted }, before) => {
      if (files === before.files && tableFile === before.tableFile && wanted === before.wanted) return;
      for (const file of [...files, ...(tableFile ? [tableFile] : [])]) void look(file);
    });
  }

  /** Puts the content of the current run's files into its manifest, once it is counted; another run may be there by then. */
  async identify(run: RunStore, training: RpcClient<TrainingProtocol>, files: RunFiles): Promise<void> {
    const started = run.getState().manifest;
    if (!started || dataFiles(started.recipe.data).every(({ sha256 }) => sha256 !== null)) return;
    const isCurrent = (): boolean => run.getState().manifest?.id === started.id;
    try {
      const hashes = await this.of(files);
      if (!isCurrent()) return;
      const { manifest } = await training.call('identify', { hashes });
      if (isCurrent()) run.getState().set({ manifest });
    } catch {
      // Without it the manifest tells files by name and size; what is wrong with one is told by who reads it.
    }
  }

  private count(file: Blob): Promise<string> {
    const known = this.counted.get(file);
    if (known) return known;
    const counting = this.runs.call('hash', { file });
    this.counted.set(file, counting);
    // A file that can't be read now may be read the next time.
    counting.catch(() => this.counted.delete(file));
    return counting;
  }
}
