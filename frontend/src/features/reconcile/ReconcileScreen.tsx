import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTimeZone, useTranslations } from 'use-intl';
import { closingFileUrl, closingQuery, readStatement, showClosingFile, type Closed } from '~/api/closing';
import { reconciliationQuery } from '~/api/reconciliation';
import { daysOf, lengthOf, mostDays, periodText, spanOf, type Period } from '~/domain/period';
import { useAnnounce } from '~/ui/announcer';
import { Button } from '~/ui/Button';
import { DownloadLink } from '~/ui/DownloadLink';
import { ProblemCard } from '~/ui/ProblemCard';
import { useNow } from '~/ui/useNow';
import { useTask } from '~/ui/useTask';
import { Differences } from './Differences';
import { Glance } from './Glance';
import { Health } from './Health';
import { Others } from './Others';
import { PeriodPicker } from './PeriodPicker';
import styles from './ReconcileScreen.module.css';
import { Sums } from './Sums';
import { asksToRead, verdictOf } from './verdict';

interface ReconcileScreenProps {
  period: Period;
  onPeriod: (period: Period) => void;
}

/** Do Willcall and Stripe agree, for which period, and if not, why; and how the book keeps up. */
export function ReconcileScreen({ period, onPeriod }: ReconcileScreenProps) {
  const t = useTranslations('reconcile');
  const now = useNow(60_000);
  const closed = useClosed(period, now);
  const { data: health, error, refetch } = useQuery({ ...reconciliationQuery, refetchInterval: healthEvery });
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
  const announce = useAnnounce();
  const queries = useQueryClient();
  const timeZone = useTimeZone() ?? 'UTC';
  const task = useTask();
  const { data, error, refetch } = useQuery(closingQuery(closed));
  if (!data) return error ? <ProblemCard error={error} onRemedy={() => void refetch()} /> : null;

  const verdict = verdictOf(data, 'payout' in closed ? undefined : closed.to);
  const span = 'payout' in closed ? { from: data.from, to: data.to } : closed; // the till reads up to now at the latest
  async function read() {
    const done = await task.run(() => readStatement(span));
    await queries.invalidateQueries();
    if (done) announce(t('hasRead'));
  }
  return (
    <>
      <Glance
        closing={data}
        verdict={verdict}
        isReading={task.isPending}
        onRead={() => void read()}
      />
      {task.error && <ProblemCard error={task.error} onRemedy={() => void read()} onClose={task.dismiss} />}
      <div className={styles.files} role="group" aria-label={t('files')}>
        {!asksToRead(verdict) && (
          <Button icon="again" isBusy={task.isPending} onPress={() => void read()}>
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
