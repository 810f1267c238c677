/**
 * Build step: what comes with the page is read when the page is built. Its first ranking then needs neither the YAML
 * reader nor the schema.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { parseRecapConfig } from '../src/config/parse-config.ts';
import { PRESETS } from '../src/config/presets.ts';
import { parseDataSchema } from '../src/data/data-schema.ts';
import { parseTeacherConfig } from '../src/data/synthesis/parse-teacher-config.ts';
import { teacherPresets } from '../src/data/synthesis/presets.ts';
import { defaultTeacherConfig } from '../src/data/synthesis/teacher-config.ts';

const NAME = 'virtual:built-in';
const SCHEMAS = ['playground-segdense.json', 'segdense.json'];

const pathOf = (file: string): string => new URL(`../configs/${file}`, import.meta.url).pathname;
const textOf = (file: string): string => readFileSync(pathOf(file), 'utf8');

/** What app/built-in.d.ts declares. @throws Error when a file of the page's own cannot be read. */
export function builtIn() {
  const configs = PRESETS.map(({ file, title, description }, at) => {
    const text = textOf(file);
    const { config, problems } = parseRecapConfig(text);
    if (!config) throw new Error(`${file} is no configuration: ${problems[0]?.message ?? ''}`);
    // A first visit shows the first; by the time another is chosen, there are readers.
    return { file, title, description, text, read: at === 0 ? { config, problems } : null };
  });
  const schemas = SCHEMAS.map((name) => {
    const { features } = parseDataSchema(textOf(name), name);
    return { name, features };
  });
  const teachers = teacherPresets.map(({ id, file, label, about }) => {
    const text = textOf(`data/${file}`);
    const { config, problems } = parseTeacherConfig(text);
    if (!config) throw new Error(`${file} has no teacher's settings: ${problems[0]?.message ?? ''}`);
    return { id, label, about, text, config };
  });
  return { configs, schemas, teachers, defaultTeacher: defaultTeacherConfig };
}

export function builtInModule(): Plugin {
  return {
    name: 'built-in',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) return null;
      const files = [...PRESETS.map(({ file }) => file), ...SCHEMAS];
      for (const file of [...files, ...teacherPresets.map(({ file }) => `data/${file}`)])
        this.addWatchFile(pathOf(file));
      return Object.entries(builtIn())
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join('\n');
    },
  };
}
