import type { LateMoney } from '~/api/types';
import type { Amount } from '~/domain/money';

/** What of the money is still here: less what went back or a bank holds. */
export function leftOf({ amount, left }: LateMoney): Amount {
  return { minor: left, currency: amount.currency };
}
