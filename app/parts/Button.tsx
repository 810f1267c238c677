/** Button in three weights: primary (one on the page), normal, quiet. */
import type { ButtonHTMLAttributes, Ref } from 'react';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import type { IconName } from './Icon.tsx';
import styles from './Button.module.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'primary' | 'normal' | 'quiet';
  readonly icon?: IconName;
  /** Shows the icon alone; `aria-label` then names the button. */
  readonly iconOnly?: boolean;
  readonly marked?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({
  look = 'normal',
  icon,
  iconOnly,
  marked,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(
        styles.button,
        styles[look],
        iconOnly && styles.iconOnly,
        marked && styles.marked,
        className,
      )}
    >
      {icon && <Icon name={icon} />}
      {!iconOnly && children}
    </button>
  );
}
