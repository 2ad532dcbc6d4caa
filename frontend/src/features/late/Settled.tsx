import { useLocale, useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { LateMoney } from '~/api/types';
import { moment } from '~/domain/time';
import { Icon } from '~/ui/Icon';
import { useNow } from '~/ui/useNow';
import styles from './Settled.module.css';

/** What became of the money: who said so, when, and where it went. */
export function Settled({ resolution }: { resolution: LateMoney['resolution'] }) {
  const t = useTranslations('late');
  const locale = useLocale();
  const now = useNow(60_000);
  if (!resolution) {
    return (
      <p className={styles.settled}>
        <Icon name="return" />
        {t('settled.gone')}
      </p>
    );
  }
  const { action, by, note, at, orderId, orderCode } = resolution;
  return (
    <div className={styles.settled}>
      <Icon name="tick" />
      <p>
        <strong>{t(`settled.${action}`, { name: by })}</strong>, <time dateTime={at}>{moment(at, now, locale)}</time>
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
