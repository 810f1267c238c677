/** What a reader of files has to say of records that it read without an error, each thing once. */
import type { RecapBatch } from './recap-batch.ts';
import type { SourceRecord } from './tfrecord-reader.ts';

const at = ({ file, index }: SourceRecord) => `record ${index} of ${file}`;

export class DataNotes {
  readonly #notes: string[] = [];
  readonly #odd = new Set<string>();

  /** In the order in which they were met. */
  get all(): readonly string[] {
    return this.#notes;
  }

  /** A feature that a record lacks. */
  absent(feature: string, record: SourceRecord): void {
    this.#notes.push(
      `"${feature}" is not in every record (first met in ${at(record)}): there it reads as zeros, as in the reference. ` +
        'If it should be everywhere, correct its name in the data schema or write it to the file.',
    );
  }

  /** Looks at a batch's labels for values other than 0 and 1, with which BCE is no likelihood. */
  labels({ labels, size }: RecapBatch, tasks: readonly string[]): void {
    if (this.#odd.size === tasks.length) return;
    for (let i = 0, end = size * tasks.length; i < end; i++) {
      const label = labels[i]!;
      if (label === 0 || label === 1) continue;
      const task = tasks[i % tasks.length]!;
      if (this.#odd.has(task)) continue;
      this.#odd.add(task);
      this.#notes.push(
        `${task} has labels other than 0 and 1, such as ${label}: it is trained on them as the reference does, but its loss ` +
          'is then no likelihood and can go below 0. Write 1 where the engagement happened and 0 where not.',
      );
    }
  }
}
