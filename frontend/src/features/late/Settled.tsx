import { useLocale, useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { LateMoney, Refund } from '~/api/types';
import { moment } from '~/domain/time';
import { Icon } from '~/ui/Icon';
import { useNow } from '~/ui/useNow';
import styles from './Settled.module.css';

/** What became of the money: who said so, when, and where it went. */
export function Settled({ money }: { money: LateMoney }) {
  const t = useTranslations('late');
  const locale = useLocale();
  const now = useNow(60_000);
  const { resolution } = money;
  if (!resolution) {
    const where = whereabouts(money);
    return (
      <p className={styles.settled}>
        <Icon name={where === 'gone' ? 'return' : 'hand'} />
        {t(`settled.${where}`)}
      </p>
    );
  }
  const { action, by, note, at, orderId, orderCode } = resolution;
  return (
    <div className={styles.settled}>
      <Icon name="tick" />
      <p>
        <strong>{t(`settled.${action === 'refund' ? howFar(money) : action === 'keep' ? howKept(money) : action}`, { name: by })}</strong>, <time dateTime={at}>{moment(at, now, locale)}</time>
        {note && <span className={styles.note}>{note}</span>}
      </p>
      {orderId && orderCode && (
        <Link href={`/sales/${orderId}`} className={styles.link}>
          {t('order')} {orderCode}
        </Link>
      )}
    </div>
  );
}

/** Where money is about which nobody here decided: refunded at Stripe, or with the buyer's bank. */
function whereabouts({ amount, refunds, disputes }: LateMoney): 'gone' | 'held' | 'lost' {
  const refunded = refunds.filter(isUnderWay).reduce((sum, refund) => sum + refund.amount.minor, 0);
  const taken = disputes.filter(({ withdrawn, reinstated }) => withdrawn > reinstated);
  if (taken.length === 0 || refunded >= amount.minor) return 'gone';
  return taken.some(({ status }) => status !== 'lost') ? 'held' : 'lost';
}

/** How far a refund is that was decided here. Money that came back of an order has its refunds there. */
function howFar({ refunds, resolution }: LateMoney): 'refund' | 'asked' | 'ofOrder' {
  const made = refunds.find(({ id }) => id === resolution?.refundId) ?? refunds.at(-1);
  if (!made) return 'ofOrder';
  return made.status === 'asked' ? 'asked' : 'refund';
}

/** Whether anything was left to keep. Older versions did not write it down, and what is left now says nothing of then. */
function howKept({ reason, resolution }: LateMoney): 'keep' | 'noted' | 'settled' {
  if (resolution?.left === 0) return 'noted';
  return reason === 'refund_failed' && resolution?.left === undefined ? 'settled' : 'keep';
}

function isUnderWay({ status }: Refund): boolean {
  return status !== 'failed' && status !== 'canceled' && status !== 'refused';
}
