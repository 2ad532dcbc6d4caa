import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { Checkbox } from '~/ui/Checkbox';
import { TextField } from '~/ui/TextField';
import { removeQuota, withQuota } from './changes';
import type { QuotaDraft } from './draft';
import styles from './Editor.module.css';
import { useEditor } from './editor';
import { fieldId } from './faults';

interface QuotaRowProps {
  quota: QuotaDraft;
  /** Among all quotas of the event. */
  index: number;
  label: string;
}

/** A number of seats and the ticket types that share it. */
export function QuotaRow({ quota, index, label }: QuotaRowProps) {
  const t = useTranslations('events');
  const { draft, change, faultAt, live } = useEditor();
  const at = `quotas[${index}]`;
  const taken = live?.quotas.find(({ id }) => id === quota.id)?.taken ?? 0;
  const fault = faultAt(`${at}.ticketTypeIds`);
  return (
    <div role="group" aria-label={label} className={styles.quota}>
      <TextField
        id={fieldId(`${at}.size`)}
        label={t('size')}
        hint={t('quotaTaken', { count: taken })}
        inputMode="numeric"
        autoComplete="off"
        value={quota.size}
        onChange={(size) => change(withQuota(draft, quota.id, { size }))}
        error={faultAt(`${at}.size`)}
      />
      <fieldset className={styles.shared} id={fieldId(`${at}.ticketTypeIds`)} tabIndex={-1}>
        <legend>{t('shared')}</legend>
        <div className={styles.ticks}>
          {draft.ticketTypes
            .filter((type) => !type.donation)
            .map((type) => (
              <Checkbox
                key={type.id}
                isOn={quota.ticketTypeIds.includes(type.id)}
                onChange={(isOn) => {
                  const others = quota.ticketTypeIds.filter((id) => id !== type.id);
                  change(withQuota(draft, quota.id, { ticketTypeIds: isOn ? [...others, type.id] : others }));
                }}
              >
                {type.name.trim() || t('unnamed')}
              </Checkbox>
            ))}
        </div>
        {fault && <p className={styles.fault}>{fault}</p>}
      </fieldset>
      {taken === 0 && (
        <Button look="quiet" icon="cross" aria-label={`${t('removeQuota')}: ${label}`} onPress={() => change(removeQuota(draft, quota.id))} />
      )}
    </div>
  );
}
