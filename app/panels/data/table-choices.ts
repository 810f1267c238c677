/** A person's choices for a table: from what was found in it, or a columns.json, to what is asked of the worker. */
import type {
  ColumnSettings,
  HeldOut,
  MissingRule,
  TableColumns,
} from '../../../src/data/tables/columns-file.ts';
import type { LabelChoice } from '../../../src/data/tables/heads.ts';
import type { ColumnSummary, FeatureKind, TableSummary } from '../../../src/data/tables/table-summary.ts';
import type { DataProtocol } from '../../../src/workers/protocol.ts';
import { tableTexts } from '../../texts/data-table.ts';

export type Reading = FeatureKind | 'ignored' | 'label';

/** Instead of a value: every value of the column is a head. */
export const EVERY_VALUE = 'every';

export interface ColumnChoice {
  readonly as: Reading;
  /** null takes what suits the column. */
  readonly missing: MissingRule | null;
  /** Of a label: the values that each make a head; null where the column has two, and one of them is 1 by itself. */
  readonly values: readonly string[] | null;
}

export interface TableChoices {
  readonly columns: Readonly<Record<string, ColumnChoice>>;
  readonly heldOut: HeldOut;
}

type MakeParams = DataProtocol['requests']['makeTable']['params'];
export type MadeOf = Pick<MakeParams, 'columns' | 'labels' | 'heads' | 'heldOut' | 'referenceTime'>;

/** Whether a column has two values, so that its label needs no word on which. */
export function isTwo({ distinct, more }: ColumnSummary): boolean {
  return distinct === 2 && !more;
}

/** How a label of a column begins: of several values the rarest one is no better than another, so the first. */
export function labelValues(column: ColumnSummary): readonly string[] | null {
  return isTwo(column) ? null : column.values.slice(0, 1).map(({ text }) => text);
}

function choiceOf(column: ColumnSummary, given: TableColumns | null): ColumnChoice {
  const known = given?.columns.find(({ name }) => name === column.name);
  if (!known) return { as: readingOf(column.guess), missing: null, values: null };
  if (known.as === 'label') {
    const heads = given?.heads.filter((head) => head.column === column.name) ?? [];
    const values = isTwo(column) ? null : heads.flatMap(({ positive }) => positive);
    return { as: 'label', missing: null, values };
  }
  return { as: known.as, missing: ('missing' in known ? known.missing : undefined) ?? null, values: null };
}

function readingOf({ as }: ColumnSettings): Reading {
  return as;
}

/** Where a person begins: what the table seems to be, or what a columns.json says. */
export function firstChoices({ columns }: TableSummary, given: TableColumns | null): TableChoices {
  return {
    columns: Object.fromEntries(columns.map((column) => [column.name, choiceOf(column, given)])),
    heldOut: given?.held_out ?? { by: 'row', share: 0.2 },
  };
}

function settingsOf(name: string, choice: ColumnChoice, given: ColumnSettings | undefined): ColumnSettings {
  const { as, missing } = choice;
  if (as === 'label') return { name, as };
  if (as === 'ignored') return given?.as === 'ignored' ? given : { name, as, why: tableTexts.youLeftOut };
  const base: ColumnSettings = given?.as === as ? given : { name, as };
  const { missing: _missing, ...rest } = base as Extract<ColumnSettings, { missing?: unknown }>;
  return missing === null ? rest : { ...rest, missing };
}

/**
 * What is asked of the worker.
 * @returns a sentence in its place where something is to be chosen first.
 */
export function requestOf(
  summary: TableSummary,
  choices: TableChoices,
  given: TableColumns | null,
): MadeOf | string {
  const chosen = summary.columns.map((column) => ({ column, choice: choices.columns[column.name] }));
  const labels = chosen.flatMap(({ column: { name }, choice }): LabelChoice[] => {
    if (choice?.as !== 'label') return [];
    return choice.values === null
      ? [{ column: name, value: null }]
      : choice.values.map((value) => ({ column: name, value }));
  });
  if (labels.length === 0) return tableTexts.chooseLabel;
  const unsaid = chosen.find(({ choice }) => choice?.as === 'label' && choice.values?.length === 0);
  if (unsaid) return tableTexts.sayValue(unsaid.column.name);
  if (chosen.every(({ choice }) => choice?.as === 'label' || choice?.as === 'ignored')) {
    return tableTexts.leaveFeature;
  }
  const { heldOut } = choices;
  if (heldOut.by !== 'row' && choices.columns[heldOut.column]?.as === 'label') {
    return tableTexts.labelHoldsOut(heldOut.column);
  }
  const before = given && firstChoices(summary, given);
  const sameHeads = before !== null && sameLabels(before, choices);
  return {
    columns: chosen.flatMap(({ column: { name, guess }, choice }) => {
      const known = given?.columns.find((entry) => entry.name === name);
      if (!choice) return [];
      // What was guessed keeps its reason.
      return [settingsOf(name, choice, known ?? (guess.as === choice.as ? guess : undefined))];
    }),
    labels: sameHeads ? [] : labels,
    heads: sameHeads && given ? given.heads : [],
    heldOut,
    referenceTime: given?.reference_time ?? null,
  };
}

/** Whether the heads are those of before, so that their names and titles stay. */
function sameLabels(before: TableChoices, after: TableChoices): boolean {
  const labelsOf = ({ columns }: TableChoices) =>
    JSON.stringify(
      Object.entries(columns).flatMap(([name, { as, values }]) => (as === 'label' ? [[name, values]] : [])),
    );
  return labelsOf(before) === labelsOf(after);
}
