import type { Ref } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import styles from './TextField.module.css';

interface TextFieldProps {
  label: string;
  /** Shown in the label's line. */
  hint?: string | undefined;
  /** What is wrong with the text; also tells that it is wrong. */
  error?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  type?: 'text' | 'email' | 'search' | 'url';
  inputMode?: 'numeric' | 'decimal';
  /** Of the input itself, so that a summary of faults can lead to it. */
  id?: string;
  isDisabled?: boolean;
  autoComplete?: string;
  inputRef?: Ref<HTMLInputElement>;
}

export function TextField({ label, hint, error, inputRef, ...field }: TextFieldProps) {
  return (
    <AriaTextField {...field} isInvalid={error !== undefined} validationBehavior="aria" className={styles.field ?? ''}>
      <span className={styles.head}>
        <Label className={styles.label}>{label}</Label>
        {hint && (
          <Text slot="description" className={styles.hint}>
            {hint}
          </Text>
        )}
      </span>
      <Input ref={inputRef} className={styles.input ?? ''} spellCheck="false" autoCapitalize="off" />
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </AriaTextField>
  );
}
