import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { postersQuery } from '~/api/posters';
import { Problem } from '~/api/problem';
import type { Poster } from '~/api/types';
import { Icon } from '~/ui/Icon';
import { ProblemCard } from '~/ui/ProblemCard';
import { useShortcuts } from '~/ui/shortcuts';
import { Arrived } from './Arrived';
import { PosterHead } from './PosterHead';
import { PosterSheet } from './PosterSheet';
import styles from './PosterScreen.module.css';
import { useNewArrivals } from './useNewArrivals';

interface PosterScreenProps {
  id: string;
  /** The buyer's phone with the poster's page, where there is one to play with. */
  phone: (page: string) => ReactNode;
  onBack: () => void;
}

/** One poster: how it stands, what to print, and who has come by it. */
export function PosterScreen({ id, phone, onBack }: PosterScreenProps) {
  const t = useTranslations('posters');
  const { data, error, refetch } = useQuery(postersQuery);
  const [hasPhone, setHasPhone] = useState(false);
  const poster = data?.posters.find((one) => one.id === id);
  const missing = data && !poster ? new Problem('unknown_poster', '') : error;
  useShortcuts({ Escape: onBack });
  return (
    <div className={styles.screen} data-phone={hasPhone ? true : undefined}>
      <div className={styles.page}>
        <Link href="/posters" className={styles.back}>
          <Icon name="back" />
          {t('all')}
        </Link>
        {poster && <Standing poster={poster} hasPhone={hasPhone} onPhone={setHasPhone} />}
        {!poster && missing && <ProblemCard error={missing} onRemedy={() => void refetch()} onClose={onBack} />}
      </div>
      {hasPhone && poster?.trainingPhone && phone(poster.trainingPhone)}
    </div>
  );
}

interface StandingProps {
  poster: Poster;
  hasPhone: boolean;
  onPhone: (has: boolean) => void;
}

function Standing({ poster, hasPhone, onPhone }: StandingProps) {
  useNewArrivals(poster);
  return (
    <article className={styles.poster}>
      <PosterHead poster={poster} hasPhone={hasPhone} onPhone={onPhone} />
      <PosterSheet key={poster.state} poster={poster} />
      <Arrived poster={poster} />
    </article>
  );
}
