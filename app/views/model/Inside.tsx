/** What the model makes of one tweet: its mask blocks as strips, its gates in words, a head's gradient by feature. */
import { useState } from 'react';
import type { BlockLook, FeatureSlope, ModelLook } from '../../../src/workers/model-protocol.ts';
import { Chart, CsvButton } from '../../charts/Chart.tsx';
import { decimal, percent, signed } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Choice, Select } from '../../parts/Field.tsx';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Panel, Section } from '../../parts/Panel.tsx';
import { useDraft, useRanking } from '../../session/context.tsx';
import { pretrainedMisfit } from '../../session/pretrained.ts';
import { viewTexts, insideTexts } from '../../texts/model.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './ModelView.module.css';
import { Strip } from './Strip.tsx';
import { useModelLook, useTweets } from './use-model-look.ts';
import type { LookedAt } from './use-model-look.ts';

const BY = ['untrained', 'pretrained', 'yours'] as const;

export function Inside() {
  const tweets = useTweets();
  const config = useDraft((state) => state.config);
  const opened = useRanking((state) => state.selected);
  const rows = useRanking((state) => state.rows);
  const misfit = pretrainedMisfit(config);
  const [by, setBy] = useState<LookedAt>('yours');
  const [id, setId] = useState(opened ?? tweets[0]?.id ?? '');
  const heads = Object.keys(config?.model.tasks ?? {});
  const [head, setHead] = useState<string | null>(null);
  const task = head !== null && heads.includes(head) ? head : (heads[0] ?? '');
  const tweet = tweets.find((each) => each.id === id) ?? tweets[0] ?? null;
  const answer = useModelLook(by, tweet, task);
  if (rows) {
    return (
      <Panel id="model-inside" title={insideTexts.title}>
        <p className={styles.text}>{insideTexts.ownTable}</p>
      </Panel>
    );
  }
  return (
    <Panel
      id="model-inside"
      title={insideTexts.title}
      note={answer.kind === 'ready' ? insideTexts.afterSteps(answer.step) : null}
    >
      <div className={styles.controls}>
        <Choice
          label={insideTexts.lookedAt}
          value={by}
          options={BY.filter((value) => value !== 'pretrained' || misfit === null).map((value) => ({
            value,
            label: insideTexts.by[value],
          }))}
          onChange={setBy}
        />
        <Select
          label={insideTexts.tweet}
          value={tweet?.id ?? ''}
          options={tweets.map((each) => ({ value: each.id, label: shortText(each.text) }))}
          onChange={setId}
        />
        <Select
          label={insideTexts.head}
          value={task}
          options={heads.map((each) => ({ value: each, label: headStyle(each).label }))}
          onChange={setHead}
        />
      </div>
      {answer.kind === 'failed' ? (
        <p className={styles.text} role="alert">
          {answer.message}
        </p>
      ) : answer.kind === 'waiting' ? (
        <p className={styles.text}>{insideTexts.looking}</p>
      ) : (
        <Looked look={answer.value} task={task} />
      )}
    </Panel>
  );
}

const shortText = (text: string): string => (text.length > 60 ? `${text.slice(0, 58)}…` : text);

function Looked({ look, task }: { readonly look: ModelLook; readonly task: string }) {
  const at = look.tasks.indexOf(task);
  return (
    <>
      <p className={styles.text}>
        <Phrase
          text={insideTexts.hereItIs(headStyle(task).meaning)}
          parts={{ probability: <b>{percent(look.probabilities[at] ?? Number.NaN)}</b> }}
        />
      </p>
      {look.blocks.length === 0 && <p className={styles.text}>{insideTexts.noBlocks}</p>}
      <p className={styles.exact}>{viewTexts.strips}</p>
      <div className={styles.blocks}>
        {look.blocks.map((block) => (
          <Block key={block.part} block={block} />
        ))}
      </div>
      <div className={styles.blocks}>
        <Chart
          small
          picture={false}
          title={insideTexts.values}
          name={insideTexts.values}
          table={() => ({
            columns: [insideTexts.columns.part, insideTexts.columns.column, insideTexts.columns.value],
            rows: look.outputs.flatMap(({ part, values }) =>
              [...values].map((value, column) => [part, column, value]),
            ),
          })}
          summary={insideTexts.valuesAbout(look.outputs.length)}
          height={look.outputs.length * 26 + 8}
          empty={null}
        >
          <div className={styles.strips}>
            {look.outputs.map(({ part, values }) => (
              <Strip key={part} label={lastOf(part)} values={values} />
            ))}
          </div>
        </Chart>
        <Slopes slopes={look.slopes} task={task} />
      </div>
    </>
  );
}

