import type { LateMoney } from '~/api/types';
import type { Amount } from '~/domain/money';

/** A refund that came back, of which nothing is left here: all that can be done is to note that it needs nothing more. */
export function isNoted({ reason, left }: LateMoney): boolean {
  return reason === 'refund_failed' && left === 0;
}

/** Stripe has not answered another refund of the same money: until it has, nothing can be decided. */
export function awaitsStripe({ reason, left, actions, resolution }: LateMoney): boolean {
  return (reason === 'refund_failed' || (left > 0 && reason !== 'elsewhere')) && !resolution && actions.length === 0;
}

/** What of the money is still here: less what went back, a bank holds or somebody kept before. */
export function leftOf({ amount, left }: LateMoney): Amount {
  return { minor: left, currency: amount.currency };
}
