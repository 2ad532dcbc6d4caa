import { Fragment } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { LateMoney } from '~/api/types';
import { cardName } from '~/domain/card';
import { moment } from '~/domain/time';
import { useNow } from '~/ui/useNow';
import styles from './LateFacts.module.css';

/** Whose the money is, by which card and when it came, and what it was for. */
export function LateFacts({ money }: { money: LateMoney }) {
  const t = useTranslations();
  const locale = useLocale();
  const now = useNow(60_000);
  const canSeat = money.actions.includes('seat');
  const { lines, room, buyerName, buyerEmail, card, paidAt, foundAt, orderId, orderCode, sessionId, disputes } = money;
  return (
    <dl className={styles.facts}>
      {lines.length > 0 && (
        <>
          <dt>{t('late.for')}</dt>
          <dd>
            {lines.map(({ quantity, name }) => t('order.line', { quantity, name })).join(', ')}
            {canSeat && <strong className={styles.room}>{t(room ? 'late.room.free' : 'late.room.taken')}</strong>}
          </dd>
        </>
      )}
      <dt>{t('late.buyer')}</dt>
      <dd>{[buyerName, buyerEmail].filter(Boolean).join(', ') || t('late.noBuyer')}</dd>
      {card && (
        <>
          <dt>{t('late.card')}</dt>
          <dd>{t('sales.ending', { brand: cardName(card.brand), last4: card.last4 })}</dd>
        </>
      )}
      <dt>{t(paidAt ? 'late.paidAt' : 'late.foundAt')}</dt>
      <dd>{moment(paidAt ?? foundAt, now, locale)}</dd>
      {orderId && orderCode && (
        <>
          <dt>{t('late.order')}</dt>
          <dd>
            <Link href={`/sales/${orderId}`} className={styles.link}>
              {orderCode}
            </Link>
          </dd>
        </>
      )}
      {disputes.map(({ id, status, dueBy }) => (
        <Fragment key={id}>
          <dt>{t('late.dispute')}</dt>
          <dd>
            {t(`money.disputeStatus.${status}`)}{' '}
            {(status === 'needs_response' || status === 'warning_needs_response') && (
              <strong className={styles.due}>{dueBy ? t('money.dueBy', { date: moment(dueBy, now, locale) }) : t('money.due')}</strong>
            )}
          </dd>
        </Fragment>
      ))}
      <dt>{t('late.session')}</dt>
      <dd className={styles.session}>{money.paymentIntentId ?? sessionId}</dd>
    </dl>
  );
}