const lastOf = (part: string): string =>
  (part.split('/').at(-1) ?? part).replace(/mask_blocks\.(\d+)/, (_, number: string) =>
    insideTexts.blockShort(number),
  );

function Block({ block }: { readonly block: BlockLook }) {
  const number = /(\d+)$/.exec(block.part)?.[1];
  const title = number === undefined ? insideTexts.block : insideTexts.blockNumber(Number(number) + 1);
  const owner = block.part.startsWith('tower/') ? block.part.split('/')[1] : undefined;
  const named = owner === undefined ? title : insideTexts.blockOf(title, owner);
  const table = {
    columns: [
      insideTexts.columns.column,
      insideTexts.columns.feature,
      insideTexts.columns.value,
      insideTexts.columns.gate,
      insideTexts.columns.letThrough,
    ],
    rows: block.names.map((name, i) => [
      i,
      name,
      block.input[i] ?? null,
      block.mask[i] ?? null,
      block.gated[i] ?? null,
    ]),
  };
  return (
    <div>
      <Chart
        small
        picture={false}
        title={named}
        name={named}
        table={() => table}
        summary={insideTexts.blockAbout(
          block.mask.length,
          block.hidden.filter((value) => value > 0).length,
          block.hidden.length,
        )}
        height={132}
        empty={null}
      >
        <div className={styles.strips}>
          <Strip label={insideTexts.strips.features} values={block.input} names={block.names} />
          <Strip label={insideTexts.strips.gates} values={block.mask} names={block.names} />
          <Strip label={insideTexts.strips.through} values={block.gated} names={block.names} />
          <Strip label={insideTexts.strips.units} values={block.hidden} />
          <Strip label={insideTexts.strips.output} values={block.output} />
        </div>
      </Chart>
      <Gates block={block} title={named} />
    </div>
  );
}

const GATES_SHOWN = 5;

function Gates({ block, title }: { readonly block: BlockLook; readonly title: string }) {
  return (
    <details className={styles.details}>
      <summary>{insideTexts.whichUnits}</summary>
      <p className={styles.exact}>{viewTexts.gates}</p>
      <ul className={styles.list} aria-label={insideTexts.gatesOf(title)}>
        {block.gates.slice(0, GATES_SHOWN).map((gate) => (
          <li key={gate.column}>
            <Phrase
              text={insideTexts.gate(
                decimal(gate.mask, 3),
                decimal(gate.typical, 3),
                gate.unit,
                signed(gate.byUnit, 2),
              )}
              parts={{ feature: <b>{gate.name}</b>, driver: <b>{gate.driver}</b> }}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}

const SLOPES_SHOWN = 12;

function Slopes({ slopes, task }: { readonly slopes: readonly FeatureSlope[]; readonly task: string }) {
  const shown = slopes.slice(0, SLOPES_SHOWN);
  const most = Math.max(1e-12, ...shown.map(({ slope }) => Math.abs(slope)));
  const { label } = headStyle(task);
  const table = {
    columns: [insideTexts.columns.feature, insideTexts.columns.valueRead, insideTexts.columns.gradient],
    rows: slopes.map(({ name, value, slope }) => [name, value, slope]),
  };
  return (
    <Section
      title={insideTexts.moves(label)}
      tools={<CsvButton name={insideTexts.gradientOf(label)} table={table} />}
    >
      <p className={styles.exact}>{viewTexts.slopes}</p>
      {shown.every(({ slope }) => slope === 0) && <p className={styles.text}>{viewTexts.flat}</p>}
      <NumberTable
        name={insideTexts.gradientOf(label)}
        look="ruled"
        heads={[
          insideTexts.feature,
          insideTexts.value,
          insideTexts.gradient,
          { text: <span className="unseen">{insideTexts.asBar}</span>, className: styles.barHead },
        ]}
      >
        <tbody>
          {shown.map(({ name, value, slope }, i) => (
            // Two columns may have one name.
            <tr key={`${name} ${i}`}>
              <th scope="row">{name}</th>
              <td>{decimal(value, 3)}</td>
              <td>{signed(slope)}</td>
              <td>
                <span
                  className={slope < 0 ? styles.barDown : styles.barUp}
                  style={{ inlineSize: `${(100 * Math.abs(slope)) / most}%` }}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </NumberTable>
    </Section>
  );
}
