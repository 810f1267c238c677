/** What a command of the terminal is, and how it takes its options. */
import { parseArgs } from 'node:util';

/** Bad input: its message is all that a person gets to read, so it names the place and the mend in one line. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** A command line that asks for what there is not: an unknown command or option, a missing or impossible value. */
export class UsageError extends CliError {}

/** What the process ends with; docs/terminal.md lists them. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

export interface OptionSpec {
  readonly name: string;
  /** Stands for the value in the help, e.g. FILE; absent for a switch. */
  readonly value?: string;
  readonly help: string;
  readonly required?: boolean;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Stands for its one argument without a name in the help, e.g. DIR; absent where it takes none. */
  readonly argument?: string;
  readonly options: readonly OptionSpec[];
  /**
   * @returns the exit code, where it is not 0.
   * @throws CliError and the errors of the engine's own modules; all become one line and exit code 1, 2 for UsageError.
   */
  run(options: Options): Promise<number | void>;
}

/** Options as given, with readers that check them. */
export class Options {
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;
  readonly #argument: string | null;

  constructor(
    values: Readonly<Record<string, string | boolean | undefined>>,
    argument: string | null = null,
  ) {
    this.#values = values;
    this.#argument = argument;
  }

  /** The argument without a name. @throws UsageError when it is missing. */
  argument(): string {
    if (this.#argument === null) throw new UsageError('An argument is missing; see --help.');
    return this.#argument;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  text(name: string): string | null {
    const value = this.#values[name];
    return typeof value === 'string' ? value : null;
  }

  /** @throws UsageError when it is missing. */
  required(name: string): string {
    const value = this.text(name);
    if (value === null) throw new UsageError(`--${name} is missing; see --help.`);
    return value;
  }

  /** @throws UsageError when it is no whole number from `least` to `most`. */
  wholeNumber(name: string, least: number, most = Number.MAX_SAFE_INTEGER): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > most) {
      const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`;
      throw new UsageError(`--${name} must be a whole number ${range}, not "${text}".`);
    }
    return value;
  }

  /** @throws UsageError when it is none of the choices. */
  oneOf<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
    const text = this.text(name);
    if (text === null) return otherwise;
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined)
      throw new UsageError(`--${name} must be ${choices.join(' or ')}, not "${text}".`);
    return choice;
  }

  /** @throws UsageError naming the first of `names` that is given, with the reason why it can't be. */
  refuse(names: readonly string[], reason: string): void {
    const given = names.find((name) => this.has(name));
    if (given !== undefined) throw new UsageError(`--${given} can't be given here: ${reason}`);
  }
}

/** @throws UsageError naming an unknown option, a missing value, a stray argument, or a required option that is missing. */
export function readOptions(command: Command, args: readonly string[]): Options {
  const known = new Map(command.options.map((option) => [option.name, option]));
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      command.options.map(({ name, value }) => [
        name,
        { type: value ? ('string' as const) : ('boolean' as const) },
      ]),
    ),
    strict: false,
    tokens: true,
  });
  const values: Record<string, string | boolean> = {};
  let argument: string | null = null;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (command.argument && argument === null) {
        argument = token.value;
        continue;
      }
      throw new UsageError(
        `${command.name} takes no ${command.argument ? 'second ' : ''}argument "${token.value}"; see ${command.name} --help.`,
      );
    }
    const spec = known.get(token.name);
    if (!spec)
      throw new UsageError(`${command.name} has no option ${token.rawName}; see ${command.name} --help.`);
    if (values[spec.name] !== undefined) throw new UsageError(`--${spec.name} is given twice.`);
    if (spec.value && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))) {
      throw new UsageError(`--${spec.name} needs a value: ${spec.value}.`);
    }
    if (!spec.value && token.value !== undefined) throw new UsageError(`--${spec.name} takes no value.`);
    values[spec.name] = token.value ?? true;
  }
  for (const { name, value, required } of command.options) {
    if (required && values[name] === undefined) {
      throw new UsageError(
        `${command.name} needs --${name} ${value ?? ''}`.trimEnd() + `; see ${command.name} --help.`,
      );
    }
  }
  if (command.argument && argument === null) {
    throw new UsageError(`${command.name} needs ${command.argument}; see ${command.name} --help.`);
  }
  return new Options(values, argument);
}

/** The help text of one command. */
export function commandHelp({ name, summary, argument, options }: Command): string {
  const usage = options.map(({ name: option, value, required }) => {
    const text = value ? `--${option} ${value}` : `--${option}`;
    return required ? text : `[${text}]`;
  });
  const width =
    Math.max(...options.map(({ name: option, value }) => option.length + (value?.length ?? 0))) + 3;
  const lines = options.map(({ name: option, value, help }) => {
    const left = value ? `--${option} ${value}` : `--${option}`;
    return `  ${left.padEnd(width + 2)}${help}`;
  });
  return `${summary}\n\nUsage: npm run --silent cli -- ${name} ${argument ? `${argument} ` : ''}${usage.join(' ')}\n\n${lines.join('\n')}\n`;
}

/** A command's part of docs/terminal.md. */
export function commandDocs({ name, summary, argument, options }: Command): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = options.map(({ name: option, value, help, required }) => {
    const usage = `--${option}${value ? ` ${value}` : ''}`;
    return `| \`${cell(usage)}\` | ${cell(help)}${required ? ' Required.' : ''} |`;
  });
  const title = argument ? `${name} ${argument}` : name;
  return `### ${title}\n\n${summary}\n\n| option | |\n| --- | --- |\n${rows.join('\n')}\n`;
}
