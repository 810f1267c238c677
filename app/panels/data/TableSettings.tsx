/** How a table's text is read, and which of its rows are held out. */
import type { HeldOut } from '../../../src/data/tables/columns-file.ts';
import type { CsvOptions } from '../../../src/data/tables/csv-table.ts';
import type { TableSummary } from '../../../src/data/tables/table-summary.ts';
import { Select } from '../../parts/Field.tsx';
import { NumberField } from '../../parts/NumberField.tsx';
import type { TableChoices } from './table-choices.ts';
import { tableTexts } from '../../texts/data-table.ts';
import styles from './TableDialog.module.css';

const DELIMITERS = [',', ';', '\t', '|'] as const;

interface CsvProps {
  readonly csv: CsvOptions;
  /** null where the file could not be read as it was guessed. */
  readonly summary: TableSummary | null;
  readonly onChange: (csv: CsvOptions) => void;
}

export function CsvSettings({ csv, summary, onChange }: CsvProps) {
  const found = summary?.csv ?? null;
  if (summary && !found) return null;
  const delimiter = csv.delimiter ?? found?.delimiter ?? ',';
  const header = csv.header ?? found?.header ?? true;
  const decimal = csv.decimal ?? summary?.decimal ?? '.';
  return (
    <div className={styles.settings}>
      <Select<string>
        label={tableTexts.betweenCells}
        value={delimiter}
        options={[
          ...DELIMITERS.map((value) => ({ value, label: tableTexts.delimiters[value] })),
          ...(DELIMITERS.some((value) => value === delimiter)
            ? []
            : [{ value: delimiter, label: delimiter }]),
        ]}
        onChange={(value) => onChange({ ...csv, delimiter: value })}
      />
      <Select<'names' | 'data'>
        label={tableTexts.firstRow}
        value={header ? 'names' : 'data'}
        options={[
          { value: 'names', label: tableTexts.firstRowIs.names },
          { value: 'data', label: tableTexts.firstRowIs.data },
        ]}
        onChange={(value) => onChange({ ...csv, header: value === 'names' })}
      />
      <Select<'.' | ','>
        label={tableTexts.beforeFraction}
        value={decimal}
        options={[
          { value: '.', label: tableTexts.decimalMarks['.'] },
          { value: ',', label: tableTexts.decimalMarks[','] },
        ]}
        onChange={(value) => onChange({ ...csv, decimal: value })}
      />
    </div>
  );
}

interface HeldOutProps {
  readonly summary: TableSummary;
  readonly choices: TableChoices;
  readonly onChange: (choices: TableChoices) => void;
}

export function HeldOutSettings({ summary, choices, onChange }: HeldOutProps) {
  const { heldOut } = choices;
  const set = (next: HeldOut): void => onChange({ ...choices, heldOut: next });
  const { share } = heldOut;
  const candidates = (by: HeldOut['by']) =>
    summary.columns
      .filter(({ name }) => choices.columns[name]?.as !== 'label')
      .filter(({ kinds, distinct }) =>
        by === 'time' ? kinds.includes('date') || kinds.includes('number') : distinct >= 2,
      )
      .map(({ name }) => name);
  const change = (by: HeldOut['by']): void => {
    if (by === 'row') set({ by, share });
    else set({ by, column: candidates(by)[0] ?? summary.columns[0]?.name ?? '', share });
  };
  return (
    <div className={styles.settings}>
      <Select<HeldOut['by']>
        label={tableTexts.heldOut}
        value={heldOut.by}
        options={[
          { value: 'row', label: tableTexts.heldOutBy.row },
          { value: 'group', label: tableTexts.heldOutBy.group },
          { value: 'time', label: tableTexts.heldOutBy.time },
        ]}
        onChange={change}
      />
      {heldOut.by !== 'row' && (
        <Select<string>
          label={heldOut.by === 'group' ? tableTexts.groupsBy : tableTexts.timeBy}
          value={heldOut.column}
          options={candidates(heldOut.by).map((name) => ({ value: name, label: name }))}
          onChange={(column) => set({ by: heldOut.by, column, share })}
        />
      )}
      <NumberField
        label={{ shown: tableTexts.share }}
        percent
        value={share}
        min={0.01}
        max={0.9}
        // The moment that was found for another share would stay.
        onChange={(next) =>
          set(
            heldOut.by === 'row'
              ? { by: 'row', share: next }
              : { by: heldOut.by, column: heldOut.column, share: next },
          )
        }
      />
    </div>
  );
}
