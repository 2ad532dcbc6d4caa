import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'use-intl';
import { reconciliationQuery } from '~/api/reconciliation';
import { moment } from '~/domain/time';
import { useNow } from '~/ui/useNow';

/** How often it is asked how the book keeps up, in milliseconds; the till is on this machine, so it costs nothing. */
const every = { quiet: 10_000, catchingUp: 1_500 } as const;

/** How the book keeps up with Stripe, in a few words: what is most pressing. */
export function useKeepingUp(): string {
  const t = useTranslations('reconcile.lamp');
  const locale = useLocale();
  const now = useNow(60_000);
  const { data } = useQuery({
    ...reconciliationQuery,
    refetchInterval: ({ state }) => (state.data?.state === 'catching_up' ? every.catchingUp : every.quiet),
  });
  if (!data) return '';
  const waits = data.waiting + data.questions;
  const time = data.coveredUntil && moment(data.coveredUntil, now, locale);
  if (data.state === 'catching_up') return t('catchingUp', { count: data.catchUp?.share ?? 0 });
  if (data.state === 'behind' && time) return t('behind', { time });
  if (waits > 0) return t('waits', { count: waits });
  return time ? t('caughtUp', { time }) : '';
}
