/** The terminal's commands: adding one is one file and one line. */
import type { Command } from './command.ts';
import { exportModel } from './export.ts';
import { generate } from './generate.ts';
import { importCommand } from './import.ts';
import { predict } from './predict.ts';
import { rank } from './rank.ts';
import { train } from './train.ts';

export const commands: readonly Command[] = [train, predict, generate, rank, importCommand, exportModel];
