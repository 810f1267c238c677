/** One part: plain words first, then its formula line by line with shapes, parameters and operations. */
import { nodeFormula } from '../../../src/graph/formulas.ts';
import type { ModelGraph } from '../../../src/graph/graph.ts';
import type { ModelPart } from '../../../src/graph/parts.ts';
import { layerFacts } from '../../../src/runs/model-facts.ts';
import { count, flops } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { NumberTable } from '../../parts/NumberTable.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { nodeTexts, partTexts, diagramTexts } from '../../texts/model.ts';
import styles from './ModelView.module.css';
import { partTitle } from './part-title.ts';

export function PartDetails({
  part,
  graph,
  batchSize,
}: {
  readonly part: ModelPart;
  readonly graph: ModelGraph;
  readonly batchSize: number;
}) {
  const facts = new Map(layerFacts(graph, batchSize).map((layer) => [layer.id, layer]));
  const { plain, exact } = partTexts[part.kind];
  const title = partTitle(part);
  return (
    <Panel
      id="model-part"
      title={diagramTexts.part(title)}
      note={diagramTexts.partSize(count(part.parameters), flops(part.stepFlops))}
    >
      <p className={styles.text}>{plain}</p>
      {part.kind === 'tower' && part.name !== null && (
        <p className={styles.text}>{headStyle(part.name).meaning}</p>
      )}
      <p className={styles.exact}>{exact}</p>
      <NumberTable
        name={diagramTexts.layers(title)}
        region={diagramTexts.layersRegion(title)}
        look="ruled"
        words
        className={styles.scroll}
        heads={[
          diagramTexts.layer,
          diagramTexts.formula,
          diagramTexts.shapes,
          { text: diagramTexts.parameters, className: styles.number },
        ]}
      >
        <tbody>
          {part.nodes.map((node) => {
            const layer = facts.get(node.id);
            const { formula, shapes } = nodeFormula(node, layer?.inputs ?? [], batchSize);
            return (
              <tr key={node.id}>
                <th scope="row">
                  <code className={styles.name}>{node.id}</code>
                  <span className={styles.does}>{nodeTexts[node.kind]}</span>
                </th>
                <td className={styles.formula}>{formula}</td>
                <td className={styles.shapes}>{shapes}</td>
                <td className={styles.number}>
                  {layer && layer.parameters > 0 ? count(layer.parameters) : '–'}
                </td>
              </tr>
            );
          })}
        </tbody>
      </NumberTable>
    </Panel>
  );
}
