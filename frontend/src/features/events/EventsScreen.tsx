import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { eventsQuery } from '~/api/events';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { ProblemCard } from '~/ui/ProblemCard';
import { useNow } from '~/ui/useNow';
import { EventCard } from './EventCard';
import styles from './Events.module.css';

/** Every event as it is set up; archived ones only when they are asked for. */
export function EventsScreen({ onOpen }: { onOpen: (id: string) => void }) {
  const t = useTranslations('events');
  const now = useNow(60_000);
  const { data: events, error, refetch } = useQuery(eventsQuery);
  const [showsArchived, setShowsArchived] = useState(false);
  const archived = events?.filter((event) => event.archived) ?? [];
  const current = events?.filter((event) => !event.archived) ?? [];
  return (
    <div className={styles.events}>
      <header className={styles.head}>
        <h1>{t('title')}</h1>
        <div className={styles.actions}>
          <Button onPress={() => onOpen('import')}>{t('import')}</Button>
          <Button look="primary" icon="plus" onPress={() => onOpen('new')}>
            {t('newEvent')}
          </Button>
        </div>
      </header>
      {error && <ProblemCard error={error} onRemedy={() => void refetch()} />}
      {events?.length === 0 && <Empty>{t('none')}</Empty>}
      <ul className={styles.list}>
        {current.map((event) => (
          <li key={event.id}>
            <EventCard event={event} now={now} />
          </li>
        ))}
      </ul>
      {archived.length > 0 && (
        <section className={styles.archived} aria-label={t('archived', { count: archived.length })}>
          <Button look="quiet" icon={showsArchived ? 'up' : 'down'} aria-expanded={showsArchived} onPress={() => setShowsArchived(!showsArchived)}>
            {t('archived', { count: archived.length })}
          </Button>
          {showsArchived && (
            <ul className={styles.list}>
              {archived.map((event) => (
                <li key={event.id}>
                  <EventCard event={event} now={now} />
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
    </div>
  );
}
