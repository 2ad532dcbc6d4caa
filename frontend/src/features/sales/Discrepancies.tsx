import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { discrepanciesQuery } from '~/api/discrepancies';
import type { Discrepancy } from '~/api/types';
import { moment } from '~/domain/time';
import { Icon } from '~/ui/Icon';
import { Price } from '~/ui/Price';
import { useNow } from '~/ui/useNow';
import styles from './Discrepancies.module.css';

/** Money at Stripe that fits no order: never dropped, always in sight. Nothing is shown when there is none. */
export function Discrepancies() {
  const t = useTranslations('sales');
  const { data } = useQuery(discrepanciesQuery);
  const now = useNow(60_000);
  const found = data?.discrepancies ?? [];
  if (found.length === 0) return null;
  return (
    <section className={styles.card} aria-labelledby="discrepancies">
      <h2 id="discrepancies">
        <Icon name="hand" size={26} />
        {t('discrepancies', { count: found.length })}
      </h2>
      <p>{t('discrepanciesBody')}</p>
      <ul>
        {found.map((discrepancy) => (
          <Row key={discrepancy.id} discrepancy={discrepancy} now={now} />
        ))}
      </ul>
    </section>
  );
}

function Row({ discrepancy, now }: { discrepancy: Discrepancy; now: number }) {
  const t = useTranslations('sales');
  const locale = useLocale();
  const { amount, orderId, reason, sessionId, foundAt } = discrepancy;
  return (
    <li className={styles.row}>
      <strong><Price amount={amount} /></strong>
      <span>{moment(foundAt, now, locale)}</span>
      <span className={styles.reason}>{t(`reason.${reason}`)}</span>
      {orderId && (
        <Link href={`/sales/${orderId}`} className={styles.link}>
          {t('toOrder')}
        </Link>
      )}
      <span className={styles.session}>{t('session', { id: sessionId })}</span>
    </li>
  );
}
