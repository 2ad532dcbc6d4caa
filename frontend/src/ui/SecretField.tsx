import { useState, type Ref } from 'react';
import { Button } from 'react-aria-components/Button';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField } from 'react-aria-components/TextField';
import { useTranslations } from 'use-intl';
import { Icon } from './Icon';
import styles from './SecretField.module.css';

interface SecretFieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  /** A PIN: digits alone, and the keypad for them. */
  digits?: boolean;
  autoFocus?: boolean;
  inputRef?: Ref<HTMLInputElement>;
}

/** A field for a key, a PIN or a passphrase: covered, shown while its button is on, kept by no browser. */
export function SecretField({ label, hint, error, value, onChange, digits = false, autoFocus = false, inputRef }: SecretFieldProps) {
  const t = useTranslations('secret');
  const [isShown, setIsShown] = useState(false);
  return (
    <TextField
      value={value}
      onChange={(text) => onChange(digits ? text.replaceAll(/\D/g, '') : text)}
      type={isShown ? 'text' : 'password'}
      inputMode={digits ? 'numeric' : 'text'}
      autoComplete={digits ? 'one-time-code' : 'off'}
      autoFocus={autoFocus}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className={styles.field ?? ''}
      {...(digits ? { maxLength: 12 } : {})}
    >
      <Label className={styles.label}>{label}</Label>
      {hint && (
        <Text slot="description" className={styles.hint}>
          {hint}
        </Text>
      )}
      <div className={styles.row}>
        <Input ref={inputRef} className={styles.input ?? ''} spellCheck="false" autoCapitalize="off" autoCorrect="off" data-1p-ignore data-lpignore="true" />
        <Button className={styles.show ?? ''} aria-label={t(isShown ? 'hide' : 'show', { name: label })} onPress={() => setIsShown(!isShown)}>
          <Icon name={isShown ? 'hidden' : 'eye'} />
        </Button>
      </div>
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </TextField>
  );
}
