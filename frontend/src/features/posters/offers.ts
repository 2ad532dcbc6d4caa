import type { Catalogue, Event, Performance, TicketType } from '~/api/types';

/** A performance with the ticket types of it that a poster can sell. */
export interface Offer {
  event: Event;
  performance: Performance;
  ticketTypes: readonly TicketType[];
}

/** What posters can be made for: every performance, in the catalogue's order. */
export function offersOf(catalogue: Catalogue): Offer[] {
  return catalogue.events.flatMap((event) =>
    event.performances.map((performance) => ({
      event,
      performance,
      ticketTypes: performance.ticketTypes.filter(fitsPoster),
    })),
  );
}

/** A poster sells one ticket at one price to each visitor, out of seats that are still free. */
function fitsPoster({ bounds, donation, least, available }: TicketType): boolean {
  return !bounds && !donation && least <= 1 && available > 0;
}

/** The whole number that was typed, if it is from 1 to `most`. */
export function seatsOf(text: string, most: number): number | undefined {
  if (!/^\d{1,6}$/.test(text.trim())) return undefined;
  const seats = Number(text);
  return seats >= 1 && seats <= most ? seats : undefined;
}
