import { useLocale, useTranslations } from 'use-intl';
import type { LateMoney } from '~/api/types';
import { cardName } from '~/domain/card';
import { moment } from '~/domain/time';
import { Price } from '~/ui/Price';
import { useNow } from '~/ui/useNow';
import styles from './ElsewhereRow.module.css';

/** What another program of the account sold, in a line. */
export function ElsewhereRow({ money }: { money: LateMoney }) {
  const t = useTranslations('sales');
  const locale = useLocale();
  const now = useNow(60_000);
  const { amount, paidAt, foundAt, buyerName, buyerEmail, card, sessionId, paymentIntentId } = money;
  return (
    <div className={styles.row}>
      <strong>
        <Price amount={amount} />
      </strong>
      <span>{moment(paidAt ?? foundAt, now, locale)}</span>
      <span className={styles.who}>
        {[buyerName ?? buyerEmail, card && t('ending', { brand: cardName(card.brand), last4: card.last4 })].filter(Boolean).join(', ')}
      </span>
      <span className={styles.session}>{paymentIntentId ?? sessionId}</span>
    </div>
  );
}
