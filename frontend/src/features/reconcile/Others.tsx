import { useTranslations } from 'use-intl';
import type { Closing } from '~/api/closing';
import { usePrice } from '~/ui/Price';
import styles from './Others.module.css';

/** What else moved the balance: Stripe's alone, and no differences. */
export function Others({ others }: { others: Closing['others'] }) {
  const t = useTranslations('reconcile');
  const price = usePrice();
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="others" className={styles.others}>
      <h2 id="others">{t('others')}</h2>
      <p>{t('otherBody')}</p>
      <dl>
        {others.map(({ category, count, amount }) => (
          <div key={`${category}-${amount.currency}`}>
            <dt>{t('category', { name: category.replaceAll('_', ' '), count })}</dt>
            <dd>{price(amount)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
