/** Settings of the synthetic data's teacher: what the form shows of them, and how a form edit changes their YAML text. */
import type { TextProblem } from '../../src/config/text/text-problem.ts';
import { teacherTasks } from '../../src/data/synthesis/tasks.ts';
import type { TeacherConfig } from '../../src/data/synthesis/teacher-config.ts';
import { teacherTexts } from '../texts/data-teacher.ts';
import { defaultTeacher, readers, readTeacherNow } from './reading.ts';

/** A preset as YAML text; `text` is what reset goes back to. */
export interface TeacherText {
  readonly id: string;
  readonly text: string;
}

export interface TeacherSettings {
  readonly teacherText: string;
  readonly teacherProblems: readonly TextProblem[];
  /** Of the last text without problems: what a run uses. */
  readonly teacherConfig: TeacherConfig;
}

/** What a text says; the configuration before it stays in force while the text is broken. */
export function readTeacher(text: string, before: TeacherConfig | null): TeacherSettings {
  const { config, problems } = readTeacherNow(text) ?? readers().parseTeacherConfig(text);
  return {
    teacherText: text,
    teacherProblems: problems,
    teacherConfig: config ?? before ?? defaultTeacher(),
  };
}

/** Settings that are one number each, in the form's order. */
export const NUMBER_SETTINGS = [
  'effect_size',
  'noise',
  'interactions',
  'affinity',
  'users',
  'authors',
  'clusters',
  'in_cluster_share',
  'seed',
] as const;

export type NumberSetting = (typeof NUMBER_SETTINGS)[number];

export interface SettingField {
  readonly path: readonly [string] | readonly ['base_rates', string];
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly scale: 'linear' | 'log';
  readonly whole: boolean;
}

const number = (
  key: NumberSetting,
  range: Pick<SettingField, 'min' | 'max' | 'step' | 'scale'>,
): SettingField => ({
  path: [key],
  get label() {
    return teacherTexts.settings[key];
  },
  whole: range.step >= 1,
  ...range,
});

export const numberFields: readonly SettingField[] = [
  number('effect_size', { min: 0, max: 6, step: 0.1, scale: 'linear' }),
  number('noise', { min: 0, max: 1, step: 0.05, scale: 'linear' }),
  number('interactions', { min: 0, max: 3, step: 0.1, scale: 'linear' }),
  number('affinity', { min: 0, max: 3, step: 0.1, scale: 'linear' }),
  number('users', { min: 1, max: 50_000, step: 1, scale: 'log' }),
  number('authors', { min: 1, max: 50_000, step: 1, scale: 'log' }),
  number('clusters', { min: 1, max: 256, step: 1, scale: 'log' }),
  number('in_cluster_share', { min: 0, max: 1, step: 0.05, scale: 'linear' }),
  number('seed', { min: 0, max: 4_294_967_295, step: 1, scale: 'linear' }),
];

/** One base rate a label; the sliders span 0.01 % to 90 %, typing reaches further. */
export const rateFields: readonly SettingField[] = teacherTasks.map((task) => ({
  path: ['base_rates', task],
  label: task.slice(task.lastIndexOf('.') + 1),
  min: 0.0001,
  max: 0.9,
  step: 0.0001,
  scale: 'log',
  whole: false,
}));

/** The value at a field's place. */
export function settingOf(config: TeacherConfig, { path: [key, task] }: Pick<SettingField, 'path'>): number {
  if (task !== undefined) return (config.base_rates as Readonly<Record<string, number>>)[task] ?? NaN;
  const found = NUMBER_SETTINGS.find((name) => name === key);
  return found ? config[found] : NaN;
}

/**
 * The values that stand in the text, valid or not, so that a form shows what was typed. Null where the text is no
 * readable YAML: then there is nothing a form could change either.
 */
export function typedSettings(text: string): ((path: SettingField['path']) => number | null) | null {
  const root = readers().teacherValues(text);
  if (!isRecord(root)) return null;
  const typed = root;
  return ([key, task]) => {
    const value = typed[key];
    const found = task === undefined ? value : isRecord(value) ? value[task] : undefined;
    return typeof found === 'number' ? found : null;
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text with one value changed; comments and order stay. An empty text begins with the default seed. */
export function withSetting(text: string, path: SettingField['path'], value: number): string {
  const { parseTeacherConfig, setInText } = readers();
  const began = parseTeacherConfig(text).config !== null && !/^\s*[^#\s]/m.test(text);
  return setInText(began ? `${text}seed: ${defaultTeacher().seed}\n` : text, [...path], value);
}

/** Where a slider's handle stands, 0 to 1, for a value. */
export function positionOf(field: SettingField, value: number): number {
  const { min, max, scale } = field;
  const kept = Math.min(max, Math.max(min, value));
  return scale === 'log' ? Math.log(kept / min) / Math.log(max / min) : (kept - min) / (max - min);
}

/** The value for a handle's position, rounded to what a person would type. */
export function valueAt(field: SettingField, position: number): number {
  const { min, max, step, scale, whole } = field;
  const typed =
    scale === 'linear'
      ? Number((min + Math.round((position * (max - min)) / step) * step).toPrecision(6))
      : Number((min * (max / min) ** position).toPrecision(2));
  // A few digits of an end may lie beyond it.
  const kept = Math.min(max, Math.max(min, typed));
  return whole ? Math.round(kept) : kept;
}

/** What settings say that `preset` does not, in words such as "effect_size 2"; empty where both give the same data. */
export function settingDifferences(config: TeacherConfig, preset: TeacherConfig): string[] {
  return [...numberFields, ...rateFields].flatMap((field) => {
    const value = settingOf(config, field);
    const [key, task] = field.path;
    return value === settingOf(preset, field) ? [] : [`${task === undefined ? key : field.label} ${value}`];
  });
}
