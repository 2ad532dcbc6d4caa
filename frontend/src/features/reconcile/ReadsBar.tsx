import { Meter } from 'react-aria-components/Meter';
import { useTranslations } from 'use-intl';
import type { Reconciliation } from '~/api/reconciliation';
import styles from './Bars.module.css';

/** What of Stripe's allotment of reads is used, and what it will be at today's pace. */
export function ReadsBar({ reads }: { reads: Reconciliation['reads'] }) {
  const t = useTranslations('reconcile.health');
  const share = (count: number) => (reads.allotted > 0 ? Math.min(100, (100 * count) / reads.allotted) : 0);
  const isTooFast = reads.projected > reads.allotted;
  return (
    <div className={styles.bar}>
      <div className={styles.head}>
        <h3>{t('reads')}</h3>
        <span className={styles.figure}>{t('today', { count: reads.today })}</span>
      </div>
      <Meter
        value={Math.min(reads.used, reads.allotted)}
        maxValue={Math.max(1, reads.allotted)}
        aria-label={t('reads')}
        valueLabel={t('used', { used: reads.used, count: reads.allotted })}
      >
        <span className={styles.track} data-tone={isTooFast ? 'warn' : undefined}>
          <span className={styles.ghost} style={{ width: `${share(reads.projected)}%` }} />
          <span className={styles.fill} style={{ width: `${share(reads.used)}%` }} />
        </span>
      </Meter>
      <p>{t('used', { used: reads.used, count: reads.allotted })}</p>
      <p>
        {t('pace', { count: reads.projected })}
        {isTooFast && <strong>: {t('tooFast')}</strong>}
      </p>
    </div>
  );
}
