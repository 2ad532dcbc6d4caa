import { ProgressBar } from 'react-aria-components/ProgressBar';
import { useTranslations } from 'use-intl';
import type { Reconciliation } from '~/api/reconciliation';
import styles from './Bars.module.css';
import { useTimes } from './useTimes';

/** How far a gap has been read. */
export function CatchUpBar({ catchUp }: { catchUp: NonNullable<Reconciliation['catchUp']> }) {
  const t = useTranslations('reconcile.health');
  const times = useTimes();
  const { share, found } = catchUp;
  return (
    <div className={styles.bar}>
      <div className={styles.head}>
        <h3>{t('catchUp')}</h3>
        <span className={styles.figure}>{t('share', { count: share })}</span>
      </div>
      <ProgressBar value={share} aria-label={t('catchUp')}>
        <span className={styles.track}>
          <span className={styles.fill} style={{ width: `${share}%` }} />
        </span>
      </ProgressBar>
      <p>{t('gap', { time: times.span(catchUp) })}</p>
      <p>{t('found', { count: found })}</p>
    </div>
  );
}
