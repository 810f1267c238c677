/** What a command of the terminal is, and how it takes its options. */
import { parseArgs } from 'node:util';

/** Bad input: its message is all that a person gets to read, so it names the place and the mend in one line. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

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
  readonly options: readonly OptionSpec[];
  /** @throws CliError and the errors of the engine's own modules; all become one line and exit code 1. */
  run(options: Options): Promise<void>;
}

/** Options as given, with readers that check them. */
export class Options {
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;

  constructor(values: Readonly<Record<string, string | boolean | undefined>>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  text(name: string): string | null {
    const value = this.#values[name];
    return typeof value === 'string' ? value : null;
  }

  /** @throws CliError when it is missing. */
  required(name: string): string {
    const value = this.text(name);
    if (value === null) throw new CliError(`--${name} is missing; see --help.`);
    return value;
  }

  /** @throws CliError when it is no whole number of at least `least`. */
  wholeNumber(name: string, least: number): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least) {
      throw new CliError(`--${name} must be a whole number of at least ${least}, not "${text}".`);
    }
    return value;
  }

  /** @throws CliError when it is none of the choices. */
  oneOf<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
    const text = this.text(name);
    if (text === null) return otherwise;
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new CliError(`--${name} must be ${choices.join(' or ')}, not "${text}".`);
    return choice;
  }
}

/** @throws CliError naming an unknown option, a missing value, a stray argument, or a required option that is missing. */
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
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      throw new CliError(`${command.name} takes no argument "${token.value}"; see ${command.name} --help.`);
    }
    const spec = known.get(token.name);
    if (!spec)
      throw new CliError(`${command.name} has no option ${token.rawName}; see ${command.name} --help.`);
    if (values[spec.name] !== undefined) throw new CliError(`--${spec.name} is given twice.`);
    if (spec.value && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))) {
      throw new CliError(`--${spec.name} needs a value: ${spec.value}.`);
    }
    if (!spec.value && token.value !== undefined) throw new CliError(`--${spec.name} takes no value.`);
    values[spec.name] = token.value ?? true;
  }
  for (const { name, value, required } of command.options) {
    if (required && values[name] === undefined) {
      throw new CliError(
        `${command.name} needs --${name} ${value ?? ''}`.trimEnd() + `; see ${command.name} --help.`,
      );
    }
  }
  return new Options(values);
}

/** The help text of one command. */
export function commandHelp({ name, summary, options }: Command): string {
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
  return `${summary}\n\nUsage: npm run --silent cli -- ${name} ${usage.join(' ')}\n\n${lines.join('\n')}\n`;
}
