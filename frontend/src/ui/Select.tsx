import { Button } from 'react-aria-components/Button';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import { Icon } from './Icon';
import styles from './Select.module.css';

interface SelectProps {
  label: string;
  /** Stands there while nothing is chosen. */
  placeholder?: string;
  options: readonly { id: string; label: string }[];
  value: string;
  onChange: (id: string) => void;
}

/** One of several that would not all fit in sight; few enough to look through (SearchSelect is for the many). */
export function Select({ label, placeholder, options, value, onChange }: SelectProps) {
  return (
    <AriaSelect
      className={styles.select ?? ''}
      value={value === '' && placeholder !== undefined ? null : value}
      {...(placeholder === undefined ? {} : { placeholder })}
      onChange={(key) => {
        if (typeof key === 'string') onChange(key);
      }}
    >
      <Label className={styles.label ?? ''}>{label}</Label>
      <Button className={styles.button ?? ''}>
        <SelectValue className={styles.value ?? ''} />
        <Icon name="forward" size={20} />
      </Button>
      <Popover className={styles.list ?? ''}>
        <ListBox items={options}>
          {(item) => (
            <ListBoxItem id={item.id} textValue={item.label} className={styles.option ?? ''}>
              {item.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
