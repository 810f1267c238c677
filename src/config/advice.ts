/**
 * What is allowed and yet worth a word: keys without effect, variables that stay, settings that cannot work, schedules
 * that never get going. Infos and warnings only.
 */
import { count, significant } from './number-text.ts';
import type { RecapConfig } from './recap-config.ts';
import type { LearningRateConfig } from './schema/learning-rate.ts';
import { leftVariableProblems } from './left-variables.ts';
import { withoutEffectProblems } from './without-effect.ts';
import type { ConfigPath } from './config-path.ts';
import type { PathProblem } from './messages.ts';
import type { UnsetVariable } from './substitute.ts';
import type { Located, YamlValue } from './yaml-tree.ts';

function info(path: ConfigPath, message: string): PathProblem {
  return { severity: 'info', path, message, place: 'key' };
}

function warning(path: ConfigPath, message: string): PathProblem {
  return { severity: 'warning', path, message, place: 'key' };
}

function rampSteps(rate: LearningRateConfig): { path: ConfigPath; steps: number } | null {
  for (const key of ['linear_ramp_to_constant', 'linear_ramp_to_cosine'] as const) {
    const schedule = rate[key];
    if (schedule) return { path: [key, 'num_ramp_steps'], steps: schedule.num_ramp_steps };
  }
  return null;
}

function longRamps(config: RecapConfig): PathProblem[] {
  const { multi_task_learning_rates: multi, single_task_learning_rate: single } = config.optimizer;
  const base = ['optimizer', 'multi_task_learning_rates'];
  const rates: [ConfigPath, LearningRateConfig][] = [];
  if (single) rates.push([['optimizer', 'single_task_learning_rate'], single]);
  if (multi?.backbone_learning_rate)
    rates.push([[...base, 'backbone_learning_rate'], multi.backbone_learning_rate]);
  for (const [task, rate] of Object.entries(multi?.tower_learning_rates ?? {})) {
    rates.push([[...base, 'tower_learning_rates', task], rate]);
  }
  const steps = config.training.num_train_steps;
  return rates.flatMap(([path, rate]) => {
    const ramp = rampSteps(rate);
    if (!ramp || ramp.steps <= steps) return [];
    const share = significant((100 * (steps - 1)) / ramp.steps, 2);
    return [
      info(
        [...path, ...ramp.path],
        `The ramp takes ${count(ramp.steps)} steps, training ${count(steps)}: the rate only reaches ${share} % of its value. Shorten the ramp or train longer.`,
      ),
    ];
  });
}

function withoutEffectOnModel(config: RecapConfig): PathProblem[] {
  const problems: PathProblem[] = [];
  const { backbone, tasks } = config.model;
  if (backbone?.affine_map) {
    problems.push(
      warning(
        ['model', 'backbone', 'affine_map'],
        'affine_map works on logits, and a backbone has none: move it to the tasks.',
      ),
    );
  }
  if (backbone && backbone.pos_weight !== 1) {
    problems.push(
      warning(
        ['model', 'backbone', 'pos_weight'],
        'pos_weight works on a loss, and a backbone has none: move it to the tasks.',
      ),
    );
  }
  for (const [task, tower] of Object.entries(tasks)) {
    const inner = tower.mlp_config ? ['mlp_config'] : ['mask_net_config', 'mlp'];
    if ((tower.mlp_config ?? tower.mask_net_config?.mlp)?.final_layer_activation) {
      problems.push(
        warning(
          ['model', 'tasks', task, ...inner, 'final_layer_activation'],
          'A ReLU on the logit keeps every probability at one half or above: set final_layer_activation to false.',
        ),
      );
    }
  }
  return problems;
}

/** What advice is given on. */
export interface Advised {
  readonly root: Located;
  /** The plain value of the YAML. */
  readonly raw: YamlValue;
  /** null while it has errors. */
  readonly config: RecapConfig | null;
  readonly unset: readonly UnsetVariable[];
  /** Whether variables could be substituted at all. */
  readonly hasEnvironment: boolean;
}

export function adviceProblems({ root, raw, config, unset, hasEnvironment }: Advised): PathProblem[] {
  const unread = withoutEffectProblems(raw);
  return [
    ...unread,
    ...leftVariableProblems(
      root,
      unset,
      hasEnvironment,
      unread.map(({ path }) => path),
    ),
    ...(config ? [...longRamps(config), ...withoutEffectOnModel(config)] : []),
  ];
}
