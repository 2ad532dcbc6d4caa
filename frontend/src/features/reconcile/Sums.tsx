import { useTranslations } from 'use-intl';
import type { ClosingTotals } from '~/api/closing';
import { usePrice } from '~/ui/Price';
import styles from './Sums.module.css';

/** A line of the table: its name, the count beside it, and the sum, in minor units. */
interface Line {
  name: string;
  count?: (totals: ClosingTotals) => number;
  minor: (totals: ClosingTotals) => number;
  isSum?: boolean;
}

/** What moved the balance, a column for each of its currencies. */
export function Sums({ currencies }: { currencies: readonly ClosingTotals[] }) {
  const t = useTranslations('reconcile');
  const price = usePrice();
  const lines: Line[] = [
    { name: t('gross'), count: (one) => one.payments, minor: (one) => one.gross },
    { name: t('fees'), minor: (one) => -one.fees },
    { name: t('refunds'), count: (one) => one.refunds, minor: (one) => -one.refunded },
    { name: t('disputes'), count: (one) => one.disputes, minor: (one) => -one.disputed },
    { name: t('other'), minor: (one) => one.other },
    { name: t('net'), minor: (one) => one.net, isSum: true },
    { name: t('payouts'), count: (one) => one.payouts, minor: (one) => -one.paidOut },
  ];
  return (
    <div className={styles.scroller} role="group" aria-label={t('sums')} tabIndex={0}>
      <table className={styles.sums}>
        <thead>
          <tr>
            <th scope="col">{t('measure')}</th>
            {currencies.map(({ currency }) => (
              <th key={currency} scope="col">
                {currency.toUpperCase()}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, count, minor, isSum }, row) => (
            <tr key={name} data-sum={isSum}>
              <th scope="row">{name}</th>
              {currencies.map((one) => (
                <td key={one.currency}>
                  {count && <span className={styles.count}>{t('times', { count: count(one) })}</span>}
                  {price({ minor: minor(one), currency: one.currency })}
                  {row === 0 &&
                    one.converted.map(({ charged, gross }) => (
                      <span key={charged.currency} className={styles.converted}>
                        {t('converted', { charged: price(charged), amount: price({ minor: gross, currency: one.currency }) })}
                      </span>
                    ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
