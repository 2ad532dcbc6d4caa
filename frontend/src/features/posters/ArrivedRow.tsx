import { useLocale, useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { Order } from '~/api/types';
import { cardName } from '~/domain/card';
import { lastTender, situation } from '~/domain/situation';
import { moment } from '~/domain/time';
import { SituationMark } from '~/ui/SituationMark';
import styles from './Arrived.module.css';

/** One buyer: short code, name, the card's last four digits, and when. All of it is the link to the sale. */
export function ArrivedRow({ order, now }: { order: Order; now: number }) {
  const t = useTranslations();
  const locale = useLocale();
  const card = lastTender(order)?.card;
  const state = situation(order);
  return (
    <Link href={`/sales/${order.id}`} className={styles.row}>
      <strong className={styles.code}>{order.code}</strong>
      <span className={styles.who}>
        <span>{order.buyerName ?? order.buyerEmail ?? t('posters.arrived.noName')}</span>
        <small>
          {card ? t('sales.ending', { brand: cardName(card.brand), last4: card.last4 }) : t('posters.arrived.noCard')}
        </small>
      </span>
      <span className={styles.state}>{state !== 'paid' && <SituationMark situation={state} />}</span>
      <time className={styles.at} dateTime={order.placedAt}>
        {moment(order.placedAt, now, locale)}
      </time>
    </Link>
  );
}
