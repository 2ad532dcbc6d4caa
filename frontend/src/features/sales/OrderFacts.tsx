import { useLocale, useTranslations } from 'use-intl';
import type { Order } from '~/api/types';
import { cardName } from '~/domain/card';
import { lastTender } from '~/domain/situation';
import { moment, showTime } from '~/domain/time';
import { Price } from '~/ui/Price';
import { useNow } from '~/ui/useNow';
import styles from './OrderFacts.module.css';

/** What was sold, when, and to whom. */
export function OrderFacts({ order }: { order: Order }) {
  const t = useTranslations('order');
  const sales = useTranslations('sales');
  const locale = useLocale();
  const now = useNow(60_000);
  const card = lastTender(order)?.card;
  return (
    <section className={styles.facts} aria-labelledby="lines">
      <h2 id="lines" className={styles.heading}>{t('lines')}</h2>
      <ul className={styles.lines}>
        {order.lineItems.map((item) => (
          <li key={`${item.performanceId} ${item.ticketTypeId}`}>
            <span>
              <strong>{t('line', { quantity: item.quantity, name: item.name })}</strong>
              <small>
                {item.eventName}, {showTime(item.startsAt, item.timeZone, locale)}
              </small>
            </span>
            <Price amount={item.total} />
          </li>
        ))}
        <li className={styles.total}>
          <strong>{t('total')}</strong>
          <strong>
            <Price amount={order.total} />
          </strong>
        </li>
      </ul>
      <dl>
        <dt>{t('placed')}</dt>
        <dd>{moment(order.placedAt, now, locale)}</dd>
        <dt>{t('buyer')}</dt>
        <dd>{[order.buyerName, order.buyerEmail].filter(Boolean).join(', ') || t('noBuyer')}</dd>
        {card && (
          <>
            <dt>{t('card')}</dt>
            <dd>{sales('ending', { brand: cardName(card.brand), last4: card.last4 })}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
