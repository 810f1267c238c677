/** The columns of a table, one a row: what is in them, what they are read as, and what stands for missing values. */
import { MISSING_RULES } from '../../../src/data/tables/columns-file.ts';
import type { MissingRule } from '../../../src/data/tables/columns-file.ts';
import type { ColumnSummary, TableSummary } from '../../../src/data/tables/table-summary.ts';
import { count, percent, plural, significant } from '../../format.ts';
import { Select } from '../../parts/Field.tsx';
import { EVERY_VALUE, isTwo, labelValues } from './table-choices.ts';
import type { ColumnChoice, Reading, TableChoices } from './table-choices.ts';
import styles from './TableDialog.module.css';

const READINGS: Readonly<Record<Reading, string>> = {
  number: 'Number',
  binary: 'Two values',
  category: 'Category',
  date: 'Date',
  list: 'List of numbers',
  label: 'To predict',
  ignored: 'Left out',
};

const MISSING: Readonly<Record<MissingRule, string>> = {
  zero: '0',
  mean: 'Mean',
  indicator: 'Mean, and marked',
  drop: 'Leave the row out',
};

interface ColumnsProps {
  readonly summary: TableSummary;
  readonly choices: TableChoices;
  readonly onChange: (choices: TableChoices) => void;
}

export function TableColumnsTable({ summary, choices, onChange }: ColumnsProps) {
  const set = (name: string, choice: ColumnChoice): void =>
    onChange({ ...choices, columns: { ...choices.columns, [name]: choice } });
  return (
    <div className={styles.wrap} tabIndex={0} role="region" aria-label="Columns of the table">
      <table className={styles.table} aria-label="Columns of the table">
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Read as</th>
            <th scope="col">Missing values</th>
            <th scope="col">In it</th>
            <th scope="col" colSpan={summary.first.length}>
              First rows
            </th>
          </tr>
        </thead>
        <tbody>
          {summary.columns.map((column, at) => {
            const choice = choices.columns[column.name];
            return (
              choice && (
                <tr key={column.name}>
                  <th scope="row">{column.name}</th>
                  <td>
                    <ReadAs column={column} choice={choice} onChange={(next) => set(column.name, next)} />
                  </td>
                  <td>
                    <Missing column={column} choice={choice} onChange={(next) => set(column.name, next)} />
                  </td>
                  <td className={styles.content}>
                    {contentOf(column)}
                    {column.note !== null && choice.as === column.guess.as && (
                      <span className={styles.note}>{column.note}</span>
                    )}
                  </td>
                  {summary.first.map((cells, row) => (
                    <td key={row} className={styles.cell}>
                      {cells[at]}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  readonly column: ColumnSummary;
  readonly choice: ColumnChoice;
  readonly onChange: (choice: ColumnChoice) => void;
}

function ReadAs({ column, choice, onChange }: CellProps) {
  const canLabel = column.distinct >= 2 || column.more;
  const kinds: readonly Reading[] = [...column.kinds, ...(canLabel ? (['label'] as const) : []), 'ignored'];
  const shown = kinds.includes(choice.as) ? kinds : [choice.as, ...kinds];
  return (
    <>
      <Select<Reading>
        label={`${column.name} is read as`}
        hideLabel
        value={choice.as}
        options={shown.map((as) => ({ value: as, label: READINGS[as] }))}
        onChange={(as) => onChange({ ...choice, as, values: as === 'label' ? labelValues(column) : null })}
      />
      {choice.as === 'label' && !isTwo(column) && (
        <Select<string>
          label={`Value of ${column.name} to predict`}
          hideLabel
          value={choice.values?.length === 1 ? `=${choice.values[0] ?? ''}` : EVERY_VALUE}
          options={[
            ...column.values.map(({ text }) => ({ value: `=${text}`, label: `is ${text}` })),
            ...(column.more ? [] : [{ value: EVERY_VALUE, label: 'each value a head' }]),
          ]}
          onChange={(value) =>
            onChange({
              ...choice,
              values: value === EVERY_VALUE ? column.values.map(({ text }) => text) : [value.slice(1)],
            })
          }
        />
      )}
    </>
  );
}

function Missing({ column, choice, onChange }: CellProps) {
  if (choice.as === 'ignored') return null;
  if (column.missing === 0) return <span className={styles.none}>none</span>;
  const share = percent(column.missing / (column.missing + column.present));
  if (choice.as === 'label') return <span className={styles.none}>{share}: those rows are left out</span>;
  return (
    <Select<MissingRule | 'auto'>
      label={`Missing values of ${column.name}`}
      hideLabel
      value={choice.missing ?? 'auto'}
      options={[
        { value: 'auto', label: `${share}: as it suits` },
        ...MISSING_RULES.map((rule) => ({ value: rule, label: `${share}: ${MISSING[rule]}` })),
      ]}
      onChange={(rule) => onChange({ ...choice, missing: rule === 'auto' ? null : rule })}
    />
  );
}

/** Numbers by their range, few values by name. */
function contentOf({ range, values, distinct, more, present }: ColumnSummary): string {
  if (present === 0) return 'nothing';
  if (range && (more || distinct > 12)) {
    return `${short(range.min)} to ${short(range.max)}, mean ${short(range.mean)}`;
  }
  const some = values.slice(0, 4).map(({ text, count: n }) => `${text} (${percent(n / present)})`);
  const rest = more
    ? `, more than ${count(distinct)} different`
    : distinct > 4
      ? `, ${plural(distinct - 4, 'other')}`
      : '';
  return `${some.join(', ')}${rest}`;
}

function short(value: number): string {
  return significant(value, 4);
}
