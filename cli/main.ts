/** The terminal: `npm run --silent cli -- COMMAND`. Results go to files, progress and errors to standard error. */
import { runCli } from './run.ts';

process.exitCode = await runCli(process.argv.slice(2));
