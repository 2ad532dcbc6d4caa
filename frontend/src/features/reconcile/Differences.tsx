import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { Closing, ClosingDifferent } from '~/api/closing';
import type { Amount } from '~/domain/money';
import { Icon } from '~/ui/Icon';
import { usePrice } from '~/ui/Price';
import styles from './Differences.module.css';
import { useTimes } from './useTimes';

/** What the books do not agree about, each with its reason and what to do. */
export function Differences({ closing }: { closing: Closing }) {
  const t = useTranslations('reconcile');
  if (closing.differences.length === 0) return null;
  return (
    <section aria-labelledby="differences" className={styles.differences}>
      <h2 id="differences">{t('differences')}</h2>
      {closing.differ > closing.differences.length && <p>{t('first', { count: closing.differences.length })}</p>}
      <ol className={styles.list}>
        {closing.differences.map((one, place) => (
          <Difference key={`${place}-${namesOf(one)}`} one={one} />
        ))}
      </ol>
    </section>
  );
}

function Difference({ one }: { one: ClosingDifferent }) {
  const t = useTranslations('reconcile');
  const times = useTimes();
  const names = namesOf(one);
  return (
    <li className={styles.difference}>
      <div className={styles.words}>
        <h3>{t(`kind.${one.kind}.reason`)}</h3>
        <p>{t(`kind.${one.kind}.next`)}</p>
        <p className={styles.at}>
          <time dateTime={one.at}>{times.at(one.at)}</time>
          {names && (
            <span className={styles.names}>
              <span className="visually-hidden">{t('ids')} </span>
              {names}
            </span>
          )}
        </p>
      </div>
      <dl className={styles.sides}>
        <Side name={t('inBook')} amount={one.inBook} />
        <Side name={t('atStripe')} amount={one.atStripe} />
      </dl>
      {(one.orderId ?? one.discrepancyId) && (
        <div className={styles.ways}>
          {one.orderId && (
            <Link href={`/sales/${one.orderId}`} className={styles.way}>
              <Icon name="list" />
              {t('toOrder', { code: one.orderCode ?? '' })}
            </Link>
          )}
          {one.discrepancyId && (
            <Link href="/late" className={styles.way}>
              <Icon name="hand" />
              {t('toLate')}
            </Link>
          )}
        </div>
      )}
    </li>
  );
}

function Side({ name, amount }: { name: string; amount: Amount | undefined }) {
  const t = useTranslations('reconcile');
  const price = usePrice();
  return (
    <div>
      <dt>{name}</dt>
      <dd data-missing={amount ? undefined : true}>{amount ? price(amount) : t('nowhere')}</dd>
    </div>
  );
}

/** What it is called at Stripe, to be looked for in the Dashboard. */
function namesOf(one: ClosingDifferent): string {
  const names = [one.paymentIntentId, one.chargeId, one.refundId, one.disputeId, one.payoutId, one.transactionId];
  return names.filter(Boolean).join(' ');
}
