/** Ctrl-C and kill: the first asks a command to end well, the second ends it at once. */
import { EXIT } from './command.ts';

/**
 * Calls `ask` with the exit code that the signal means, once.
 * @returns ends the listening.
 */
export function onInterrupt(ask: (code: number) => void): () => void {
  let asked = false;
  const listen = (code: number) => () => {
    if (asked) process.exit(code);
    asked = true;
    ask(code);
  };
  const [interrupted, terminated] = [listen(EXIT.interrupted), listen(EXIT.terminated)];
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', terminated);
  return () => {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', terminated);
  };
}
