import type { ReactNode } from 'react';
import { CheckboxButton, CheckboxField } from 'react-aria-components/Checkbox';
import styles from './Checkbox.module.css';
import { Icon } from './Icon';

interface CheckboxProps {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  isDisabled?: boolean;
  children: ReactNode;
}

/** One of many that can be ticked. */
export function Checkbox({ isOn, onChange, isDisabled = false, children }: CheckboxProps) {
  return (
    <CheckboxField isSelected={isOn} onChange={onChange} isDisabled={isDisabled}>
      <CheckboxButton className={styles.checkbox ?? ''}>
        <span className={styles.box} aria-hidden="true">
          {isOn && <Icon name="tick" size={20} />}
        </span>
        <span className={styles.words}>{children}</span>
      </CheckboxButton>
    </CheckboxField>
  );
}
