/**
 * Towers: one head per task on the shared input, then logit → [affine map] → sigmoid → calibration, and the task's
 * loss. The reference keeps affine maps and calibrators in module lists of their own, after all towers; an affine map is
 * trained at its task's rate all the same.
 */
import type { TaskOutputs } from './graph.ts';
import type { ConfigPath, GraphBuilder, Place, Value } from './graph-builder.ts';
import { GraphError } from './graph-builder.ts';
import { buildMaskNet } from './mask-net.ts';
import { buildMlp } from './mlp.ts';
import type { ArchitectureShape } from './model-config.ts';

/** Downsampling rates of one task, in (0, 1]. */
export interface TaskRates {
  readonly pos: number;
  readonly neg: number;
}

/** The task's name in the state dict: PyTorch's module names may not hold dots. */
export function moduleName(task: string): string {
  return task.replaceAll('.', '__');
}

/** An `mlp_config` or `mask_net_config`, for a backbone or a tower. */
export function buildArchitecture(
  builder: GraphBuilder,
  config: ArchitectureShape,
  input: Value,
  prefix: string,
  place: Place,
): Value {
  const { path } = place;
  const chosen = (['mlp_config', 'mask_net_config', 'dcn_config', 'dlrm_config'] as const).filter(
    (key) => config[key] !== null && config[key] !== undefined,
  );
  if (chosen.length > 1)
    throw new GraphError([...path, chosen[1] ?? ''], `set only one of ${chosen.join(', ')}`);
  if (config.mlp_config)
    return buildMlp(builder, config.mlp_config, input, prefix, { ...place, path: [...path, 'mlp_config'] });
  if (config.mask_net_config)
    return buildMaskNet(builder, config.mask_net_config, input, prefix, {
      ...place,
      path: [...path, 'mask_net_config'],
    });
  const [unsupported] = chosen;
  if (unsupported)
    throw new GraphError(
      [...path, unsupported],
      `${unsupported} is not supported yet; use mlp_config or mask_net_config`,
    );
  throw new GraphError(path, 'needs an mlp_config or a mask_net_config');
}

/**
 * @param input what every tower reads.
 * @param rates by task; a task that the data section does not downsample may be left out (rates of 1).
 * @throws GraphError when a tower does not end in one column, or a rate lies outside (0, 1].
 */
export function buildTowers(
  builder: GraphBuilder,
  tasks: Readonly<Record<string, ArchitectureShape>>,
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
        [...place.path, config.mlp_config ? 'mlp_config' : 'mask_net_config'],
        `a tower must end in one column, its logit, but this one ends in ${tower.width}`,
      );
    return { task, config, name, place, tower };
  });
  const mapped = heads.map(({ config, name, place, tower, ...head }) => {
    const posWeight = config.pos_weight ?? 1;
    if (!(posWeight >= 0) || !Number.isFinite(posWeight))
      throw new GraphError([...place.path, 'pos_weight'], `must be a finite number ≥ 0, not ${posWeight}`);
    const map = config.affine_map;
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
    const probability = builder.node(`_towers.${name}.sigmoid`, { kind: 'sigmoid' }, [logit], 1, scope);
    const calibrated = builder.node(prefix, { kind: 'calibrate', ratio }, [probability], 1, scope);
    const loss = builder.node(`_towers.${name}.loss`, { kind: 'loss', task, posWeight }, [logit], 1, scope);
    return { task, logit: logit.id, probability: probability.id, calibrated: calibrated.id, loss: loss.id };
  });
}

/** r of p′ = r·p / (1 − p + r·p): the task's negative over its positive downsampling rate. */
function calibrationRatio(task: string, rates: Readonly<Record<string, TaskRates>>): number {
  const { pos, neg } = rates[task] ?? { pos: 1, neg: 1 };
  for (const [key, rate] of [
    ['pos', pos],
    ['neg', neg],
  ] as const)
    if (!(rate > 0 && rate <= 1))
      throw new GraphError(
        ['train_data', 'tasks', task, `${key}_downsampling_rate`],
        `must lie in (0, 1], not ${rate}`,
      );
  return neg / pos;
}
