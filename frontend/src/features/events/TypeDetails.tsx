import { useTranslations } from 'use-intl';
import { Switch } from '~/ui/Switch';
import { TextArea } from '~/ui/TextArea';
import { TextField } from '~/ui/TextField';
import { withType } from './changes';
import { isNew, type TypeDraft } from './draft';
import styles from './Editor.module.css';
import { useEditor } from './editor';
import { fieldId } from './faults';
import { WallField } from './WallField';

/** What most ticket types leave as it is: description, donation, tax, when it is sold, how many in an order. */
export function TypeDetails({ type, at }: { type: TypeDraft; at: string }) {
  const t = useTranslations('events');
  const { draft, change, faultAt } = useEditor();
  const set = (changed: Partial<TypeDraft>) => change(withType(draft, type.id, changed));
  const text = (field: 'taxName' | 'taxPercent' | 'leastPerOrder' | 'mostPerOrder', path: string) => ({
    id: fieldId(`${at}.${path}`),
    value: type[field],
    onChange: (value: string) => set({ [field]: value }),
    error: faultAt(`${at}.${path}`),
    autoComplete: 'off',
  });
  return (
    <div className={styles.details}>
      <TextArea
        id={fieldId(`${at}.description`)}
        label={t('description')}
        hint={t('optional')}
        value={type.description}
        onChange={(description) => set({ description })}
        error={faultAt(`${at}.description`)}
      />
      <fieldset className={styles.group}>
        <legend>{t('window')}</legend>
        <div className={styles.fields}>
          <WallField
            at={`${at}.saleFrom`}
            label={t('saleFrom')}
            hint={t('windowHint')}
            value={type.saleFrom}
            onChange={(saleFrom) => set({ saleFrom })}
          />
          <WallField
            at={`${at}.saleUntil`}
            label={t('saleUntil')}
            hint={t('windowHint')}
            value={type.saleUntil}
            onChange={(saleUntil) => set({ saleUntil })}
          />
        </div>
      </fieldset>
      <fieldset className={styles.group}>
        <legend>{t('perOrder')}</legend>
        <div className={styles.fields}>
          <TextField label={t('leastPerOrder')} hint={t('optional')} inputMode="numeric" {...text('leastPerOrder', 'least')} />
          <TextField label={t('mostPerOrder')} hint={t('optional')} inputMode="numeric" {...text('mostPerOrder', 'most')} />
        </div>
      </fieldset>
      <Switch isOn={type.taxed} onChange={(taxed) => set({ taxed })}>
        {t('taxed')}
      </Switch>
      {type.taxed && (
        <div className={styles.fields}>
          <TextField label={t('taxName')} {...text('taxName', 'taxRate.name')} />
          <TextField label={t('taxPercent')} inputMode="decimal" {...text('taxPercent', 'taxRate.percent')} />
        </div>
      )}
      {(isNew(type.id) || type.donation) && (
        <Switch isOn={type.donation} onChange={(donation) => set({ donation })}>
          {t('donation')}
        </Switch>
      )}
    </div>
  );
}
