/** Amounts to tap where the buyer says what it costs. */
import type { TicketType } from '~/api/types';
import type { Amount } from '~/domain/money';
import { chargeFault } from '~/domain/price';

/** At most four amounts within the bounds, the smallest first: what is suggested, less and more of it; or the least and more. */
export function suggestionsOf({ price, bounds }: TicketType): Amount[] {
  if (!bounds) return [];
  const { currency } = price;
  const from = price.minor > 0 ? price.minor : bounds.least;
  const row = price.minor > 0 ? [Math.floor(from / 2), from, from * 2, from * 4] : [from, from * 2, from * 5, from * 10];
  return [...new Set(row)].map((minor) => ({ minor, currency })).filter((amount) => amountProblem(amount, bounds) === undefined);
}

/** Why the amount cannot be paid; undefined when it can. */
export function amountProblem(amount: Amount, bounds: NonNullable<TicketType['bounds']>): 'bounds' | 'charge' | undefined {
  if (amount.minor < bounds.least || amount.minor > bounds.most) return 'bounds';
  return chargeFault(amount) ? 'charge' : undefined;
}
