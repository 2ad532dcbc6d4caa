import { describe, expect, test } from 'vitest';
import type { Order, Tender } from '~/api/types';
import { order, tender } from '~/testkit/builders';
import { callOf, canCancel, isOver, lastTender, situation } from './situation';

type Row = [string, Order['status'], Partial<Tender>, ReturnType<typeof situation>, ReturnType<typeof callOf>, boolean];

const table: Row[] = [
  ['asked, no answer', 'awaiting_payment', { state: 'starting' }, 'starting', 'none', false],
  ['code made', 'awaiting_payment', { state: 'open' }, 'waiting', 'none', true],
  ['cancel asked', 'awaiting_payment', { state: 'open', cancelAsked: true }, 'canceling', 'none', false],
  ['cancel asked before the code', 'awaiting_payment', { state: 'starting', cancelAsked: true }, 'canceling', 'none', false],
  ['bank decides', 'awaiting_payment', { state: 'processing' }, 'processing', 'none', false],
  ['bank decides after a cancel', 'awaiting_payment', { state: 'processing', cancelAsked: true }, 'processing', 'none', false],
  ['paid', 'paid', { state: 'paid' }, 'paid', 'paid', false],
  ['paid in spite of a cancel', 'paid', { state: 'paid', cancelAsked: true }, 'paid', 'paid', false],
  ['ran out', 'expired', { state: 'expired' }, 'expired', 'hand', false],
  ['cancelled', 'canceled', { state: 'expired', cancelAsked: true }, 'canceled', 'none', false],
  ['Stripe made no code', 'failed', { state: 'refused' }, 'refused', 'hand', false],
  ['the bank said no', 'failed', { state: 'failed' }, 'failed', 'hand', false],
];

describe.each(table)('%s', (_, status, change, expected, call, cancelable) => {
  const now = order({ status, tenders: [tender(change)] });

  test(`is ${expected}`, () => {
    expect(situation(now)).toBe(expected);
    expect(callOf(now)).toBe(call);
    expect(canCancel(now)).toBe(cancelable);
    expect(isOver(now)).toBe(status !== 'awaiting_payment');
  });
});

test('the last tender decides, and an order may have none yet', () => {
  const two = order({ tenders: [tender({ state: 'expired' }), tender({ id: 'tdr-2', state: 'open' })] });
  expect(lastTender(two)?.id).toBe('tdr-2');
  expect(situation(two)).toBe('waiting');
  expect(situation(order({ tenders: [] }))).toBe('starting');
});
