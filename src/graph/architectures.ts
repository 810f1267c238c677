/** The architectures that a backbone or a tower may have, by their keys in the configuration. */
import type { TaskModelConfig } from '../config/recap-config.ts';
import type { ARCHITECTURES } from '../config/schema/task-model.ts';
import { buildDcn } from './dcn.ts';
import { buildDlrm } from './dlrm.ts';
import type { GraphBuilder, Place, Value } from './graph-builder.ts';
import { GraphError } from './graph-builder.ts';
import { buildMaskNet } from './mask-net.ts';
import { buildMlp } from './mlp.ts';

type Architecture = (typeof ARCHITECTURES)[number];

/** @param prefix of the parameter names. @param place whose path is the architecture's own. */
type Build<K extends Architecture> = (
  builder: GraphBuilder,
  config: NonNullable<TaskModelConfig[K]>,
  input: Value,
  prefix: string,
  place: Place,
) => Value;

const BUILDERS: { readonly [K in Architecture]: Build<K> } = {
  mlp_config: buildMlp,
  mask_net_config: buildMaskNet,
  dcn_config: buildDcn,
  dlrm_config: buildDlrm,
};

/** Their keys in a configuration. */
export const architectureKeys = Object.keys(BUILDERS) as readonly Architecture[];

/** Builds the architecture that is set; the schema sees to it that exactly one is. */
export function buildArchitecture(
  builder: GraphBuilder,
  config: TaskModelConfig,
  input: Value,
  prefix: string,
  place: Place,
): Value {
  const build = <K extends Architecture>(key: K): Value | null => {
    const own = config[key];
    return own ? BUILDERS[key](builder, own, input, prefix, { ...place, path: [...place.path, key] }) : null;
  };
  for (const key of architectureKeys) {
    const output = build(key);
    if (output) return output;
  }
  throw new GraphError(place.path, `needs one of ${architectureKeys.join(', ')}`);
}
