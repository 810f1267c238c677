/** Where the columns of a table go in the model's tensors, and what each place is called. */
import { ColumnsError, type ColumnSettings, type TableColumns } from './columns-file.ts';

/** Columns of one tensor at most, so that a batch and the first layer stay within memory. */
const MAX_WIDTH = 100_000;

export interface TablePlace {
  readonly settings: ColumnSettings;
  readonly tensor: string;
  /** First of the column's places in a row of the tensor. */
  readonly at: number;
  /** Place in the binary tensor that says that the value is missing, or null. */
  readonly indicatorAt: number | null;
}

export interface TableTensor {
  readonly name: string;
  readonly width: number;
  /** What stands in each place, for people. */
  readonly titles: readonly string[];
}

export interface TableLayout {
  /** continuous and binary first, then the embeddings that there are. */
  readonly tensors: readonly TableTensor[];
  readonly places: readonly TablePlace[];
  /** Names of the heads, in order. */
  readonly heads: readonly string[];
  widthOf(tensor: string): number;
}

/**
 * The layout of a columns.json. The model needs a continuous and a binary tensor: one that no column goes into gets one
 * place that is always 0.
 * @throws ColumnsError when a list has no length, or there are too many places.
 */
export function tableLayout({ columns, heads }: TableColumns): TableLayout {
  const titles = new Map<string, string[]>([
    ['continuous', []],
    ['binary', []],
  ]);
  const places: TablePlace[] = [];
  const add = (settings: ColumnSettings, tensor: string, names: readonly string[]) => {
    const list = titles.get(tensor) ?? [];
    titles.set(tensor, list);
    const at = list.length;
    for (const name of names) list.push(name);
    let indicatorAt: number | null = null;
    if ('missing' in settings && settings.missing === 'indicator') {
      const binary = titles.get('binary')!;
      indicatorAt = binary.length;
      binary.push(`${settings.name} is missing`);
    }
    places.push({ settings, tensor, at, indicatorAt });
  };
  for (const settings of columns) {
    const { name } = settings;
    switch (settings.as) {
      case 'number':
        add(settings, 'continuous', [name]);
        break;
      case 'date':
        add(settings, 'continuous', [`days since ${name}`]);
        break;
      case 'binary':
        add(settings, 'binary', [`${name} is ${settings.positive?.join(' or ') ?? ''}`]);
        break;
      case 'category':
        add(
          settings,
          'binary',
          (settings.values ?? []).map((value) => `${name} is ${value}`),
        );
        break;
      case 'list': {
        const { length, into = 'continuous' } = settings;
        if (length === undefined)
          throw new ColumnsError('columns.json', `columns ("${name}")`, 'length is missing.');
        add(
          settings,
          into,
          Array.from({ length }, (_, i) => `${name}[${i}]`),
        );
        break;
      }
      case 'label':
      case 'ignored':
        break;
    }
  }
  for (const [tensor, list] of titles) {
    if (list.length > MAX_WIDTH) {
      throw new ColumnsError(
        'columns.json',
        'columns',
        `they make ${list.length} ${tensor} columns; ${MAX_WIDTH} are the most. Set "as": "ignored" for some.`,
      );
    }
    if (list.length === 0) list.push('nothing');
  }
  const tensors = [...titles].map(([name, list]) => ({ name, width: list.length, titles: list }));
  const widths = new Map(tensors.map(({ name, width }) => [name, width]));
  return {
    tensors,
    places,
    heads: heads.map(({ name }) => name),
    widthOf: (tensor) => widths.get(tensor) ?? 0,
  };
}
