import type { Order, Refund, RefundRequest, Ticket } from '~/api/types';
import { lineOf } from '~/domain/lineOf';
import type { Amount } from '~/domain/money';
import { parsePrice, step } from '~/domain/price';

/** How much of an order goes back: all that is left, some tickets' money, or an amount. */
export type What = 'whole' | 'tickets' | 'amount';

/** The tickets that still admit somebody. */
export function validTickets(order: Order): Ticket[] {
  return order.tickets.filter((ticket) => !ticket.void);
}

/** What of an order a request gives back. */
export function whatOf({ ticketIds, amount }: RefundRequest): What {
  return ticketIds ? 'tickets' : amount === undefined ? 'whole' : 'amount';
}

/** The refund that a request made; the answer to a later try may have newer ones. */
export function madeBy({ refunds }: Order, { by, note, amount }: RefundRequest): Refund | undefined {
  return refunds.findLast((refund) => refund.by === by && (refund.note ?? '') === note && refund.amount.minor === (amount ?? refund.amount.minor)) ?? refunds.at(-1);
}

/** What the tickets cost: their share of their line's total, and never more than is left to give back. */
export function worthOf(order: Order, ticketIds: ReadonlySet<string>): Amount {
  const sum = order.tickets.filter(({ id }) => ticketIds.has(id)).reduce((total, ticket) => total + shareOf(order, ticket), 0);
  return { minor: Math.min(sum, order.refundable), currency: order.total.currency };
}

/** One ticket's share in minor units: the line's total cut evenly, where the first ones have what does not divide. */
function shareOf(order: Order, ticket: Ticket): number {
  const line = lineOf(order, ticket);
  if (!line) return 0;
  const of = order.tickets.filter((other) => lineOf(order, other) === line);
  const smallest = step(order.total.currency);
  const steps = Math.floor(line.total.minor / smallest);
  const each = Math.floor(steps / of.length);
  return (each + (of.indexOf(ticket) < steps % of.length ? 1 : 0)) * smallest;
}

/** An amount that was typed, if that much can go back; or why it cannot. */
export function readAmount(text: string, order: Order): { minor: number } | { fault: 'empty' | 'wrong' | 'tooMuch' } {
  const { currency } = order.total;
  const read = parsePrice(text, currency);
  if (read.fault) return { fault: read.fault === 'empty' ? 'empty' : 'wrong' };
  if (read.minor === 0 || read.minor % step(currency) !== 0) return { fault: 'wrong' };
  return read.minor > order.refundable ? { fault: 'tooMuch' } : read;
}

/** Whether money went back and nobody has said yet which tickets that was for. */
export function isUnanswered(order: Order, { answered, status }: Refund): boolean {
  return !answered && status !== 'failed' && status !== 'canceled' && status !== 'refused' && validTickets(order).length > 0;
}

/** What the buyers' banks have of an order's money, in minor units: what they hold until they decide, and what they took for good. */
export function takenOf({ disputes, disputed }: Order): { held: number; lost: number } {
  const lost = disputes
    .filter(({ status }) => status === 'lost')
    .reduce((sum, { withdrawn, reinstated }) => sum + withdrawn - reinstated, 0);
  return { held: disputed - lost, lost };
}

/** Whether Stripe has not answered a refund yet: nobody knows whether that money went. */
export function isAsked({ refunds }: Order): boolean {
  return refunds.some(({ status }) => status === 'asked');
}

/** What it means that not all of a paid order's money stayed; nothing where all of it did, or all of it went back. */
export function meaningOf(order: Order): 'partly' | 'asked' | 'held' | 'lost' | undefined {
  const { status, refunded } = order;
  const { held, lost } = takenOf(order);
  if (status !== 'paid') return undefined;
  if (held > 0) return 'held';
  if (lost > 0) return 'lost';
  if (isAsked(order)) return 'asked';
  return refunded > 0 ? 'partly' : undefined;
}
