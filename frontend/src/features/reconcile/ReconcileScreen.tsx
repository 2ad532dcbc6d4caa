import { useQuery } from '@tanstack/react-query';
import { useTimeZone, useTranslations } from 'use-intl';
import { closingFileUrl, closingQuery, showClosingFile, type Closed } from '~/api/closing';
import { reconciliationQuery } from '~/api/reconciliation';
import { daysOf, lengthOf, mostDays, periodText, spanOf, type Period } from '~/domain/period';
import { Button } from '~/ui/Button';
import { DownloadLink } from '~/ui/DownloadLink';
import { ProblemCard } from '~/ui/ProblemCard';
import { Differences } from './Differences';
import { Glance } from './Glance';
import { Health } from './Health';
import { Others } from './Others';
import { PeriodPicker } from './PeriodPicker';
import styles from './ReconcileScreen.module.css';
import { Sums } from './Sums';
import { useReading } from './useReading';
import { useStripesNow } from './useStripesNow';
import { asksToRead, verdictOf } from './verdict';

interface ReconcileScreenProps {
  period: Period;
  onPeriod: (period: Period) => void;
}

/** Do Willcall and Stripe agree, for which period, and if not, why; and how the book keeps up. */
export function ReconcileScreen({ period, onPeriod }: ReconcileScreenProps) {
  const t = useTranslations('reconcile');
  const { data: health, error, refetch } = useQuery({ ...reconciliationQuery, refetchInterval: healthEvery });
  const now = useStripesNow(health);
  const closed = useClosed(period, now);
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <div>
          <h1>{t('title')}</h1>
          <p className={styles.lead}>{t('lead')}</p>
        </div>
      </header>
      <PeriodPicker period={period} onPeriod={onPeriod} now={now} />
      <div className={styles.columns}>
        <div className={styles.close}>{closed && <Close key={periodText(period)} closed={closed} name={periodText(period)} />}</div>
        <div className={styles.side}>
          {error && !health && <ProblemCard error={error} onRemedy={() => void refetch()} />}
          {health && <Health health={health} />}
        </div>
      </div>
    </div>
  );
}

/** How often it is asked again how the book keeps up, in milliseconds. */
const healthEvery = 2_000;

/** What of Stripe's and the till's books is asked for; undefined while no payout is chosen, or too long a time. */
function useClosed(period: Period, now: number): Closed | undefined {
  const timeZone = useTimeZone() ?? 'UTC';
  if (typeof period !== 'string' && 'payout' in period) return period.payout ? { payout: period.payout } : undefined;
  const days = typeof period === 'string' ? daysOf(period, now, timeZone) : period;
  return lengthOf(days) > mostDays ? undefined : spanOf(days, timeZone);
}

/** One close: its verdict, its sums, its differences, and the files of it. */
function Close({ closed, name }: { closed: Closed; name: string }) {
  const t = useTranslations('reconcile');
  const timeZone = useTimeZone() ?? 'UTC';
  const { task, read: readSpan } = useReading();
  const { data, error, refetch } = useQuery(closingQuery(closed));
  if (!data) return error ? <ProblemCard error={error} onRemedy={() => void refetch()} /> : null;

  const verdict = verdictOf(data, 'payout' in closed ? undefined : closed.to);
  const span = 'payout' in closed ? { from: data.from, to: data.to } : closed; // the till reads up to now at the latest
  const read = () => void readSpan(span);
  return (
    <>
      {error && <NotRefreshed onAgain={() => void refetch()} />}
      <Glance closing={data} verdict={verdict} isReading={task.isPending} onRead={read} />
      {task.error && <ProblemCard error={task.error} onRemedy={read} onClose={task.dismiss} />}
      <div className={styles.files} role="group" aria-label={t('files')}>
        {!asksToRead(verdict) && (
          <Button icon="again" isBusy={task.isPending} onPress={read}>
            {task.isPending ? t('reading') : t('read')}
          </Button>
        )}
        {(['csv', 'pdf'] as const).map((kind) => (
          <DownloadLink
            key={kind}
            href={closingFileUrl(kind, closed, timeZone)}
            file={`willcall-close-${name}.${kind}`}
            onShow={() => void showClosingFile(kind, closed, timeZone)}
          >
            {t(kind)}
          </DownloadLink>
        ))}
      </div>
      <Differences closing={data} />
      {data.currencies.length > 0 && <Sums currencies={data.currencies} />}
      <Others others={data.others} />
    </>
  );
}

/** The close on the screen is an earlier one, because the newest was not answered. */
function NotRefreshed({ onAgain }: { onAgain: () => void }) {
  const t = useTranslations();
  return (
    <div role="alert" className={styles.old}>
      <p>{t('reconcile.notRefreshed')}</p>
      <Button icon="again" onPress={onAgain}>
        {t('remedy.again')}
      </Button>
    </div>
  );
}
