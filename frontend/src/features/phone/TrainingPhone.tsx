import { useTranslations } from 'use-intl';
import { Icon } from '~/ui/Icon';
import styles from './TrainingPhone.module.css';

/** The buyer's phone beside the till, so that one person can play both parts. `page` is the buyer's page, once there is one. */
export function TrainingPhone({ page }: { page: string | undefined }) {
  const t = useTranslations('phone');
  return (
    <aside className={styles.place} aria-label={t('title')}>
      <div className={styles.phone}>
        <span className={styles.ear} aria-hidden="true" />
        {page ? (
          <iframe className={styles.page} src={page} title={t('frame')} />
        ) : (
          <p className={styles.asleep}>
            <Icon name="phone" size={48} />
            {t('asleep')}
          </p>
        )}
      </div>
    </aside>
  );
}
