import type { Order, Tender } from '~/api/types';

/**
 * How an order stands, in one word for every screen: the order's status and its last tender taken together.
 *
 * `starting` Stripe has been asked for a code and has not answered yet, the seats are kept; `waiting` the buyer has a
 * code; `canceling` Stripe has been asked to end the code; `processing` the buyer is done and the bank is not; `paid`
 * Stripe said so; `refunded` all of it went back, and the tickets are void. The rest are ends without money: the seats are
 * free again.
 */
export type Situation =
  | 'starting'
  | 'waiting'
  | 'canceling'
  | 'processing'
  | 'paid'
  | 'refunded'
  | 'expired'
  | 'canceled'
  | 'refused'
  | 'failed';

/** What a situation asks of the cashier: nothing, the buyer's tickets, or a hand. */
export type Call = 'none' | 'paid' | 'hand';

/** The tender that decides: the last one, because each new try is a new tender. */
export function lastTender(order: Order): Tender | undefined {
  return order.tenders.at(-1);
}

/** Whether the order is paid by a card that is typed at the till; else its buyer has a code. */
export function isTyped(order: Order): boolean {
  return lastTender(order)?.kind === 'card';
}

/** How the order stands. */
export function situation(order: Order): Situation {
  const tender = lastTender(order);
  if (order.status === 'failed') return tender?.state === 'refused' ? 'refused' : 'failed';
  if (order.status !== 'awaiting_payment') return order.status;
  if (tender?.state === 'processing') return 'processing';
  if (tender?.cancelAsked) return 'canceling';
  return tender?.state === 'open' ? 'waiting' : 'starting';
}

const calls: Record<Situation, Call> = {
  starting: 'none',
  waiting: 'none',
  canceling: 'none',
  processing: 'none',
  paid: 'paid',
  refunded: 'none',
  expired: 'hand',
  canceled: 'none',
  refused: 'hand',
  failed: 'hand',
};

/** Whether the situation has to come to the front while the cashier serves somebody else. */
export function callOf(order: Order): Call {
  return calls[situation(order)];
}

/** Whether the sale is over, with money or without. */
export function isOver(order: Order): boolean {
  return order.status !== 'awaiting_payment';
}

/** Whether the cashier may ask Stripe to end the code: there is one, and nobody has paid it. */
export function canCancel(order: Order): boolean {
  return situation(order) === 'waiting';
}
