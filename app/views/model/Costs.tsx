/** What the model costs, part by part, on known cards, and beside the production model. */
import { useMemo } from 'react';
import { parseRecapConfig } from '../../../src/config/parse-config.ts';
import type { ModelGraph } from '../../../src/graph/graph.ts';
import type { ModelPart } from '../../../src/graph/parts.ts';
import { cardSpeeds, partCosts } from '../../../src/runs/cost-table.ts';
import { factsOf, modelFacts } from '../../../src/runs/model-facts.ts';
import type { ModelFacts } from '../../../src/runs/model-facts.ts';
import { CsvButton } from '../../charts/Chart.tsx';
import { bytes, compact, count, flops, percent, rate, valueText, significant } from '../../format.ts';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Panel, Section } from '../../parts/Panel.tsx';
import { presets, schemas } from '../../session/built-in.ts';
import { useRun } from '../../session/context.tsx';
import { speedOf } from '../../stores/run.ts';
import { viewTexts, costTexts } from '../../texts/model.ts';
import styles from './ModelView.module.css';
import { partTitle } from './part-title.ts';

interface CostsProps {
  readonly graph: ModelGraph;
  readonly parts: readonly ModelPart[];
  readonly batchSize: number;
}

export function Costs({ graph, parts, batchSize }: CostsProps) {
  const costs = useMemo(() => partCosts(parts), [parts]);
  const table = {
    columns: [
      'part',
      'parameters',
      costTexts.columns.flops,
      'share',
      costTexts.columns.moved,
      costTexts.columns.held,
    ],
    rows: costs.map(({ part, share, bytes: moved, memory }) => [
      partTitle(part),
      part.parameters,
      part.stepFlops,
      share,
      moved,
      memory,
    ]),
  };
  return (
    <Panel
      id="model-costs"
      title={costTexts.title}
      note={viewTexts.cost}
      tools={<CsvButton name={costTexts.name} table={table} />}
    >
      <NumberTable
        name={costTexts.name}
        region={costTexts.byPart}
        look="ruled"
        className={styles.scroll}
        heads={[
          costTexts.heads.part,
          costTexts.heads.parameters,
          costTexts.columns.flops,
          costTexts.heads.share,
          costTexts.heads.moved,
          costTexts.heads.held,
        ]}
      >
        <tbody>
          {costs.map(({ part, share, bytes: moved, memory }) => (
            <tr key={part.id}>
              <th scope="row">{partTitle(part)}</th>
              <td>{count(part.parameters)}</td>
              <td>{flops(part.stepFlops)}</td>
              <td>{percent(share)}</td>
              <td>{bytes(moved)}</td>
              <td>{bytes(memory)}</td>
            </tr>
          ))}
        </tbody>
      </NumberTable>
      <Beside graph={graph} batchSize={batchSize} />
      <Cards graph={graph} batchSize={batchSize} />
    </Panel>
  );
}

const PRODUCTION = 'local_prod.yaml';

/** The production model's size, made from its own configuration. */
function productionFacts(): { readonly facts: ModelFacts; readonly batchSize: number } | null {
  const { config } = parseRecapConfig(presets.find(({ file }) => file === PRODUCTION)?.text ?? '');
  const schema = schemas.get('segdense.json');
  if (!config || !schema) return null;
  return { facts: modelFacts(config, schema, new Map()), batchSize: config.train_data.global_batch_size };
}

function Beside({ graph, batchSize }: Pick<CostsProps, 'graph' | 'batchSize'>) {
  const production = useMemo(() => productionFacts(), []);
  const yours = useMemo(() => factsOf(graph, batchSize), [graph, batchSize]);
  if (!production) return null;
  const rows: readonly (readonly [string, (facts: ModelFacts) => number, (value: number) => string])[] = [
    [
      costTexts.heads.parameters,
      (facts) => facts.parameters,
      (value) => (value >= 1e6 ? compact(value) : count(value)),
    ],
    [
      costTexts.backbone,
      (facts) => facts.backbone,
      (value) => (value >= 1e6 ? compact(value) : count(value)),
    ],
    [costTexts.inputs, (facts) => facts.inputs, count],
    [costTexts.tasks, (facts) => facts.tasks, count],
    [costTexts.operations, (facts) => facts.stepFlops, flops],
    [costTexts.training, (facts) => facts.trainingBytes, bytes],
  ];
  return (
    <Section title={costTexts.beside}>
      <NumberTable name={costTexts.besideTable} region={costTexts.beside} look="ruled">
        <thead>
          <tr>
            <th scope="col">{costTexts.size}</th>
            <th scope="col">{costTexts.yours}</th>
            <th scope="col">{costTexts.production}</th>
            <th scope="col">{costTexts.times}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, of, text]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{text(of(yours))}</td>
              <td>{text(of(production.facts))}</td>
              <td>× {valueText(of(production.facts) / of(yours))}</td>
            </tr>
          ))}
        </tbody>
      </NumberTable>
    </Section>
  );
}

function Cards({ graph, batchSize }: Pick<CostsProps, 'graph' | 'batchSize'>) {
  const speeds = useMemo(() => cardSpeeds(graph, batchSize), [graph, batchSize]);
  const series = useRun((state) => state.series);
  const phase = useRun((state) => state.phase);
  // Of the run there is, which may be of another configuration: said beside it. Read anew when a run begins or ends.
  const here = useMemo(() => {
    void phase;
    return speedOf(series).stepsPerSecond;
  }, [series, phase]);
  return (
    <Section title={costTexts.speed}>
      <NumberTable name={costTexts.speedTable} region={costTexts.speed} look="ruled">
        <thead>
          <tr>
            <th scope="col">{costTexts.device}</th>
            <th scope="col">{costTexts.limit}</th>
            <th scope="col">{costTexts.expected}</th>
          </tr>
        </thead>
        <tbody>
          {speeds.map(({ card, limit, expected }) => (
            <tr key={card.name}>
              <th scope="row">
                {card.name}
                <span className={styles.does}>
                  {costTexts.card(significant(card.flops / 1e12, 9), bytes(card.bandwidth))}
                </span>
              </th>
              <td>{rate(limit)}</td>
              <td>{rate(expected)}</td>
            </tr>
          ))}
          {here > 0 && (
            <tr>
              <th scope="row">{costTexts.here}</th>
              <td>–</td>
              <td>{rate(here)}</td>
            </tr>
          )}
        </tbody>
      </NumberTable>
      <p className={styles.exact}>{viewTexts.cards}</p>
    </Section>
  );
}
