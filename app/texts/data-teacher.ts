/** Texts of the teacher's settings. */
import { texts } from './language.ts';
import { plural } from './plural.ts';

export const teacherTexts = texts('teacher', {
  preset: 'Preset',
  settings: {
    effect_size: 'Effect size',
    noise: 'Noise',
    interactions: 'Interactions',
    affinity: 'Affinity',
    users: 'Users',
    authors: 'Authors',
    clusters: 'Clusters',
    in_cluster_share: 'Share within the cluster',
    seed: 'World seed',
  },
  about: (teacher: string) => `${teacher} Changes count from the next run on.`,
  resetAll: 'Reset all',
  world: 'The world',
  baseRates: 'Base rates',
  baseRatesAbout:
    'How often each label is 1. The sliders are logarithmic. Behind them: the share counted in the data as it is drawn now.',
  counted: 'counted',
  shareCounted: (label: string) => `${label}, share counted`,
  status: 'Teacher settings status',
  valid: 'Valid',
  problems: (problems: number) =>
    `${plural(problems, { one: '# problem', other: '# problems' })}. The last valid settings stay in force.`,
  yaml: 'Teacher settings in YAML',
  slider: (setting: string) => `${setting}, slider`,
  inPercent: (setting: string) => `${setting} in percent`,
  reset: (setting: string) => `Reset ${setting}`,
  backTo: (value: string) => `Back to ${value}`,
  asInPreset: 'As in the preset',
});
