/** The data and the evaluation panel as a person sees them, and data files as this project's own formats read them. */
import { readFileSync } from 'node:fs';
import { expect, type Locator } from '@playwright/test';
import { count, percent } from '../app/format.ts';
import { headStyle } from '../app/heads.ts';
import { parseRecapConfig } from '../src/config/parse-config.ts';
import { parseDataSchema } from '../src/data/data-schema.ts';
import { openRawBlocks, TeacherCache } from '../src/data/open-source.ts';
import { teacherPresets } from '../src/data/synthesis/presets.ts';
import { encodeTfRecords } from '../src/data/tfrecord-write.ts';
import { readDecompressed } from '../src/formats/compression.ts';
import { streamOf } from '../src/formats/gzip.ts';
import { decodeTfExample, type TfFeature } from '../src/formats/tf-example.ts';
import { readTfRecords } from '../src/formats/tfrecord.ts';
import { PlaygroundPage } from './page.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

export const playground = read('../configs/playground.yaml');

/** The default configuration, short and with a constant rate; evaluations small. */
export function shortened(steps: number, evalEvery = steps, evalSteps = 1): string {
  return playground
    .replace(/num_train_steps: \d+/, `num_train_steps: ${steps}`)
    .replace(/eval_log_every_n: \d+/, `eval_log_every_n: ${evalEvery}`)
    .replace(/num_eval_steps: \d+/, `num_eval_steps: ${evalSteps}`)
    .replaceAll(/num_ramp_steps: \d+/g, 'num_ramp_steps: 1')
    .replaceAll(/final_num_steps: \d+/g, 'final_num_steps: 100000');
}

/** Tasks of the default model, in its order. */
export const tasks = Object.keys(parsed().model.tasks);

function parsed() {
  const { config } = parseRecapConfig(playground);
  if (!config) throw new Error('configs/playground.yaml has problems.');
  return config;
}

/** The page's default data, made here: uncompressed TFRecords of the easy teacher's first examples at data seed 1. */
export async function synthesized(examples: number): Promise<Uint8Array> {
  const config = parsed();
  const blocks = openRawBlocks(
    {
      source: { kind: 'teacher', seed: 1, teacher: teacherPresets[0].config },
      data: config.train_data,
      schema: parseDataSchema(read('../configs/playground-segdense.json')),
      tasks,
      split: 'train',
      examples,
    },
    new TeacherCache(),
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeTfRecords(blocks)) chunks.push(chunk.slice());
  return Buffer.concat(chunks);
}

export interface FileRecord {
  /** Where the record begins in the uncompressed data, and its bytes there in all. */
  readonly offset: number;
  readonly size: number;
  readonly features: ReadonlyMap<string, TfFeature>;
}

/** All records of a file, compressed or not. */
export async function recordsOf(bytes: Uint8Array): Promise<FileRecord[]> {
  const records: FileRecord[] = [];
  for await (const { offset, payload } of readTfRecords(readDecompressed(() => streamOf([bytes])))) {
    records.push({ offset, size: payload.length + 16, features: decodeTfExample(payload) });
  }
  return records;
}

export async function uncompressed(bytes: Uint8Array): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readDecompressed(() => streamOf([bytes]))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A record's number at a place of one of its features. */
export function valueOf({ features }: FileRecord, name: string, column = 0): number {
  const feature = features.get(name);
  const value = feature?.values[column];
  if (typeof value !== 'number') throw new Error(`${name} has no number at ${column}.`);
  return value;
}

export const positivesOf = (records: readonly FileRecord[], task: string): number =>
  records.filter((record) => valueOf(record, task) > 0).length;

/** What the page prints for each label of these records. */
export function sharesOf(records: readonly FileRecord[]): Record<string, string> {
  return Object.fromEntries(
    tasks.map((task) => [headStyle(task).label, percent(positivesOf(records, task) / records.length)]),
  );
}

/** "−12.3 %" → −12.3; NaN where there is no number. */
export function numberIn(text: string | undefined): number {
  const found = /[-−]?\d[\d,]*(\.\d+)?(e-?\d+)?/.exec(text ?? '')?.[0];
  return found === undefined ? NaN : Number(found.replace('−', '-').replaceAll(',', ''));
}

