/** How training goes, part by part: sizes of weights, gradients and updates, units that are dead, gates that are stuck. */
import type { ModelPart } from '../../../src/graph/parts.ts';
import { healthWarnings } from '../../../src/training/model-health.ts';
import type { PartHealth, Share } from '../../../src/training/model-health.ts';
import { CsvButton } from '../../charts/Chart.tsx';
import { decimal, exponential } from '../../format.ts';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { viewTexts, healthTexts } from '../../texts/model.ts';
import styles from './ModelView.module.css';
import { partTitle } from './part-title.ts';
import { useModelHealth } from './use-model-look.ts';

export function Health({ parts }: { readonly parts: readonly ModelPart[] }) {
  const answer = useModelHealth();
  const found = answer.kind === 'ready' ? answer.value : [];
  const title = (id: string): string => {
    const part = parts.find((each) => each.id === id);
    return part ? partTitle(part) : id;
  };
  const table = {
    columns: Object.values(healthTexts.columns),
    rows: found.map((part) => [
      title(part.id),
      part.weightNorm,
      part.gradientNorm,
      part.updateRatio,
      shareText(part.deadUnits),
      shareText(part.closedGates),
      shareText(part.fixedGates),
    ]),
  };
  return (
    <Panel
      id="model-health"
      title={healthTexts.title}
      note={answer.kind === 'ready' ? healthTexts.afterSteps(answer.step) : null}
      tools={<CsvButton name={healthTexts.region} table={table} />}
    >
      <p className={styles.exact}>{viewTexts.health}</p>
      {answer.kind === 'failed' && (
        <p className={styles.text} role="alert">
          {answer.message}
        </p>
      )}
      {answer.kind === 'waiting' && <p className={styles.text}>{healthTexts.noRun}</p>}
      {answer.kind === 'ready' && (
        <NumberTable
          name={healthTexts.region}
          region={healthTexts.byPart}
          look="ruled"
          className={styles.scroll}
          heads={[
            healthTexts.part,
            healthTexts.weights,
            healthTexts.gradient,
            healthTexts.update,
            healthTexts.dead,
            healthTexts.shut,
            healthTexts.fixed,
          ]}
        >
          <tbody>
            {found.map((part) => (
              <Row key={part.id} title={title(part.id)} part={part} />
            ))}
          </tbody>
        </NumberTable>
      )}
    </Panel>
  );
}

const shareText = (share: Share | null): string => (share ? healthTexts.of(share.count, share.of) : '–');
const ratioText = (ratio: number | null): string =>
  ratio === null ? '–' : ratio === 0 ? '0' : exponential(ratio, 1);

function Row({ title, part }: { readonly title: string; readonly part: PartHealth }) {
  const warnings = healthWarnings(part);
  return (
    <tr>
      <th scope="row">
        {title}
        {warnings.map((warning) => (
          <span key={warning} className={styles.warning}>
            {warning}
          </span>
        ))}
      </th>
      <td>{decimal(part.weightNorm, 3)}</td>
      <td>{part.gradientNorm === null ? '–' : ratioText(part.gradientNorm)}</td>
      <td>{ratioText(part.updateRatio)}</td>
      <td>{shareText(part.deadUnits)}</td>
      <td>{shareText(part.closedGates)}</td>
      <td>{shareText(part.fixedGates)}</td>
    </tr>
  );
}
