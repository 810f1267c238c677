/** What the reference's own code does not do, or does to other numbers: said before a run on a cluster finds out. */
import type { DataConfig, RecapConfig } from '../../config/recap-config.ts';
import type { DataPlan } from '../../data/layout.ts';

/** A configuration that the reference can't train; `path` is the key that it can't do. */
export class ReferenceError extends Error {
  override readonly name = 'ReferenceError';
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[], problem: string) {
    super(`${path.join('.')}: ${problem}`);
    this.path = path;
  }
}

type Path = readonly (string | number)[];
type Network = RecapConfig['model']['tasks'][string];
type Mlp = NonNullable<Network['mlp_config']>;

/** @throws ReferenceError for the first thing that the reference can't do. */
export function checkReference(config: RecapConfig, plan: DataPlan): void {
  const { model, optimizer } = config;
  const refuse = (path: Path, problem: string): never => {
    throw new ReferenceError(path, problem);
  };
  const featurization: Path = ['model', 'featurization_config'];
  if (!model.featurization_config.double_norm_log_config)
    refuse(featurization, 'the reference always builds double_norm_log_config; use it.');
  const concat = model.featurization_config.feature_names_to_concat;
  if (concat.length !== 1 || concat[0] !== 'binary')
    refuse(
      [...featurization, 'feature_names_to_concat'],
      'the reference joins [binary], whatever stands here.',
    );
  if (model.small_embeddings) refuse(['model', 'small_embeddings'], 'the reference has no code for them.');
  if (model.position_debias_config)
    refuse(['model', 'position_debias_config'], 'the reference has no code for it.');
  if (optimizer.single_task_learning_rate)
    refuse(
      ['optimizer', 'single_task_learning_rate'],
      'the reference fails on it; use multi_task_learning_rates.',
    );
  if (model.backbone) checkNetwork(model.backbone, ['model', 'backbone'], refuse);
  for (const [task, network] of Object.entries(model.tasks))
    checkNetwork(network, ['model', 'tasks', task], refuse);
  for (const name of ['continuous', 'binary', 'discrete'])
    if (!plan.columns.some((column) => column.role === 'tensor' && column.name === name))
      refuse(
        ['train_data', 'seg_dense_schema', 'renamed_features'],
        `the reference always reads ${name}; name it.`,
      );
  checkData(config.train_data, refuse);
}

function checkNetwork(network: Network, path: Path, refuse: (path: Path, problem: string) => never): void {
  if (network.dcn_config) refuse([...path, 'dcn_config'], 'the reference has no code for it.');
  if (network.dlrm_config) refuse([...path, 'dlrm_config'], 'the reference has no code for it.');
  const checkMlp = (mlp: Mlp | null, at: Path) => {
    if (mlp && mlp.layer_sizes.length < 2 && !mlp.final_layer_activation)
      refuse(at, 'the reference fails on an MLP of one layer without activation; add a layer.');
  };
  checkMlp(network.mlp_config, [...path, 'mlp_config']);
  const maskNet = network.mask_net_config;
  if (!maskNet) return;
  if (!maskNet.use_parallel && maskNet.mlp)
    refuse([...path, 'mask_net_config', 'mlp'], 'the reference fails on a serial MaskNet with an mlp.');
  checkMlp(maskNet.mlp, [...path, 'mask_net_config', 'mlp']);
}

function checkData(data: DataConfig, refuse: (path: Path, problem: string) => never): void {
  const steps = data.preprocess;
  for (const [feature, type] of Object.entries(steps?.downcast?.features ?? {}))
    if (type !== 'bfloat16' && type !== 'bool')
      refuse(
        ['train_data', 'preprocess', 'downcast', 'features', feature],
        `the reference casts to bfloat16 or bool only, not to ${type}.`,
      );
}
