import { useLocale, useTranslations } from 'use-intl';
import { clockTime, showTime } from '~/domain/time';
import { Choice } from '~/ui/Choice';
import { EventPicture } from './EventPicture';
import type { Dated } from './performances';
import styles from './ShowHead.module.css';

interface ShowHeadProps {
  performances: readonly Dated[];
  shown: Dated;
  onPick: (performanceId: string) => void;
}

/** What is being sold, and the choice when there is more than one performance. */
export function ShowHead({ performances, shown: { event, performance }, onPick }: ShowHeadProps) {
  const t = useTranslations('sell');
  const locale = useLocale();
  const events = performances.filter((dated, index) => performances.findIndex((other) => other.event.id === dated.event.id) === index);
  const nights = performances.filter((dated) => dated.event.id === event.id);
  return (
    <header className={styles.head}>
      {events.length > 1 && (
        <Choice
          label={t('events')}
          value={event.id}
          onChange={(id) => {
            const first = performances.find((dated) => dated.event.id === id);
            if (first) onPick(first.performance.id);
          }}
          options={events.map((dated) => ({ id: dated.event.id, label: <span className={styles.event}>{dated.event.name}</span> }))}
        />
      )}
      <div className={styles.words}>
        <EventPicture address={event.picture} />
        <h1 id="show">{event.name}</h1>
        <p>
          <strong>{showTime(performance.startsAt, event.timeZone, locale)}</strong>
          <span>{event.place}</span>
          <span>{t('doors', { time: clockTime(performance.doorsAt, event.timeZone, locale) })}</span>
        </p>
      </div>
      {nights.length > 1 && (
        <Choice
          label={t('performances')}
          value={performance.id}
          onChange={onPick}
          options={nights.map((dated) => ({
            id: dated.performance.id,
            label: showTime(dated.performance.startsAt, dated.event.timeZone, locale),
          }))}
        />
      )}
    </header>
  );
}
