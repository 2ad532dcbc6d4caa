import { useLocale, useTranslations } from 'use-intl';
import { clockTime, showTime } from '~/domain/time';
import { Choice } from '~/ui/Choice';
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
  const severalEvents = new Set(performances.map((dated) => dated.event.id)).size > 1;
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        <h1 id="show">{event.name}</h1>
        <p>
          <strong>{showTime(performance.startsAt, event.timeZone, locale)}</strong>
          <span>{event.place}</span>
          <span>{t('doors', { time: clockTime(performance.doorsAt, event.timeZone, locale) })}</span>
        </p>
      </div>
      {performances.length > 1 && (
        <Choice
          label={t('performances')}
          value={performance.id}
          onChange={onPick}
          options={performances.map((dated) => ({
            id: dated.performance.id,
            label: (
              <>
                {severalEvents && <span className={styles.event}>{dated.event.name}</span>}
                {showTime(dated.performance.startsAt, dated.event.timeZone, locale)}
              </>
            ),
          }))}
        />
      )}
    </header>
  );
}
