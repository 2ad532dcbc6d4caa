import { useLocale, useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { EventEdit } from '~/api/events';
import { showTime } from '~/domain/time';
import styles from './Events.module.css';
import { MirrorMark } from './MirrorMark';
import { mirrorOf, nextOf, seatsOf } from './overview';

/** One event in a line; all of it is the link to where it is set up. */
export function EventCard({ event, now }: { event: EventEdit; now: number }) {
  const t = useTranslations('events');
  const locale = useLocale();
  const { next, last, later } = nextOf(event, now);
  const { taken, size } = seatsOf(event);
  const time = (at: string) => showTime(at, event.timeZone, locale);
  return (
    <Link href={`/events/${event.id ?? ''}`} className={`perforated ${styles.card}`}>
      <div className={styles.what}>
        <strong className={styles.name}>{event.name}</strong>
        <span className={styles.place}>{event.place}</span>
        <span>
          {next ? time(next) : last ? t('past', { time: time(last) }) : t('noDate')}
          {later > 0 && ` ${t('more', { count: later })}`}
        </span>
      </div>
      <div className={styles.how}>
        <strong>{t('taken', { count: taken, of: size })}</strong>
        <progress className={styles.meter} value={taken} max={Math.max(1, size)} aria-hidden="true" />
        <span className={styles.place}>{t('types', { count: event.ticketTypes.length })}</span>
        <MirrorMark mirror={{ state: mirrorOf(event) }} />
      </div>
    </Link>
  );
}
