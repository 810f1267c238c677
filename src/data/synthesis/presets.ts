/** The teachers that come with the playground. `configs/data/` has the same as YAML with comments; a test compares them. */
import { LABEL } from './tasks.ts';
import { teacherConfigSchema } from './teacher-config.ts';
import type { TeacherConfig } from './teacher-config.ts';

export interface TeacherPreset {
  readonly id: 'easy' | 'realistic' | 'noise';
  /** File name in `configs/data/`. */
  readonly file: string;
  readonly label: string;
  /** One sentence. */
  readonly about: string;
  readonly config: TeacherConfig;
}

const frequent = {
  [LABEL.bookmarked]: 0.08,
  [LABEL.favorited]: 0.3,
  [LABEL.goodClick]: 0.1,
  [LABEL.goodClickV2]: 0.12,
  [LABEL.negativeFeedback]: 0.1,
  [LABEL.profile]: 0.1,
  [LABEL.replied]: 0.15,
  [LABEL.replyEngaged]: 0.05,
  [LABEL.report]: 0.04,
  [LABEL.retweeted]: 0.12,
  [LABEL.shared]: 0.08,
  [LABEL.detailDwelled]: 0.3,
  [LABEL.video]: 0.12,
};

const easy = { effect_size: 1.6, base_rates: frequent };

export const teacherPresets: readonly TeacherPreset[] = [
  {
    id: 'easy',
    file: 'easy.yaml',
    label: 'Easy',
    about: 'Frequent events and strong effects: every head finds its signal within a thousand steps.',
    config: teacherConfigSchema.parse(easy),
  },
  {
    id: 'realistic',
    file: 'realistic.yaml',
    label: 'Realistic',
    about: 'Rare events, as in life: most heads see few positives, and a report is one example in 1,250.',
    config: teacherConfigSchema.parse({}),
  },
  {
    id: 'noise',
    file: 'noise.yaml',
    label: 'Pure noise',
    about: 'Labels that know nothing of the features: whatever order a model finds here, it made up.',
    config: teacherConfigSchema.parse({ ...easy, noise: 1 }),
  },
];
