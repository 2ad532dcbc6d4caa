import { useLocale, useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { Order } from '~/api/types';
import { cardName } from '~/domain/card';
import { lastTender, situation } from '~/domain/situation';
import { moment } from '~/domain/time';
import { Price, usePrice } from '~/ui/Price';
import { SituationMark } from '~/ui/SituationMark';
import styles from './OrderRow.module.css';
import { isAsked } from './refunding';

/** One sale in a line; all of it is the link to its story. */
export function OrderRow({ order, now }: { order: Order; now: number }) {
  const t = useTranslations('sales');
  const locale = useLocale();
  const card = lastTender(order)?.card;
  const price = usePrice();
  const partly = order.refunded > 0 && order.status === 'paid';
  const disputed = order.disputed > 0;
  const buyer = order.buyerName ?? order.buyerEmail;
  return (
    <Link href={`/sales/${order.id}`} className={styles.row}>
      <strong className={styles.code}>{order.code}</strong>
      <time className={styles.at} dateTime={order.placedAt}>
        {moment(order.placedAt, now, locale)}
      </time>
      <span className={styles.what}>
        {order.lineItems.map((item) => `${item.quantity} × ${item.name}`).join(', ')}
      </span>
      <span className={styles.who}>
        {buyer && <span>{buyer}</span>}
        {card && <span>{t('ending', { brand: cardName(card.brand), last4: card.last4 })}</span>}
      </span>
      <span className={styles.amount}>
        <Price amount={order.total} />
      </span>
      <span className={styles.state}>
        <SituationMark situation={situation(order)} />
        {partly && <small>{t(isAsked(order) ? 'asked' : 'partly', { amount: price({ minor: order.refunded, currency: order.total.currency }) })}</small>}
        {disputed && <small data-bad>{t('disputed')}</small>}
      </span>
    </Link>
  );
}
