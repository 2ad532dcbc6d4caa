import { useMemo } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { currencies, currencyLabel } from '~/domain/currencies';
import { Choice } from '~/ui/Choice';
import { SearchSelect } from '~/ui/SearchSelect';
import { withType } from './changes';
import { isNew, type TypeDraft } from './draft';
import styles from './Editor.module.css';
import { useEditor } from './editor';
import { fieldId } from './faults';
import { PriceField } from './PriceField';

/** What a ticket type costs: a price, or bounds within which the buyer says it. */
export function TypePrice({ type, at }: { type: TypeDraft; at: string }) {
  const t = useTranslations('events');
  const locale = useLocale();
  const { draft, change } = useEditor();
  const { currency } = type;
  const options = useMemo(() => currencies.map((id) => ({ id, label: currencyLabel(id, locale) })), [locale]);
  const set = (changed: Partial<TypeDraft>) => change(withType(draft, type.id, changed));
  const canChoose = isNew(type.id) && !type.adopt;
  return (
    <div className={styles.price}>
      <Choice
        label={t('pricing')}
        value={type.open ? 'open' : 'fixed'}
        onChange={(id) => set({ open: id === 'open' })}
        options={[
          { id: 'fixed', label: t('fixedPrice') },
          { id: 'open', label: t('openPrice') },
        ]}
      />
      <div className={styles.fields}>
        {canChoose ? (
          <SearchSelect
            id={fieldId(`${at}.currency`)}
            label={t('currency')}
            open={t('openCurrencies')}
            options={options}
            value={currency}
            onChange={(id) => set({ currency: id })}
          />
        ) : (
          <p className={styles.kept}>
            <span>{t('currency')}</span>
            <strong>{currencyLabel(currency, locale)}</strong>
          </p>
        )}
        {type.open && (
          <>
            <PriceField
              at={`${at}.bounds.least`}
              label={t('least')}
              currency={currency}
              value={type.least}
              onChange={(least) => set({ least })}
            />
            <PriceField
              at={`${at}.bounds.most`}
              label={t('most')}
              currency={currency}
              value={type.most}
              onChange={(most) => set({ most })}
            />
          </>
        )}
        <PriceField
          at={`${at}.price`}
          label={t(type.open ? 'suggested' : 'price')}
          {...(type.open ? { hint: t('optional') } : {})}
          currency={currency}
          value={type.price}
          onChange={(price) => set({ price })}
        />
      </div>
    </div>
  );
}
