import type { Catalogue, Event, LateMoney, Performance, SeatLine, TicketType } from '~/api/types';
import type { Amount } from '~/domain/money';

/** So many of a ticket type for a performance, as the catalogue has them now. */
export interface Pick {
  readonly performanceId: string;
  readonly ticketTypeId: string;
  readonly quantity: number;
}

/** A performance with what can be given there. */
export interface Offer {
  readonly event: Event;
  readonly performance: Performance;
  readonly ticketTypes: readonly TicketType[];
}

/** How what was paid stands beside what the seats cost. */
export type Balance = 'exact' | 'cheaper' | 'dearer' | 'foreign';

/** The performances of which seats can be given; a donation is no seat. */
export function offersOf(catalogue: Catalogue): Offer[] {
  return catalogue.events.flatMap((event) =>
    event.performances.map((performance) => ({
      event,
      performance,
      ticketTypes: performance.ticketTypes.filter(({ donation }) => !donation),
    })),
  );
}

/** The picks with another quantity of one type; none of it takes it out. */
export function withPick(picks: readonly Pick[], pick: Pick): Pick[] {
  const others = picks.filter((other) => !isSame(other, pick));
  return pick.quantity > 0 ? [...others, pick] : others;
}

/** How many of the type are picked. */
export function pickedOf(picks: readonly Pick[], performanceId: string, ticketTypeId: string): number {
  return picks.find((pick) => isSame(pick, { performanceId, ticketTypeId }))?.quantity ?? 0;
}

/** How many seats they are together. */
export function seatsOf(picks: readonly { quantity: number }[]): number {
  return picks.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** What the seats cost now; nothing if one of them is not in the catalogue any more, or if they have several currencies. */
export function priceOf(picks: readonly Pick[], catalogue: Catalogue): Amount | undefined {
  const types = new Map(
    offersOf(catalogue).flatMap(({ performance, ticketTypes }) =>
      ticketTypes.map((type) => [`${performance.id} ${type.id}`, type.price] as const),
    ),
  );
  let total: Amount | undefined;
  for (const { performanceId, ticketTypeId, quantity } of picks) {
    const price = types.get(`${performanceId} ${ticketTypeId}`);
    if (!price || (total && total.currency !== price.currency)) return undefined;
    total = { minor: (total?.minor ?? 0) + price.minor * quantity, currency: price.currency };
  }
  return total;
}

/** What the seats cost, held against what was paid, and by how much they differ. */
export function balanceOf(price: Amount, paid: Amount): { balance: Balance; difference: Amount } {
  const difference = { minor: Math.abs(price.minor - paid.minor), currency: paid.currency };
  if (price.currency !== paid.currency) return { balance: 'foreign', difference };
  if (price.minor === paid.minor) return { balance: 'exact', difference };
  return { balance: price.minor < paid.minor ? 'cheaper' : 'dearer', difference };
}

/** Whether the money can be given the very seats that it was for. */
export function canSeatSame({ room, lines }: LateMoney): boolean {
  return room && lines.length > 0;
}

/** What is sent; no lines are the seats that it was for. */
export function linesOf(how: 'same' | 'other', picks: readonly Pick[]): SeatLine[] {
  return how === 'same' ? [] : picks.map(({ performanceId, ticketTypeId, quantity }) => ({ performanceId, ticketTypeId, quantity }));
}

function isSame(a: Omit<Pick, 'quantity'>, b: Omit<Pick, 'quantity'>): boolean {
  return a.performanceId === b.performanceId && a.ticketTypeId === b.ticketTypeId;
}
