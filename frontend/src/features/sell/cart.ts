import type { Catalogue, Event, LineItem, OrderRequest, Performance, Tender, TicketType } from '~/api/types';
import { sums, times, type Amount } from '~/domain/money';

/** What a line sells: a ticket type of a performance, for the price that the buyer chose where the buyer says it. */
export interface LineKind {
  readonly performanceId: string;
  readonly ticketTypeId: string;
  /** In minor units; only for types with bounds. Other amounts are other lines. */
  readonly chosen?: number;
}

/** One kind, so many times. */
export interface CartLine extends LineKind {
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
  /** What each costs. */
  readonly price: Amount;
  readonly total: Amount;
  /** How many this line can have: seats that are left, and the most of an order, less what other lines of its type have. */
  readonly max: number;
  /** More than is left: somebody was faster while this cart was open. */
  readonly isShort: boolean;
  /** The order has too few of the type; undefined when it has enough. */
  readonly missing?: number;
}

/** A cart with nothing in it. */
export function emptyCart(key: string): Cart {
  return { lines: [], buyerEmail: '', key };
}

/** The cart with `quantity` of the kind; zero or less takes the line out. */
export function withQuantity(cart: Cart, line: LineKind, quantity: number, key: string): Cart {
  const changed = { ...kindOf(line), quantity };
  const known = cart.lines.some((other) => sameKind(other, line));
  const lines = known
    ? cart.lines.map((other) => (sameKind(other, line) ? changed : other))
    : [...cart.lines, changed];
  return { ...cart, lines: lines.filter((other) => other.quantity > 0), key };
}

/** How many of the kind are in the cart. */
export function quantityOf(cart: Cart, line: LineKind): number {
  return cart.lines.find((other) => sameKind(other, line))?.quantity ?? 0;
}

/** How many of the ticket type for the performance are in the cart, whatever the buyer chose to pay. */
export function countOf(cart: Cart, performanceId: string, ticketTypeId: string): number {
  return sum(cart.lines.filter((line) => line.ticketTypeId === ticketTypeId && line.performanceId === performanceId));
}

/** How many of the ticket type the whole order has: the least and the most are counted over all performances. */
export function orderedOf(cart: Cart, ticketTypeId: string): number {
  return sum(cart.lines.filter((line) => line.ticketTypeId === ticketTypeId));
}

/**
 * How many of the kind there are after one more or one fewer: the first brings as many as an order must have, and with
 * fewer than those none is left.
 */
export function stepped(cart: Cart, line: LineKind, { least }: TicketType, by: 1 | -1): number {
  const quantity = quantityOf(cart, line);
  const ordered = orderedOf(cart, line.ticketTypeId);
  if (by > 0) return quantity + Math.max(1, least - ordered);
  return ordered === quantity && quantity <= least ? 0 : quantity - 1;
}

/** The cart's lines as the catalogue knows them now; what is not on sale any more falls out. */
export function itemsOf(cart: Cart, catalogue: Catalogue): CartItem[] {
  const known = cart.lines.flatMap((line) => {
    const found = find(catalogue, line);
    return found ? [{ line, found }] : [];
  });
  const lines = { ...cart, lines: known.map(({ line }) => line) };
  return known.map(({ line, found }) => {
    const { ticketType } = found;
    const here = countOf(lines, line.performanceId, line.ticketTypeId);
    const ordered = orderedOf(lines, line.ticketTypeId);
    const price = priceOf(ticketType, line);
    const left = ticketType.available - (here - line.quantity);
    return {
      ...line,
      ...found,
      price,
      total: times(price, line.quantity),
      max: Math.max(0, Math.min(left, ticketType.most - (ordered - line.quantity))),
      isShort: here > ticketType.available,
      ...(ordered < ticketType.least ? { missing: ticketType.least - ordered } : {}),
    };
  });
}

/** The lines of an order that is sold again; where the buyer said the price, the same is asked. */
export function linesOf(items: readonly LineItem[], catalogue: Catalogue | undefined): CartLine[] {
  return items.map(({ performanceId, ticketTypeId, quantity, unitPrice }) => {
    const line = { performanceId, ticketTypeId, quantity };
    const bounds = catalogue && find(catalogue, line)?.ticketType.bounds;
    return bounds ? { ...line, chosen: unitPrice.minor } : line;
  });
}

/** Seats and totals (one for each currency) of the items. */
export function totalsOf(items: readonly CartItem[]): { seats: number; amounts: Amount[] } {
  return {
    seats: items.reduce((seats, item) => seats + (item.ticketType.donation ? 0 : item.quantity), 0),
    amounts: sums(items.map((item) => item.total)),
  };
}

/** Whether there is something to pay, and enough of each type. */
export function canPay(items: readonly CartItem[]): boolean {
  return items.length > 0 && items.every((item) => item.missing === undefined);
}

/** What is sent to the till; a code for the buyer's phone unless it says otherwise. */
export function requestOf(items: readonly CartItem[], buyerEmail: string, tender: Tender['kind'] = 'phone'): OrderRequest {
  const email = buyerEmail.trim();
  return {
    lineItems: items.map(({ performanceId, ticketTypeId, quantity, ticketType, chosen }) => ({
      performanceId,
      ticketTypeId,
      quantity,
      ...(ticketType.bounds && chosen !== undefined ? { unitPrice: chosen } : {}),
    })),
    ...(email ? { buyerEmail: email } : {}),
    ...(tender === 'phone' ? {} : { tender }),
  };
}

function kindOf({ performanceId, ticketTypeId, chosen }: LineKind): LineKind {
  return { performanceId, ticketTypeId, ...(chosen === undefined ? {} : { chosen }) };
}

function sameKind(a: LineKind, b: LineKind): boolean {
  return a.performanceId === b.performanceId && a.ticketTypeId === b.ticketTypeId && a.chosen === b.chosen;
}

function priceOf({ bounds, price }: TicketType, { chosen }: LineKind): Amount {
  return bounds && chosen !== undefined ? { minor: chosen, currency: price.currency } : price;
}

function sum(lines: readonly CartLine[]): number {
  return lines.reduce((total, line) => total + line.quantity, 0);
}

function find(catalogue: Catalogue, line: LineKind) {
  for (const event of catalogue.events) {
    for (const performance of event.performances) {
      if (performance.id !== line.performanceId) continue;
      const ticketType = performance.ticketTypes.find((type) => type.id === line.ticketTypeId);
      if (ticketType) return { event, performance, ticketType };
    }
  }
  return undefined;
}
