/**
 * Towers: one head per task on the shared input, then logit → [affine map] → sigmoid → calibration, and the task's
 * loss. The reference keeps affine maps and calibrators in module lists of their own, after all towers; an affine map is
 * trained at its task's rate all the same.
 */
import type { ConfigPath } from '../config/config-path.ts';
import type { TaskModelConfig } from '../config/recap-config.ts';
import { architectureKeys, buildArchitecture } from './architectures.ts';
import type { TaskOutputs } from './graph.ts';
import type { GraphBuilder, Place, Value } from './graph-builder.ts';
import { GraphError } from './graph-builder.ts';
import { moduleName } from './module-name.ts';

/** Downsampling rates of one task, in (0, 1]. */
export interface TaskRates {
  readonly pos: number;
  readonly neg: number;
}

/**
 * @param input what every tower reads.
 * @param rates by task; a task that the data section does not downsample may be left out (rates of 1).
 * @throws GraphError when a tower does not end in one column.
 */
export function buildTowers(
  builder: GraphBuilder,
  tasks: Readonly<Record<string, TaskModelConfig>>,
  input: Value,
  rates: Readonly<Record<string, TaskRates>>,
  path: ConfigPath,
): TaskOutputs[] {
  const heads = Object.entries(tasks).map(([task, config]) => {
    const place: Place = { scope: ['tower', task], group: task, path: [...path, task] };
    const name = moduleName(task);
    const tower = buildArchitecture(builder, config, input, `_towers.${name}`, place);
    if (tower.width !== 1)
      throw new GraphError(
        [...place.path, architectureKeys.find((key) => config[key]) ?? ''],
        `a tower must end in one column, its logit, but this one ends in ${tower.width}`,
      );
    return { task, config, name, place, tower };
  });
  const mapped = heads.map(({ config, name, place, tower, ...head }) => {
    const { affine_map: map, pos_weight: posWeight } = config;
    if (!map) return { ...head, name, place, posWeight, logit: tower };
    const prefix = `_affine_maps.${name}`;
    const weight = builder.parameter(
      `${prefix}.weight`,
      [1, 1],
      { kind: 'constant', value: map.scale },
      place.group,
    );
    const bias = builder.parameter(`${prefix}.bias`, [1], { kind: 'constant', value: map.bias }, place.group);
    const logit = builder.node(prefix, { kind: 'affine', weight, bias }, [tower], 1, place.scope);
    return { ...head, name, place, posWeight, logit };
  });
  return mapped.map(({ task, name, place, posWeight, logit }) => {
    const prefix = `_calibrators.${name}`;
    const { scope } = place;
    const ratio = builder.parameter(
      `${prefix}.ratio`,
      [1],
      { kind: 'constant', value: calibrationRatio(task, rates) },
      place.group,
      { trainable: false },
    );
    const probability = builder.op(`_towers.${name}.sigmoid`, 'sigmoid', logit, scope);
    const calibrated = builder.node(prefix, { kind: 'calibrate', ratio }, [probability], 1, scope);
    const loss = builder.node(`_towers.${name}.loss`, { kind: 'loss', task, posWeight }, [logit], 1, scope);
    return { task, logit: logit.id, probability: probability.id, calibrated: calibrated.id, loss: loss.id };
  });
}

/** r of p′ = r·p / (1 − p + r·p): the task's negative over its positive downsampling rate. */
function calibrationRatio(task: string, rates: Readonly<Record<string, TaskRates>>): number {
  const { pos, neg } = rates[task] ?? { pos: 1, neg: 1 };
  return neg / pos;
}
