import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { statusQuery } from '~/api/status';
import styles from './ModeBand.module.css';

/** The stripe across every screen of a till in training. In earnest there is none. */
export function ModeBand() {
  const t = useTranslations('app');
  const { data } = useQuery(statusQuery);
  if (data?.mode === 'live') return null;
  return (
    <div className={styles.band}>
      {data && (
        <p>
          <strong>{t('training')}</strong>
          <span aria-hidden="true" className={styles.dash} />
          <span>{t('noRealMoney')}</span>
        </p>
      )}
    </div>
  );
}
