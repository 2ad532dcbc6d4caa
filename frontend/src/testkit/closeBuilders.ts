import type { Closing, ClosingDifferent, ClosingTotals, Payout } from '~/api/closing';
import type { Drill } from '~/api/drills';
import type { Reconciliation } from '~/api/reconciliation';
import { euro, noon } from './builders';

/** Whole objects of the close and of what is around it, with what a test does not care about filled in. */
export function totals(change: Partial<ClosingTotals> = {}): ClosingTotals {
  return {
    currency: 'eur',
    payments: 12,
    gross: 28_800,
    converted: [],
    fees: 732,
    refunds: 1,
    refunded: 2_400,
    disputes: 0,
    disputed: 0,
    other: 0,
    net: 25_668,
    payouts: 1,
    paidOut: 20_000,
    ...change,
  };
}

export function closing(change: Partial<Closing> = {}): Closing {
  return {
    from: '2026-11-20T23:00:00Z',
    to: noon,
    currencies: [totals()],
    others: [],
    agree: 12,
    of: 12,
    differ: 0,
    unread: 0,
    complete: true,
    missing: [],
    differences: [],
    ...change,
  };
}

export function difference(change: Partial<ClosingDifferent> = {}): ClosingDifferent {
  return {
    kind: 'amount_differs',
    movement: 'payment',
    at: noon,
    inBook: euro(2400),
    atStripe: euro(2000),
    paymentIntentId: 'pi_1',
    chargeId: 'ch_1',
    orderId: 'ord-1',
    orderCode: 'K7QF3M',
    reason: '',
    next: '',
    ...change,
  };
}

export function payout(change: Partial<Payout> = {}): Payout {
  return {
    id: 'po_1',
    amount: euro(20_000),
    status: 'paid',
    createdAt: '2026-11-19T12:00:00Z',
    arrivesAt: '2026-11-20T12:00:00Z',
    automatic: true,
    matched: true,
    ...change,
  };
}

export function reconciliation(change: Partial<Reconciliation> = {}): Reconciliation {
  return {
    state: 'current',
    lastSuccessAt: noon,
    nextPollAt: '2026-11-21T12:02:00Z',
    coveredUntil: noon,
    lagSeconds: 4,
    intervalSeconds: 120,
    reads: { used: 1_234, allotted: 10_000, today: 56, projected: 1_680 },
    waiting: 0,
    questions: 0,
    openRefunds: 0,
    openDisputes: 0,
    ...change,
  };
}

export function drill(change: Partial<Drill> = {}): Drill {
  return { name: 'slow', group: 'network', lasting: true, on: false, cases: [], ...change };
}
