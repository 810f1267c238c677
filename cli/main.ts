/** The terminal: `npm run --silent cli -- COMMAND`. Results go to files, progress and errors to standard error. */
import { isDawnLoaded } from './dawn.ts';
import { runCli } from './run.ts';

const code = await runCli(process.argv.slice(2));
process.exitCode = code;
if (isDawnLoaded()) process.stdout.write('', () => process.exit(code));
