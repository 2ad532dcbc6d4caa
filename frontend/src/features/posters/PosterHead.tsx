import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { closePoster, postersQuery } from '~/api/posters';
import type { Poster } from '~/api/types';
import { showTime } from '~/domain/time';
import { Button } from '~/ui/Button';
import { Price } from '~/ui/Price';
import { ProblemCard } from '~/ui/ProblemCard';
import { ClosePosterDialog } from './ClosePosterDialog';
import styles from './PosterHead.module.css';
import { SoldBar } from './SoldBar';
import { StateMark } from './StateMark';

interface PosterHeadProps {
  poster: Poster;
  hasPhone: boolean;
  onPhone: (has: boolean) => void;
}

/** What the poster sells, how it stands, and what can be done about it. */
export function PosterHead({ poster, hasPhone, onPhone }: PosterHeadProps) {
  const t = useTranslations();
  const locale = useLocale();
  const queries = useQueryClient();
  const [asks, setAsks] = useState(false);
  const close = useMutation({
    mutationFn: () => closePoster(poster.id),
    onSuccess: (closed) => {
      queries.setQueryData(postersQuery.queryKey, (old) =>
        old && { ...old, posters: old.posters.map((one) => (one.id === closed.id ? closed : one)) },
      );
    },
  });
  const isOpen = poster.state === 'open';
  return (
    <header className={styles.head}>
      <div className={styles.name}>
        <h1>
          {poster.name} <span className={styles.price}><Price amount={poster.price} /></span>
        </h1>
        <StateMark state={poster.state} />
      </div>
      <p className={styles.show}>
        {poster.eventName}, {showTime(poster.startsAt, poster.timeZone, locale)}
      </p>
      <p className={styles.say}>
        {t('posters.say')} <strong>{poster.code}</strong>
      </p>
      <SoldBar poster={poster} />
      <div aria-live="polite">
        {poster.problem && <p className={styles.why}>{t(`problems.${poster.problem.code}.title`, { name: poster.name, available: 0 })}</p>}
        <p className={styles.money}>{t(`posters.state.${poster.state}.money`)}</p>
      </div>
      {close.error && <ProblemCard error={close.error} onRemedy={() => close.mutate()} onClose={close.reset} />}
      {isOpen && (
        <div className={styles.actions}>
          {poster.trainingPhone && (
            <Button icon="phone" aria-pressed={hasPhone} onPress={() => onPhone(!hasPhone)}>
              {t(hasPhone ? 'posters.phoneAway' : 'posters.phone')}
            </Button>
          )}
          <Button look="danger" icon="cross" isBusy={close.isPending} onPress={() => setAsks(true)}>
            {t(close.isPending ? 'posters.closing' : 'posters.close')}
          </Button>
        </div>
      )}
      {asks && isOpen && (
        <ClosePosterDialog
          code={poster.code}
          onClose={() => setAsks(false)}
          onConfirm={() => {
            setAsks(false);
            close.mutate();
          }}
        />
      )}
    </header>
  );
}
