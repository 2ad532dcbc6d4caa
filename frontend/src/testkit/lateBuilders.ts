import type { Dispute, LateMoney, Question, Refund } from '~/api/types';
import { euro, noon, ticket } from './builders';

/** Whole objects of what becomes of money after it was paid, with what a test does not care about filled in. */
export function refund(change: Partial<Refund> = {}): Refund {
  return {
    id: 'rfd-1',
    stripeId: 're_1',
    amount: euro(2400),
    status: 'succeeded',
    external: false,
    by: 'Ada',
    createdAt: noon,
    ticketIds: [],
    answered: true,
    ...change,
  };
}

export function dispute(change: Partial<Dispute> = {}): Dispute {
  return {
    id: 'dp_1',
    amount: euro(4800),
    status: 'needs_response',
    reason: 'product_not_received',
    createdAt: noon,
    dueBy: '2026-11-30T23:59:00Z',
    withdrawn: 4800,
    reinstated: 0,
    ...change,
  };
}

export function lateMoney(change: Partial<LateMoney> = {}): LateMoney {
  return {
    id: 'dsc-1',
    reason: 'no_room',
    foundAt: noon,
    paidAt: noon,
    amount: euro(4800),
    left: change.amount?.minor ?? 4800,
    expected: euro(4800),
    orderId: 'ord-1',
    orderCode: 'K7QF3M',
    sessionId: 'cs_test_late',
    paymentIntentId: 'pi_late',
    buyerName: 'Grace Hopper',
    buyerEmail: 'grace@example.com',
    card: { brand: 'visa', last4: '4242' },
    refunds: [],
    disputes: [],
    actions: ['seat', 'refund', 'keep'],
    room: false,
    lines: [
      {
        performanceId: 'saturday',
        ticketTypeId: 'adult',
        eventName: 'The Winter’s Tale',
        name: 'Adult',
        startsAt: '2026-11-21T18:30:00Z',
        timeZone: 'Europe/Vienna',
        quantity: 2,
      },
    ],
    story: [{ number: 12, at: noon, kind: 'discrepancy.found', amount: euro(4800), detail: 'no_room' }],
    ...change,
  };
}

export function question(change: Partial<Question> = {}): Question {
  return {
    orderId: 'ord-1',
    orderCode: 'K7QF3M',
    buyerName: 'Ada Lovelace',
    refund: refund({ id: 're_9', stripeId: 're_9', amount: euro(1200), external: true, answered: false }),
    tickets: [ticket(), ticket({ id: 'tkt-2', number: 2, code: 'WCT1.tkt-2' })],
    ...change,
  };
}
