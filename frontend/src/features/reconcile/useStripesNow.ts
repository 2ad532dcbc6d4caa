import type { Reconciliation } from '~/api/reconciliation';
import { useNow } from '~/ui/useNow';

/**
 * What time it is for the book, whose days are Stripe's: the later of Stripe's clock, as far as it is known, and this
 * machine's, told again every minute.
 */
export function useStripesNow(health: Reconciliation | undefined): number {
  const here = useNow(60_000);
  if (!health?.coveredUntil) return here;
  return Math.max(here, Date.parse(health.coveredUntil) + health.lagSeconds * 1000);
}
