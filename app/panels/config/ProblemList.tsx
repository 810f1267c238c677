/** The text's problems, worst first; each leads to its place. Says what is in force while the text is broken. */
import type { ConfigProblem } from '../../../src/config/parse-config.ts';

import { classes } from '../../parts/classes.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useConfig } from '../../session/context.tsx';
import { errorsOf, groupProblems } from '../../stores/config.ts';
import { configTexts } from '../../texts/config.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './ProblemList.module.css';

export function ProblemList({ onGo }: { onGo: (problem: ConfigProblem) => void }) {
  const problems = useConfig((state) => state.problems);
  const valid = useConfig((state) => state.valid !== null);
  const errors = errorsOf(problems).length;
  const notes = problems.length - errors;
  const head =
    errors > 0
      ? valid
        ? configTexts.errorsInForce(errors)
        : configTexts.errorsToMend(errors)
      : notes > 0
        ? configTexts.validWithRemarks(notes)
        : configTexts.valid;

  return (
    <details className={styles.problems} open={errors > 0}>
      <summary className={classes(styles.head, errors > 0 && styles.broken)}>
        <Icon name={errors > 0 ? 'error' : notes > 0 ? 'info' : 'check'} />
        <span role="status" aria-label={configTexts.status}>
          {head}
        </span>
      </summary>
      <ul className={styles.list} aria-label={configTexts.problems}>
        {groupProblems(problems).map(({ problem, places }) => (
          <li key={`${problem.severity} ${problem.message}`}>
            <button
              type="button"
              className={classes(styles.problem, styles[problem.severity])}
              onClick={() => onGo(problem)}
            >
              <span className={styles.place}>
                {problem.line}:{problem.column}
              </span>
              <span>{problem.message}</span>
            </button>
            {places.length > 1 && (
              <span className={styles.others}>
                <Phrase
                  text={configTexts.alsoAt}
                  parts={{
                    places: places.slice(1).map((other) => (
                      <button
                        key={other.from}
                        type="button"
                        className={styles.other}
                        aria-label={configTexts.alsoAtPlace(other.line, other.column)}
                        onClick={() => onGo(other)}
                      >
                        {other.line}:{other.column}
                      </button>
                    )),
                  }}
                />
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
