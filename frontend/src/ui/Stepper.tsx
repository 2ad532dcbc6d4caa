import { Button } from 'react-aria-components/Button';
import { Icon } from './Icon';
import styles from './Stepper.module.css';

interface StepperProps {
  /** Names the figure for screen readers. */
  label: string;
  fewer: string;
  more: string;
  value: number;
  max: number;
  onChange: (value: number) => void;
}

/** A small whole number with a button on each side; zero is allowed. */
export function Stepper({ label, fewer, more, value, max, onChange }: StepperProps) {
  return (
    <div role="group" aria-label={label} className={styles.stepper}>
      <Button className={styles.step ?? ''} aria-label={fewer} onPress={() => onChange(value - 1)}>
        <Icon name="minus" />
      </Button>
      <output className={styles.value}>{value}</output>
      <Button className={styles.step ?? ''} aria-label={more} isDisabled={value >= max} onPress={() => onChange(value + 1)}>
        <Icon name="plus" />
      </Button>
    </div>
  );
}
