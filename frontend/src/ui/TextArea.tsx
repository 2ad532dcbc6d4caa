import { FieldError } from 'react-aria-components/FieldError';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea as AriaTextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';
import styles from './TextField.module.css';

interface TextAreaProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  id?: string;
}

/** A text of a few lines. */
export function TextArea({ label, hint, error, ...field }: TextAreaProps) {
  return (
    <TextField {...field} isInvalid={error !== undefined} validationBehavior="aria" className={styles.field ?? ''}>
      <span className={styles.head}>
        <Label className={styles.label}>{label}</Label>
        {hint && (
          <Text slot="description" className={styles.hint}>
            {hint}
          </Text>
        )}
      </span>
      <AriaTextArea className={styles.input ?? ''} rows={2} />
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </TextField>
  );
}
