import { useTranslations } from 'use-intl';
import { TextField } from '~/ui/TextField';
import type { FeeFault, FeeText } from './fee';
import styles from './Form.module.css';

interface FeeFieldsProps {
  fee: FeeText;
  faults: readonly FeeFault[];
  onChange: (fee: FeeText) => void;
}

/** Percent, and a fixed amount of one currency. */
export function FeeFields({ fee, faults, onChange }: FeeFieldsProps) {
  const t = useTranslations('office');
  return (
    <>
      <h3>{t('fee')}</h3>
      <div className={styles.fee}>
      {(['percent', 'fixed', 'currency'] as const).map((field) => (
          <TextField
            key={field}
            label={t(field)}
            autoComplete="off"
            error={faults.includes(field) ? t(`${field}Wrong`) : undefined}
            value={fee[field]}
            onChange={(text) => onChange({ ...fee, [field]: text })}
          />
      ))}
      </div>
    </>
  );
}
