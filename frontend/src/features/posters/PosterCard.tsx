import { useLocale, useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { Poster } from '~/api/types';
import { showTime } from '~/domain/time';
import { Price } from '~/ui/Price';
import styles from './PosterCard.module.css';
import { SoldBar } from './SoldBar';
import { StateMark } from './StateMark';

/** One poster in the list; its stub carries the code that buyers say. */
export function PosterCard({ poster }: { poster: Poster }) {
  const t = useTranslations('posters');
  const locale = useLocale();
  return (
    <article className={`perforated ${styles.card}`} data-state={poster.state}>
      <div className={styles.words}>
        <h2>
          <Link href={`/posters/${poster.id}`} className={styles.link}>
            {poster.name} <span className={styles.price}><Price amount={poster.price} /></span>
          </Link>
        </h2>
        <p className={styles.show}>
          <span>{poster.eventName}</span>
          <span>{showTime(poster.startsAt, poster.timeZone, locale)}</span>
        </p>
        <SoldBar poster={poster} />
      </div>
      <div className={styles.stub}>
        <p className={styles.code}>
          <span className="visually-hidden">{t('code')}</span> {poster.code}
        </p>
        <StateMark state={poster.state} />
      </div>
    </article>
  );
}
