import { useMemo } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox } from 'react-aria-components/ComboBox';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Icon } from './Icon';
import styles from './SearchSelect.module.css';
import fieldStyles from './TextField.module.css';

interface SearchSelectProps {
  label: string;
  options: readonly { id: string; label: string }[];
  /** The id that is chosen. One that is not among the options stays as it is. */
  value: string;
  onChange: (id: string) => void;
  /** What the button says that opens the list. */
  open: string;
  error?: string | undefined;
  id?: string;
  isDisabled?: boolean;
}

/** One of very many, found by typing a part of its name. */
export function SearchSelect({ label, options, value, onChange, open, error, ...field }: SearchSelectProps) {
  const items = useMemo(
    () => (options.some((option) => option.id === value) || value === '' ? [...options] : [{ id: value, label: value }, ...options]),
    [options, value],
  );
  return (
    <ComboBox
      {...field}
      className={fieldStyles.field ?? ''}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      defaultItems={items}
      value={value || null}
      onChange={(key) => {
        if (typeof key === 'string') onChange(key);
      }}
    >
      <Label className={fieldStyles.label ?? ''}>{label}</Label>
      <div className={styles.field}>
        <Input className={fieldStyles.input ?? ''} spellCheck="false" />
        <Button className={styles.open ?? ''} aria-label={open}>
          <Icon name="forward" size={20} />
        </Button>
      </div>
      <FieldError className={fieldStyles.error ?? ''}>{error}</FieldError>
      <Popover className={styles.list ?? ''}>
        <ListBox<{ id: string; label: string }>>
          {(item) => (
            <ListBoxItem id={item.id} textValue={item.label} className={styles.option ?? ''}>
              {item.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
