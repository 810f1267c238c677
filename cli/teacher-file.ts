/** --teacher FILE: the settings of synthetic data from a YAML file. */
import { parseTeacherConfig } from '../src/data/synthesis/parse-teacher-config.ts';
import type { TeacherConfig } from '../src/data/synthesis/teacher-config.ts';
import { readText } from './files.ts';
import { firstProblem } from './score-weights.ts';

/** Its notes go to standard error. @throws CliError naming the place in the file. */
export async function teacherFile(path: string): Promise<TeacherConfig> {
  const { config, problems, notes } = parseTeacherConfig(await readText(path));
  if (!config) throw firstProblem(path, problems);
  for (const { line, column, message } of notes)
    process.stderr.write(`${path}:${line}:${column}: note: ${message}\n`);
  return config;
}
