/** The way between views: in the header, and at the bottom of a phone. */
import { classes } from '../parts/classes.ts';
import { pageTexts } from '../texts/page.ts';
import styles from './Navigation.module.css';
import { routeOf, views } from './views.ts';
import type { ViewId } from './views.ts';

export function Navigation({ view, className }: { view: ViewId; className?: string | undefined }) {
  return (
    <nav className={classes(styles.nav, className)} aria-label={pageTexts.views}>
      {views.map(({ id }) => (
        <a
          key={id}
          href={routeOf(id)}
          className={styles.link}
          aria-current={id === view ? 'page' : undefined}
        >
          {pageTexts.viewTitles[id]}
        </a>
      ))}
    </nav>
  );
}
