import { describe, expect, test } from 'vitest';
import { order, paidOrder, tender } from '~/testkit/builders';
import { held, parkedOrders } from './parked';

const until = (time: string) => [tender({ expiresAt: `2026-11-21T${time}Z` })];
const soon = order({ id: 'soon', tenders: until('12:05:00') });
const later = order({ id: 'later', tenders: until('12:25:00') });
const starting = order({ id: 'starting', tenders: [tender({ state: 'starting', expiresAt: undefined })] });
const paid = paidOrder({ id: 'paid' });
const expired = order({ id: 'expired', status: 'expired', tenders: [tender({ state: 'expired' })] });
const failed = order({ id: 'failed', status: 'failed', tenders: [tender({ state: 'failed' })] });
const canceled = order({ id: 'canceled', status: 'canceled', tenders: [tender({ state: 'expired', cancelAsked: true })] });

const ids = (orders: { id: string }[]) => orders.map(({ id }) => id);

describe('parkedOrders', () => {
  test('paid first, then what needs a hand, then the code that runs out soonest', () => {
    expect(ids(parkedOrders([later, starting, expired, soon, paid], undefined))).toEqual([
      'paid',
      'expired',
      'soon',
      'later',
      'starting',
    ]);
  });

  test('two codes of the same second stand in the order in which they were made', () => {
    const first = order({ id: 'first', placedAt: '2026-11-21T12:00:00.100Z' });
    const second = order({ id: 'second', placedAt: '2026-11-21T12:00:00.900Z' });
    expect(ids(parkedOrders([second, first], undefined))).toEqual(['first', 'second']);
  });

  test('what is on the screen does not wait as well, by id or by code', () => {
    expect(ids(parkedOrders([soon, later], 'soon'))).toEqual(['later']);
    expect(ids(parkedOrders([order({ id: 'x', code: 'ABCDEF' })], 'ABCDEF'))).toEqual([]);
  });

  test('a cancelled code goes away, one that failed by itself stays', () => {
    expect(ids(parkedOrders([canceled, failed], undefined))).toEqual(['failed']);
  });
});

describe('held', () => {
  test('keeps the places under a finger, newcomers stand behind', () => {
    const now = parkedOrders([soon, later, paid], undefined);
    expect(ids(held(now, ['soon', 'later']))).toEqual(['soon', 'later', 'paid']);
  });

  test('closes the gap of what has gone', () => {
    expect(ids(held([later], ['soon', 'later']))).toEqual(['later']);
  });
});
