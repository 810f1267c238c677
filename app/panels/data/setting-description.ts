/** What a setting of the teacher is, in the schema's own sentence. */
import { teacherConfigSchema } from '../../../src/data/synthesis/teacher-config.ts';
import type { SettingField } from '../../stores/teacher-settings.ts';

type Described = { meta(): { description?: string | undefined } | undefined } | undefined;

const settings: Readonly<Record<string, Described>> = teacherConfigSchema.shape;
const rates: Readonly<Record<string, Described>> = teacherConfigSchema.shape.base_rates.unwrap().shape;

/** One sentence. */
export function settingDescription({ path: [key, task] }: Pick<SettingField, 'path'>): string {
  const described = task === undefined ? settings[key] : rates[task];
  return described?.meta()?.description ?? '';
}
