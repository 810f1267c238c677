/** Finds and runs a command; every error becomes one line on standard error and exit code 1, 2 for a wrong command line. */
import { commandHelp, EXIT, readOptions, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { appVersion } from './version.ts';

function help(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: npm run --silent cli -- COMMAND [OPTIONS]\n\n${list.join('\n')}\n\nOptions of a command: COMMAND --help. All of it: docs/terminal.md\n`;
}

/** One line, whatever the error's own text has. */
function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') {
    process.stdout.write(`${appVersion()}\n`);
    return EXIT.done;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help());
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const names = commands.map((candidate) => candidate.name).join(', ');
    throw new UsageError(`There is no command "${name}": use one of ${names}.`);
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(commandHelp(command));
    return EXIT.done;
  }
  return (await command.run(readOptions(command, rest))) ?? EXIT.done;
}

/** @returns the exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    // A stack helps nobody with a wrong file; with DEBUG set it is there for whoever mends the program.
    const stack = process.env['DEBUG'] && error instanceof Error ? error.stack : undefined;
    process.stderr.write(`${stack ?? oneLine(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}