export class DataPage extends PlaygroundPage {
  get data(): Locator {
    return this.page.getByRole('region', { name: 'Data', exact: true });
  }

  get evaluation(): Locator {
    return this.page.getByRole('region', { name: 'Evaluation', exact: true });
  }

  get run(): Locator {
    return this.page.getByRole('region', { name: 'Run', exact: true });
  }

  select(name: string): Locator {
    return this.page.getByRole('combobox', { name, exact: true });
  }

  /** Replaces the configuration and waits until a run under it is ready. */
  async configure(yaml: string): Promise<void> {
    const steps = count(Number(/num_train_steps: (\d+)/.exec(yaml)?.[1]));
    await this.editYaml(yaml);
    await expect(this.page.getByRole('status', { name: 'Configuration status' })).toContainText('Valid');
    await expect(this.run).toContainText(`0 / ${steps} steps`);
    await this.ready();
  }

  /** Trains until the run says how it ended. */
  async train(end: RegExp = /finished/i): Promise<void> {
    // What ended before says so until the click: a short run may be at its end before anybody looks.
    await expect(this.status).not.toContainText(end);
    await this.button(/^(Train|Train again|Continue)$/).click();
    await expect(this.status).toContainText(end);
  }

  /** Waits until labels are counted among so many examples, as the panel prints it. */
  async counted(examples: string): Promise<void> {
    await expect(this.data).toContainText(`Positives among ${examples} examples`);
  }

  /** The panel's share of positives by label. */
  async shares(): Promise<Record<string, string>> {
    const items = await this.data
      .getByRole('list', { name: 'Share of positives by label' })
      .getByRole('listitem')
      .allInnerTexts();
    return Object.fromEntries(
      items.map((text) => {
        const [label = '', value = ''] = text.split('\n').map((line) => line.trim());
        return [label, value];
      }),
    );
  }

  /** Lets go of a file over the data panel. */
  async drop(name: string, bytes: Uint8Array): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      ([base64, file]) => {
        const data = new DataTransfer();
        const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([content], file));
        return data;
      },
      [Buffer.from(bytes).toString('base64'), name] as const,
    );
    for (const event of ['dragenter', 'dragover', 'drop']) {
      await this.data.dispatchEvent(event, { dataTransfer: transfer });
    }
    await transfer.dispose();
  }

  async openDialog(button: string, title: string): Promise<Locator> {
    await this.data.getByRole('button', { name: button, exact: true }).click();
    const dialog = this.page.getByRole('dialog', { name: title });
    await expect(dialog).toBeVisible();
    return dialog;
  }

  async closeDialog(dialog: Locator): Promise<void> {
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(dialog).toBeHidden();
  }

  /** Column titles of a table; a title that says too little alone takes the one before along. */
  async titles(table: Locator): Promise<string[]> {
    const texts = await table.getByRole('columnheader').allInnerTexts();
    const titles = texts.map((text) => text.trim());
    return titles.map((title, at) => (title === 'limit' ? `${titles[at - 1]} limit` : title));
  }

  /** A table as one record a row, the column titles as keys. */
  async entries(table: Locator): Promise<Record<string, string>[]> {
    const titles = await this.titles(table);
    const rows = await this.rows(table);
    return rows
      .filter((cells) => cells.length === titles.length)
      .map((cells) => Object.fromEntries(cells.map((cell, at) => [titles[at], cell])));
  }

  /** The table twin of a figure, switched to if need be. */
  async twin(name: string): Promise<Record<string, string>[]> {
    const toggle = this.button(`${name} as a table`);
    if ((await toggle.getAttribute('aria-pressed')) !== 'true') await toggle.click();
    return this.entries(this.page.getByRole('table', { name, exact: true }));
  }

  /** A CSV download as one record a line. */
  async csv(button: string): Promise<Record<string, string>[]> {
    const [head = '', ...lines] = (await this.download(button)).toString().trim().split('\n');
    const titles = head.split(',');
    return lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [titles[at], cell])));
  }
}
