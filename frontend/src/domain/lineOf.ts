import type { LineItem, Order, Ticket } from '~/api/types';

/** The line of the order that a ticket came from. */
export function lineOf(order: Order, ticket: Ticket): LineItem | undefined {
  return order.lineItems.find(
    (line) => line.ticketTypeId === ticket.ticketTypeId && line.performanceId === ticket.performanceId,
  );
}
