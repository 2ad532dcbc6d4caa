import type { LineItem, Order, Ticket } from '~/api/types';

/**
 * The line of the order that a ticket came from; undefined when the order has the ticket's type for several performances,
 * because a ticket does not tell which one: better no date than a wrong one.
 */
export function lineOf(order: Order, ticket: Ticket): LineItem | undefined {
  const lines = order.lineItems.filter((line) => line.ticketTypeId === ticket.ticketTypeId);
  return lines.length === 1 ? lines[0] : undefined;
}
