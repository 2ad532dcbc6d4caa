import type { ReactNode } from 'react';
import type { ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import styles from './Button.module.css';
import { Icon, type IconName } from './Icon';
import { TellingButton } from './TellingButton';

interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'style'> {
  /** The words; without them the button needs an `aria-label` beside its icon. */
  children?: ReactNode;
  /** `primary` the one next step; `plain` any other; `quiet` no frame; `danger` ends something. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: IconName;
  /** The key that does the same, shown to the eye; it is told to screen readers by `aria-keyshortcuts`. */
  keyHint?: string;
  'aria-keyshortcuts'?: string;
  wide?: boolean;
  /** What was asked for is under way; React Aria's own `isPending` leaves nameless images behind in its announcer. */
  isBusy?: boolean;
}

export function Button({ children, look = 'plain', icon, keyHint, wide = false, isBusy = false, ...props }: ButtonProps) {
  return (
    <TellingButton {...props} className={styles.button ?? ''} data-look={look} data-wide={wide ? true : undefined} aria-busy={isBusy}>
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
      {keyHint && (
        <kbd className={styles.key} aria-hidden="true">
          {keyHint}
        </kbd>
      )}
    </TellingButton>
  );
}
