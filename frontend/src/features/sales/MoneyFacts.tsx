import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import type { Dispute, Order, Refund } from '~/api/types';
import { moment } from '~/domain/time';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { Price } from '~/ui/Price';
import { useNow } from '~/ui/useNow';
import styles from './MoneyFacts.module.css';
import { isAsked, isUnanswered, takenOf, validTickets } from './refunding';
import { WhichDialog } from './WhichDialog';

/** What became of an order's money after it was paid; nothing where all of it stayed. */
export function MoneyFacts({ order }: { order: Order }) {
  const t = useTranslations('money');
  const [asks, setAsks] = useState<Refund>();
  const { refunds, disputes, disputed, total } = order;
  if (refunds.length === 0 && disputes.length === 0) return null;
  const { held, lost } = takenOf(order);
  const amount = (minor: number) => <Price amount={{ minor, currency: total.currency }} />;
  return (
    <section className={styles.money} aria-labelledby="money">
      <h2 id="money">{t('title')}</h2>
      <dl className={styles.line}>
        <div>
          <dt>{t('paid')}</dt>
          <dd>{amount(total.minor)}</dd>
        </div>
        {refunds.length > 0 && (
          <div>
            <dt>{t(isAsked(order) ? 'refundedOrAsked' : 'refunded')}</dt>
            <dd>{amount(order.refunded)}</dd>
          </div>
        )}
        {held > 0 && (
          <div data-bad>
            <dt>{t('disputed')}</dt>
            <dd>{amount(held)}</dd>
          </div>
        )}
        {lost > 0 && (
          <div data-bad>
            <dt>{t('lostToBank')}</dt>
            <dd>{amount(lost)}</dd>
          </div>
        )}
        <div className={styles.left}>
          <dt>{t('left')}</dt>
          <dd>{amount(total.minor - order.refunded - disputed)}</dd>
        </div>
      </dl>
      {refunds.length > 0 && (
        <ul aria-label={t('refunds')} className={styles.moves}>
          {refunds.map((refund) => (
            <RefundRow key={refund.id} refund={refund} onAsk={isUnanswered(order, refund) ? () => setAsks(refund) : undefined} />
          ))}
        </ul>
      )}
      {disputes.length > 0 && (
        <ul aria-label={t('disputes')} className={styles.moves}>
          {disputes.map((dispute) => (
            <DisputeRow key={dispute.id} dispute={dispute} />
          ))}
        </ul>
      )}
      {asks && (
        <WhichDialog orderId={order.id} orderCode={order.code} refund={asks} tickets={validTickets(order)} onClose={() => setAsks(undefined)} />
      )}
    </section>
  );
}

function RefundRow({ refund, onAsk }: { refund: Refund; onAsk: (() => void) | undefined }) {
  const t = useTranslations();
  const locale = useLocale();
  const now = useNow(60_000);
  const { amount, status, external, by, note, createdAt, failure, problem, ticketIds, answered } = refund;
  return (
    <li data-status={status}>
      <Icon name={status === 'succeeded' ? 'tick' : status === 'failed' || status === 'refused' ? 'hand' : status === 'canceled' ? 'cross' : 'return'} />
      <div>
        <p className={styles.head}>
          <strong>
            <Price amount={amount} />
          </strong>
          <strong>{t(`money.status.${status}`)}</strong>
        </p>
        <p className={styles.soft}>
          {[
            moment(createdAt, now, locale),
            by && t('order.by', { name: by }),
            external && t('money.external'),
            ticketIds.length > 0 ? t('money.forTickets', { count: ticketIds.length }) : answered && t('money.forNone'),
          ]
            .filter(Boolean)
            .join(', ')}
        </p>
        {note && <p className={styles.note}>{note}</p>}
        {failure && <p>{t('money.why', { reason: failure.replaceAll('_', ' ') })}</p>}
        {problem && <p>{problem.detail || t(`problems.${problem.code}.title`, { name: '', available: 0 })}</p>}
        {onAsk && (
          <div className={styles.ask}>
            <span>{t('money.unanswered')}</span>
            <Button icon="ticket" onPress={onAsk}>
              {t('money.sayWhich')}
            </Button>
          </div>
        )}
      </div>
    </li>
  );
}

function DisputeRow({ dispute }: { dispute: Dispute }) {
  const t = useTranslations('money');
  const locale = useLocale();
  const now = useNow(60_000);
  const { amount, status, reason, createdAt, dueBy } = dispute;
  const waits = status === 'needs_response' || status === 'warning_needs_response';
  return (
    <li data-status={status}>
      <Icon name={status === 'won' || status === 'warning_closed' ? 'tick' : 'hand'} />
      <div>
        <p className={styles.head}>
          <strong>
            <Price amount={amount} />
          </strong>
          <strong>{t(`disputeStatus.${status}`)}</strong>
        </p>
        <p className={styles.soft}>
          {[moment(createdAt, now, locale), reason && t('reason', { reason: reason.replaceAll('_', ' ') })].filter(Boolean).join(', ')}
        </p>
        {waits && <p className={styles.due}>{dueBy ? t('dueBy', { date: moment(dueBy, now, locale) }) : t('due')}</p>}
      </div>
    </li>
  );
}
