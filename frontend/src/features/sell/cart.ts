import type { Catalogue, Event, OrderRequest, Performance, TicketType } from '~/api/types';
import { sums, times, type Amount } from '~/domain/money';

/** One ticket type of one performance, so many times. */
export interface CartLine {
  readonly performanceId: string;
  readonly ticketTypeId: string;
  readonly quantity: number;
}

/** What is about to be sold. `key` is the idempotency key of exactly this cart: each change gives it a new one. */
export interface Cart {
  readonly lines: readonly CartLine[];
  readonly buyerEmail: string;
  readonly key: string;
}

/** A line with what the catalogue says about it. */
export interface CartItem extends CartLine {
  readonly event: Event;
  readonly performance: Performance;
  readonly ticketType: TicketType;
  readonly total: Amount;
  /** More than is left: somebody was faster while this cart was open. */
  readonly isShort: boolean;
}

/** A cart with nothing in it. */
export function emptyCart(key: string): Cart {
  return { lines: [], buyerEmail: '', key };
}

/** The cart with `quantity` of the line's ticket type; zero or less takes the line out. */
export function withQuantity(cart: Cart, line: Omit<CartLine, 'quantity'>, quantity: number, key: string): Cart {
  const changed = { performanceId: line.performanceId, ticketTypeId: line.ticketTypeId, quantity };
  const known = cart.lines.some((other) => sameKind(other, line));
  const lines = known
    ? cart.lines.map((other) => (sameKind(other, line) ? changed : other))
    : [...cart.lines, changed];
  return { ...cart, lines: lines.filter((other) => other.quantity > 0), key };
}

/** How many of the ticket type are in the cart. */
export function quantityOf(cart: Cart, line: Omit<CartLine, 'quantity'>): number {
  return cart.lines.find((other) => sameKind(other, line))?.quantity ?? 0;
}

/** The cart's lines as the catalogue knows them now; what is not on sale any more falls out. */
export function itemsOf(cart: Cart, catalogue: Catalogue): CartItem[] {
  return cart.lines.flatMap((line) => {
    const found = find(catalogue, line);
    if (!found) return [];
    const { ticketType } = found;
    return [
      {
        ...line,
        ...found,
        total: times(ticketType.price, line.quantity),
        isShort: line.quantity > ticketType.available,
      },
    ];
  });
}

/** Seats and totals (one for each currency) of the items. */
export function totalsOf(items: readonly CartItem[]): { seats: number; amounts: Amount[] } {
  return {
    seats: items.reduce((seats, item) => seats + item.quantity, 0),
    amounts: sums(items.map((item) => item.total)),
  };
}

/** What is sent to the till. */
export function requestOf(items: readonly CartItem[], buyerEmail: string): OrderRequest {
  const email = buyerEmail.trim();
  return {
    lineItems: items.map(({ performanceId, ticketTypeId, quantity }) => ({ performanceId, ticketTypeId, quantity })),
    ...(email ? { buyerEmail: email } : {}),
  };
}

function sameKind(a: Omit<CartLine, 'quantity'>, b: Omit<CartLine, 'quantity'>): boolean {
  return a.performanceId === b.performanceId && a.ticketTypeId === b.ticketTypeId;
}

function find(catalogue: Catalogue, line: CartLine) {
  for (const event of catalogue.events) {
    for (const performance of event.performances) {
      if (performance.id !== line.performanceId) continue;
      const ticketType = performance.ticketTypes.find((type) => type.id === line.ticketTypeId);
      if (ticketType) return { event, performance, ticketType };
    }
  }
  return undefined;
}
