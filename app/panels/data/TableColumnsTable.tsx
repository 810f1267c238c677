/** The columns of a table, one a row: what is in them, what they are read as, and what stands for missing values. */
import { MISSING_RULES } from '../../../src/data/tables/columns-file.ts';
import type { MissingRule } from '../../../src/data/tables/columns-file.ts';
import type { ColumnSummary, TableSummary } from '../../../src/data/tables/table-summary.ts';
import { count, percent, significant } from '../../format.ts';
import { Select } from '../../parts/Field.tsx';
import { EVERY_VALUE, isTwo, labelValues } from './table-choices.ts';
import type { ColumnChoice, Reading, TableChoices } from './table-choices.ts';
import { tableTexts } from '../../texts/data-table.ts';
import styles from './TableDialog.module.css';
import { NumberTable } from '../../parts/NumberTable.tsx';

interface ColumnsProps {
  readonly summary: TableSummary;
  readonly choices: TableChoices;
  readonly onChange: (choices: TableChoices) => void;
}

export function TableColumnsTable({ summary, choices, onChange }: ColumnsProps) {
  const set = (name: string, choice: ColumnChoice): void =>
    onChange({ ...choices, columns: { ...choices.columns, [name]: choice } });
  return (
    <NumberTable
      name={tableTexts.columns}
      region={tableTexts.columns}
      framed
      words
      className={styles.wrap}
      heads={[
        tableTexts.column,
        tableTexts.readAs,
        tableTexts.missingValues,
        tableTexts.inIt,
        { text: tableTexts.firstRows, span: summary.first.length },
      ]}
    >
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
    </NumberTable>
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
        label={tableTexts.columnReadAs(column.name)}
        hideLabel
        value={choice.as}
        options={shown.map((as) => ({ value: as, label: tableTexts.readings[as] }))}
        onChange={(as) => onChange({ ...choice, as, values: as === 'label' ? labelValues(column) : null })}
      />
      {choice.as === 'label' && !isTwo(column) && (
        <Select<string>
          label={tableTexts.valueToPredict(column.name)}
          hideLabel
          value={choice.values?.length === 1 ? `=${choice.values[0] ?? ''}` : EVERY_VALUE}
          options={[
            ...column.values.map(({ text }) => ({ value: `=${text}`, label: tableTexts.isValue(text) })),
            ...(column.more ? [] : [{ value: EVERY_VALUE, label: tableTexts.everyValue }]),
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
  if (column.missing === 0) return <span className={styles.none}>{tableTexts.noneMissing}</span>;
  const share = percent(column.missing / (column.missing + column.present));
  if (choice.as === 'label') return <span className={styles.none}>{tableTexts.rowsLeftOut(share)}</span>;
  return (
    <Select<MissingRule | 'auto'>
      label={tableTexts.missingOf(column.name)}
      hideLabel
      value={choice.missing ?? 'auto'}
      options={[
        { value: 'auto', label: tableTexts.missingAuto(share) },
        ...MISSING_RULES.map((rule) => ({
          value: rule,
          label: tableTexts.missingRule(share, tableTexts.missing[rule]),
        })),
      ]}
      onChange={(rule) => onChange({ ...choice, missing: rule === 'auto' ? null : rule })}
    />
  );
}

/** Numbers by their range, few values by name. */
function contentOf({ range, values, distinct, more, present }: ColumnSummary): string {
  if (present === 0) return tableTexts.nothingInIt;
  if (range && (more || distinct > 12)) {
    return tableTexts.range(short(range.min), short(range.max), short(range.mean));
  }
  const some = values
    .slice(0, 4)
    .map(({ text, count: n }) => tableTexts.valueShare(text, percent(n / present)))
    .join(', ');
  if (more) return tableTexts.moreThan(some, count(distinct));
  return distinct > 4 ? tableTexts.andOthers(some, distinct - 4) : some;
}

function short(value: number): string {
  return significant(value, 4);
}
