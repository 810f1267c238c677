/** A button that does an action: named, greyed and explained by it. */
import type { ReactNode } from 'react';
import { Button } from '../parts/Button.tsx';
import type { ButtonProps } from '../parts/Button.tsx';
import { Hint } from '../parts/Term.tsx';
import type { Action } from './action.ts';
import { ariaKeys, isMac, keyNames } from './keys.ts';
import { useAction } from './use-action.ts';

interface ActionButtonProps extends Omit<ButtonProps, 'onClick' | 'disabled' | 'title'> {
  readonly action: Action;
  /** What it does, where its title leaves that open. */
  readonly hint?: ReactNode;
}

/** One that can't be used stays in reach of keys, so that its reason can be read. */
export function ActionButton({ action, hint, children, ...rest }: ActionButtonProps) {
  const { title, why, busy, run } = useAction(action);
  const { keys } = action;
  return (
    <Hint
      text={
        <>
          {why ?? hint ?? title}
          {keys !== undefined && ` (${keyNames(keys, isMac()).join(' + ')})`}
        </>
      }
    >
      <Button
        {...(rest.iconOnly && { 'aria-label': title })}
        {...rest}
        aria-disabled={why !== null || busy}
        {...(keys !== undefined && { 'aria-keyshortcuts': ariaKeys(keys) })}
        onClick={run}
      >
        {children ?? title}
      </Button>
    </Hint>
  );
}
