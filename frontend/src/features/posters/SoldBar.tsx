import { useTranslations } from 'use-intl';
import type { Poster } from '~/api/types';
import styles from './SoldBar.module.css';

/** How many of the seats set apart are sold, as a bar and in words. */
export function SoldBar({ poster }: { poster: Poster }) {
  const t = useTranslations('posters');
  const { arrived, allotment } = poster;
  return (
    <div className={styles.sold}>
      <meter className={styles.meter} min={0} max={allotment} value={arrived} aria-label={t('seatsSold')} />
      <span>{t('sold', { arrived, count: allotment })}</span>
    </div>
  );
}
