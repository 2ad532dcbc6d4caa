import type { Order } from '~/api/types';
import { callOf, lastTender, situation, type Call } from '~/domain/situation';

/** What comes first in the strip: paid codes wait for their tickets, then those that need a hand. */
const rank: Record<Call, number> = { paid: 0, hand: 1, none: 2 };

/**
 * The codes that wait at the foot, in their order: all but the one on the screen. A code that the cashier cancelled goes away
 * once Stripe has ended it; one that ran out or failed by itself stays until somebody has looked.
 */
export function parkedOrders(orders: readonly Order[], onScreen: string | undefined): Order[] {
  return orders
    .filter((order) => order.id !== onScreen && order.code !== onScreen && situation(order) !== 'canceled')
    .sort((a, b) => rank[callOf(a)] - rank[callOf(b)] || deadline(a).localeCompare(deadline(b)) || a.placedAt.localeCompare(b.placedAt));
}

/** Until when the buyer can pay; a code that is not made yet has the longest to go. */
function deadline(order: Order): string {
  return lastTender(order)?.expiresAt ?? `9${order.placedAt}`;
}

/** Keeps the places of what was shown while a finger may be on its way; newcomers stand behind. */
export function held(now: readonly Order[], shown: readonly string[]): Order[] {
  const place = new Map(shown.map((id, index) => [id, index]));
  const placeOf = (order: Order) => place.get(order.id) ?? shown.length;
  return [...now].sort((a, b) => placeOf(a) - placeOf(b));
}
