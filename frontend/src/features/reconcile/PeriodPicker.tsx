import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLocale, useTimeZone, useTranslations } from 'use-intl';
import { payoutsQuery } from '~/api/closing';
import { format } from '~/domain/money';
import { daysOf, lengthOf, mostDays, namedPeriods, spanOf, type Period } from '~/domain/period';
import { wallTime } from '~/domain/zone';
import { Button } from '~/ui/Button';
import { Choice } from '~/ui/Choice';
import { DateRangeField } from '~/ui/DateRangeField';
import { ProblemCard } from '~/ui/ProblemCard';
import { Select } from '~/ui/Select';
import styles from './PeriodPicker.module.css';
import { useReading } from './useReading';
import { useTimes } from './useTimes';

const options = [...namedPeriods, 'days', 'payout'] as const;

interface PeriodPickerProps {
  period: Period;
  onPeriod: (period: Period) => void;
  now: number;
}

/** Which period is closed: one by name, days of one's own, or a payout. */
export function PeriodPicker({ period, onPeriod, now }: PeriodPickerProps) {
  const t = useTranslations('reconcile.period');
  const timeZone = useTimeZone() ?? 'UTC';
  const today = wallTime(new Date(now).toISOString(), timeZone).slice(0, 10);
  const sort = typeof period === 'string' ? period : 'payout' in period ? 'payout' : 'days';
  const pick = (picked: (typeof options)[number]) => {
    if (picked === 'payout') onPeriod({ payout: '' });
    else if (picked === 'days') onPeriod(daysOf('week', now, timeZone));
    else onPeriod(picked);
  };
  const picker = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const chosen = picker.current?.querySelector('[role="radio"][aria-checked="true"]');
    // The row of periods is wider than a phone. jsdom has nothing to scroll.
    if (chosen && 'scrollIntoView' in chosen) chosen.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [sort]);
  return (
    <div className={styles.picker} ref={picker}>
      <Choice label={t('label')} value={sort} onChange={pick} options={options.map((id) => ({ id, label: t(id) }))} />
      {typeof period !== 'string' && 'first' in period && (
        <DateRangeField
          label={t('range')}
          calendar={t('calendar')}
          value={period}
          latest={today}
          error={lengthOf(period) > mostDays ? t('tooLong') : undefined}
          onChange={onPeriod}
        />
      )}
      {typeof period !== 'string' && 'payout' in period && (
        <PayoutPicker payout={period.payout} today={today} timeZone={timeZone} onPick={(payout) => onPeriod({ payout })} />
      )}
    </div>
  );
}

interface PayoutPickerProps {
  payout: string;
  today: string;
  timeZone: string;
  onPick: (payout: string) => void;
}

/** One of the payouts of the last year; until one is chosen, Stripe's books can be read for those that are not known. */
function PayoutPicker({ payout, today, timeZone, onPick }: PayoutPickerProps) {
  const t = useTranslations('reconcile');
  const locale = useLocale();
  const times = useTimes();
  const { task, hasRead, read: readSpan } = useReading();
  const yearAgo = new Date(Date.parse(today) - (mostDays - 1) * 86_400_000).toISOString().slice(0, 10);
  const year = spanOf({ first: yearAgo, last: today }, timeZone);
  const { data, error, refetch } = useQuery(payoutsQuery(year));
  if (!data) return error ? <ProblemCard error={error} onRemedy={() => void refetch()} /> : null;
  const read = () => void readSpan(year);
  return (
    <div className={styles.payout}>
      {data.length === 0 ? (
        <p className={styles.none}>{hasRead ? t('period.noneRead') : t('period.noPayouts')}</p>
      ) : (
        <Select
          label={t('period.whichPayout')}
          placeholder={t('period.choose')}
          value={payout}
          onChange={onPick}
          options={data.map((one) => ({
            id: one.id,
            label: t('period.payoutOption', { amount: format(one.amount, locale), time: times.on(one.createdAt), status: one.status }),
          }))}
        />
      )}
      {payout === '' && (
        <Button icon="again" look={data.length === 0 ? 'primary' : 'plain'} isBusy={task.isPending} onPress={read}>
          {task.isPending ? t('reading') : t('read')}
        </Button>
      )}
      {task.error && <ProblemCard error={task.error} onRemedy={read} onClose={task.dismiss} />}
    </div>
  );
}
