/** The terminal's commands: adding one is one file and one line. */
import type { Command } from './command.ts';
import { exportModel } from './export.ts';
import { evaluate } from './evaluate.ts';
import { generate } from './generate.ts';
import { importCommand } from './import.ts';
import { inspect } from './inspect.ts';
import { predict } from './predict.ts';
import { rank } from './rank.ts';
import { runs } from './runs.ts';
import { train } from './train.ts';

export const commands: readonly Command[] = [
  train,
  evaluate,
  predict,
  runs,
  inspect,
  generate,
  rank,
  importCommand,
  exportModel,
];
