/** Tabs that arrow keys move along: one look and one behaviour for the whole page. */
import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './Tabs.module.css';

interface TabsProps<T extends string> {
  /** Of the list, for screen readers. */
  readonly label: string;
  readonly tabs: readonly { readonly id: T; readonly label: string }[];
  readonly value: T;
  readonly onChange: (id: T) => void;
  /** The chosen tab's content; or several TabPanels that stay alive. */
  readonly children: ReactNode;
  readonly id?: string;
  readonly className?: string | undefined;
  /** Spreads the tabs over the width, as a bar on a phone. */
  readonly spread?: boolean;
  /** Children are TabPanels. */
  readonly panels?: boolean;
  /** Without a list there is nothing to choose: all panels stand beside each other, as plain elements. */
  readonly listed?: boolean;
}

export function Tabs<T extends string>(props: TabsProps<T>) {
  const { label, tabs, value, onChange, children, id, className, spread, panels, listed = true } = props;
  return (
    <Radix.Root
      className={classes(styles.root, className)}
      id={id}
      value={value}
      onValueChange={(chosen) => {
        const tab = tabs.find((one) => one.id === chosen);
        if (tab) onChange(tab.id);
      }}
    >
      {listed && (
        <Radix.List className={classes(styles.list, spread && styles.spread)} aria-label={label}>
          {tabs.map((tab) => (
            <Radix.Trigger key={tab.id} value={tab.id} className={styles.tab}>
              {tab.label}
            </Radix.Trigger>
          ))}
        </Radix.List>
      )}
      {panels ? (
        children
      ) : (
        // One panel for all: keyed, so that each begins at its top.
        <Radix.Content key={value} value={value} className={styles.panel} tabIndex={-1}>
          {children}
        </Radix.Content>
      )}
    </Radix.Root>
  );
}

const NO_TAB = { role: undefined, 'aria-labelledby': undefined, tabIndex: undefined } as const;

interface TabPanelProps {
  readonly id: string;
  readonly className?: string | undefined;
  /** As its Tabs. */
  readonly listed?: boolean;
  readonly children: ReactNode;
}

/** Stays alive while hidden, so that nothing typed is lost. */
export function TabPanel({ id, className, listed = true, children }: TabPanelProps) {
  return (
    <Radix.Content
      value={id}
      forceMount
      className={classes(className, listed && styles.kept)}
      {...(listed ? { tabIndex: -1 } : NO_TAB)}
    >
      {children}
    </Radix.Content>
  );
}
