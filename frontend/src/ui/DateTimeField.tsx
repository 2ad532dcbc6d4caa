import { useId } from 'react';
import styles from './TextField.module.css';

interface DateTimeFieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** A wall's time, `2026-11-21T19:30`; empty for none. */
  value: string;
  onChange: (value: string) => void;
  id?: string;
}

/** A date and a time of day as a clock on a wall shows them: the system's own field, which has its own keys and its own calendar. */
export function DateTimeField({ label, hint, error, value, onChange, ...given }: DateTimeFieldProps) {
  const made = useId();
  const id = given.id ?? made;
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={styles.field}>
      <span className={styles.head}>
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
        {hint && (
          <span id={`${id}-hint`} className={styles.hint}>
            {hint}
          </span>
        )}
      </span>
      <input
        id={id}
        type="datetime-local"
        className={styles.input}
        value={value}
        max="9999-12-31T23:59"
        aria-invalid={error ? true : undefined}
        aria-describedby={told || undefined}
        data-invalid={error ? true : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {error && (
        <span id={`${id}-error`} className={styles.error}>
          {error}
        </span>
      )}
    </div>
  );
}
