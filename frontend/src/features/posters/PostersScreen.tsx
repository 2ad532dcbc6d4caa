import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { postersQuery } from '~/api/posters';
import type { Poster } from '~/api/types';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { ProblemCard } from '~/ui/ProblemCard';
import { NewPosterDialog } from './NewPosterDialog';
import { PosterCard } from './PosterCard';
import styles from './PostersScreen.module.css';

/** The posters on the wall and those that were, and a new one. */
export function PostersScreen({ onMade }: { onMade: (poster: Poster) => void }) {
  const t = useTranslations('posters');
  const { data, error, refetch } = useQuery(postersQuery);
  const [makes, setMakes] = useState(false);
  const posters = data?.posters;
  const make = (
    <Button look="primary" icon="plus" onPress={() => setMakes(true)}>
      {t('make')}
    </Button>
  );
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <div>
          <h1>{t('title')}</h1>
          <p>{t('lead')}</p>
        </div>
        {posters && posters.length > 0 && make}
      </header>
      {error && !posters && <ProblemCard error={error} onRemedy={() => void refetch()} />}
      {posters?.length === 0 && <Empty action={make}>{t('none')}</Empty>}
      {posters && posters.length > 0 && (
        <ul className={styles.list} aria-label={t('list')}>
          {posters.map((poster) => (
            <li key={poster.id}>
              <PosterCard poster={poster} />
            </li>
          ))}
        </ul>
      )}
      {makes && <NewPosterDialog onMade={onMade} onClose={() => setMakes(false)} />}
    </div>
  );
}
