import { useQuery } from '@tanstack/react-query';
import { useLocale, useTimeZone, useTranslations } from 'use-intl';
import { payoutsQuery } from '~/api/closing';
import { format } from '~/domain/money';
import { daysOf, lengthOf, mostDays, namedPeriods, spanOf, type Period } from '~/domain/period';
import { wallTime } from '~/domain/zone';
import { Choice } from '~/ui/Choice';
import { DateRangeField } from '~/ui/DateRangeField';
import { Select } from '~/ui/Select';
import styles from './PeriodPicker.module.css';
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
  return (
    <div className={styles.picker}>
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

function PayoutPicker({ payout, today, timeZone, onPick }: PayoutPickerProps) {
  const t = useTranslations('reconcile.period');
  const locale = useLocale();
  const times = useTimes();
  const yearAgo = new Date(Date.parse(today) - (mostDays - 1) * 86_400_000).toISOString().slice(0, 10);
  const { data } = useQuery(payoutsQuery(spanOf({ first: yearAgo, last: today }, timeZone)));
  if (!data) return null;
  if (data.length === 0) return <p className={styles.none}>{t('noPayouts')}</p>;
  return (
    <div className={styles.payout}>
      <Select
        label={t('whichPayout')}
        placeholder={t('choose')}
        value={payout}
        onChange={onPick}
        options={data.map((one) => ({
          id: one.id,
          label: t('payoutOption', { amount: format(one.amount, locale), time: times.on(one.createdAt), status: one.status }),
        }))}
      />
    </div>
  );
}
