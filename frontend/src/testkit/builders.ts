import type { EventEdit, Mirror, TicketTypeEdit } from '~/api/events';
import type { Catalogue, LineItem, Order, Payment, Performance, Poster, Status, Tender, Ticket, TicketType } from '~/api/types';

/** Whole objects of the API with what a test does not care about filled in. */
export const euro = (minor: number) => ({ minor, currency: 'eur' });

export const noon = '2026-11-21T12:00:00Z';

export function ticketType(change: Partial<TicketType> = {}): TicketType {
  return {
    id: 'adult',
    name: 'Adult',
    description: 'Stalls',
    price: euro(2400),
    least: 0,
    most: 10,
    onSale: true,
    available: 120,
    quota: 120,
    ...change,
  };
}

export function performance(change: Partial<Performance> = {}): Performance {
  return {
    id: 'saturday',
    startsAt: '2026-11-21T18:30:00Z',
    doorsAt: '2026-11-21T17:45:00Z',
    ticketTypes: [
      ticketType(),
      ticketType({ id: 'child', name: 'Child', description: 'Under 14', price: euro(900) }),
      ticketType({ id: 'balcony', name: 'Balcony', description: '', price: euro(3200), available: 2, quota: 10 }),
    ],
    ...change,
  };
}

export function catalogue(...performances: Performance[]): Catalogue {
  return {
    events: [
      {
        id: 'tale',
        name: 'The Winter’s Tale',
        place: 'Playhouse',
        timeZone: 'Europe/Vienna',
        performances: performances.length > 0 ? performances : [performance()],
      },
    ],
  };
}

export function status(change: Partial<Status> = {}): Status {
  return {
    version: '1.2.3',
    mode: 'training',
    book: change.mode === 'live' ? 'live' : 'training',
    connection: 'connected',
    canType: false,
    register: 'till-1',
    bookId: 'book-1',
    number: 7,
    openCodes: 0,
    stripe: { state: 'ok', reads: 12, lastSuccessAt: noon },
    ...change,
  };
}

export function lineItem(change: Partial<LineItem> = {}): LineItem {
  return {
    performanceId: 'saturday',
    ticketTypeId: 'adult',
    eventName: 'The Winter’s Tale',
    name: 'Adult',
    place: 'Playhouse',
    startsAt: '2026-11-21T18:30:00Z',
    timeZone: 'Europe/Vienna',
    unitPrice: euro(2400),
    quantity: 2,
    total: euro(4800),
    ...change,
  };
}

export function tender(change: Partial<Tender> = {}): Tender {
  return {
    id: 'tdr-1',
    kind: 'phone',
    state: 'open',
    amount: euro(4800),
    cancelAsked: false,
    expiresAt: '2026-11-21T12:30:00Z',
    trainingPhone: '/training/phone/c/pay/cs_test_1',
    ...change,
  };
}

export function ticket(change: Partial<Ticket> = {}): Ticket {
  return { id: 'tkt-1', performanceId: 'saturday', ticketTypeId: 'adult', name: 'Adult', number: 1, of: 2, void: false, refunding: false, code: 'WCT1.tkt-1', ...change };
}

export function order(change: Partial<Order> = {}): Order {
  return {
    id: 'ord-1',
    code: 'K7QF3M',
    status: 'awaiting_payment',
    placedAt: noon,
    updatedAt: noon,
    total: euro(4800),
    seats: 2,
    lineItems: [lineItem()],
    tenders: [tender()],
    tickets: [],
    refunds: [],
    disputes: [],
    refunded: 0,
    disputed: 0,
    refundable: 0,
    timeline: [{ number: 7, at: noon, kind: 'order.placed', amount: euro(4800) }],
    ...change,
  };
}

export function paidOrder(change: Partial<Order> = {}): Order {
  return order({
    status: 'paid',
    refundable: change.total?.minor ?? 4800,
    tenders: [tender({ state: 'paid', paidAt: noon, card: { brand: 'visa', last4: '4242' } })],
    tickets: [ticket(), ticket({ id: 'tkt-2', number: 2, code: 'WCT1.tkt-2' })],
    ...change,
  });
}

export function poster(change: Partial<Poster> = {}): Poster {
  return {
    id: 'pst-1',
    code: '7KQ',
    state: 'open',
    performanceId: 'saturday',
    ticketTypeId: 'adult',
    eventName: 'The Winter’s Tale',
    name: 'Adult',
    place: 'Playhouse',
    startsAt: '2026-11-21T18:30:00Z',
    timeZone: 'Europe/Vienna',
    price: euro(2400),
    allotment: 20,
    arrived: 3,
    madeAt: noon,
    url: 'https://buy.example/poster',
    trainingPhone: '/training/phone/c/link/plink_1',
    ...change,
  };
}

export function payment(change: Partial<Payment> = {}): Payment {
  return {
    orderCode: 'K7QF3M',
    amount: euro(4800),
    state: 'open',
    mode: 'training',
    publishableKey: 'pk_test_1',
    clientSecret: 'pi_1_secret_1',
    ...change,
  };
}

export function typeEdit(change: Partial<TicketTypeEdit> = {}): TicketTypeEdit {
  return { id: 'adult', name: 'Adult', price: euro(2400), onSale: true, mirror: { state: 'done' }, ...change };
}

export function eventEdit(change: Partial<EventEdit> = {}): EventEdit {
  return {
    id: 'tale',
    revision: 3,
    name: 'The Winter’s Tale',
    place: 'Playhouse',
    timeZone: 'Europe/Vienna',
    performances: [
      { id: 'saturday', startsAt: '2026-11-21T18:30:00Z', doorsAt: '2026-11-21T17:45:00Z' },
      { id: 'sunday', startsAt: '2026-11-22T18:30:00Z', doorsAt: '2026-11-22T17:45:00Z' },
    ],
    ticketTypes: [typeEdit(), typeEdit({ id: 'child', name: 'Child', price: euro(900) })],
    quotas: [
      { id: 'house', performanceId: 'saturday', ticketTypeIds: ['adult', 'child'], size: 120, taken: 7 },
      { id: 'house-2', performanceId: 'sunday', ticketTypeIds: ['adult', 'child'], size: 120 },
    ],
    ...change,
  };
}

/** The event with all its types as far at Stripe as `state`. */
export function mirrored(event: EventEdit, state: Mirror['state']): EventEdit {
  return { ...event, ticketTypes: event.ticketTypes.map((type) => ({ ...type, mirror: { state } })) };
}
