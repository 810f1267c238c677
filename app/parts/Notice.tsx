/** A calm message in the flow of the page: what happened and what to do. */
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import { pageTexts } from '../texts/page.ts';
import styles from './Notice.module.css';

interface NoticeProps {
  readonly tone: 'info' | 'warning' | 'error';
  readonly title?: ReactNode;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly onClose?: (() => void) | undefined;
}

export function Notice({ tone, title, children, actions, onClose }: NoticeProps) {
  return (
    <div className={classes(styles.notice, styles[tone])} role={tone === 'info' ? 'note' : 'alert'}>
      <span className={styles.icon}>
        <Icon name={tone} />
      </span>
      <div className={styles.body}>
        {title && <strong className={styles.title}>{title} </strong>}
        {children}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
      {onClose && (
        <button type="button" className={styles.close} aria-label={pageTexts.closeNotice} onClick={onClose}>
          <Icon name="close" size={12} />
        </button>
      )}
    </div>
  );
}
