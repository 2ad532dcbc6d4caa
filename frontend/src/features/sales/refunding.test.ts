import { describe, expect, test } from 'vitest';
import type { Order } from '~/api/types';
import { euro, lineItem, order, paidOrder, ticket } from '~/testkit/builders';
import { dispute, refund } from '~/testkit/lateBuilders';
import { isUnanswered, meaningOf, readAmount, validTickets, worthOf } from './refunding';

const three = (total: number, currency = 'eur') =>
  paidOrder({
    total: { minor: total, currency },
    refundable: total,
    lineItems: [lineItem({ quantity: 3, total: { minor: total, currency } })],
    tickets: [1, 2, 3].map((number) => ticket({ id: `t${number}`, number, of: 3 })),
  });

describe('what tickets cost', () => {
  test.each([
    ['an even share', 4800, ['t1'], 1600],
    ['what does not divide is with the first ones', 100, ['t1'], 34],
    ['and not with the others', 100, ['t2', 't3'], 66],
    ['all of them are the whole line', 100, ['t1', 't2', 't3'], 100],
    ['none', 4800, [], 0],
    ['one that the order has not', 4800, ['t9'], 0],
  ])('%s', (_name, total, ids, minor) => {
    expect(worthOf(three(total), new Set(ids))).toEqual(euro(minor));
  });

  test('whole steps where the currency has no smaller ones', () => {
    const isk = three(100_000, 'isk');
    expect(['t1', 't2', 't3'].map((id) => worthOf(isk, new Set([id])).minor)).toEqual([33_400, 33_300, 33_300]);
  });

  test('each line has its own price', () => {
    const mixed = paidOrder({
      lineItems: [lineItem({ quantity: 1, total: euro(2400) }), lineItem({ ticketTypeId: 'child', quantity: 1, total: euro(900) })],
      tickets: [ticket({ id: 'a' }), ticket({ id: 'c', ticketTypeId: 'child' })],
      total: euro(3300),
      refundable: 3300,
    });
    expect(worthOf(mixed, new Set(['c']))).toEqual(euro(900));
    expect(worthOf(mixed, new Set(['a', 'c']))).toEqual(euro(3300));
  });

  test('never more than is left to give back', () => {
    expect(worthOf({ ...three(4800), refundable: 1000 }, new Set(['t1', 't2']))).toEqual(euro(1000));
  });
});

test('tickets that are void are not offered again', () => {
  const half = paidOrder({ tickets: [ticket({ void: true }), ticket({ id: 'tkt-2' })] });
  expect(validTickets(half).map(({ id }) => id)).toEqual(['tkt-2']);
});

test.each([
  ['', { fault: 'empty' }],
  ['  ', { fault: 'empty' }],
  ['abc', { fault: 'wrong' }],
  ['0', { fault: 'wrong' }],
  ['-5', { fault: 'wrong' }],
  ['5.001', { fault: 'wrong' }],
  ['5', { minor: 500 }],
  ['0,01', { minor: 1 }],
  ['48', { minor: 4800 }],
  ['48.01', { fault: 'tooMuch' }],
])('%j as an amount to give back', (text, expected) => {
  expect(readAmount(text, paidOrder())).toEqual(expected);
});

test('an amount between the steps of its currency cannot go back', () => {
  const isk = paidOrder({ total: { minor: 500_000, currency: 'isk' }, refundable: 500_000 });
  expect(readAmount('1000', isk)).toEqual({ minor: 100_000 });
  expect(readAmount('1000.50', isk)).toEqual({ fault: 'wrong' });
});

test.each([
  ['made elsewhere, nobody has said', refund({ answered: false }), true],
  ['said already', refund({ answered: true }), false],
  ['came back', refund({ answered: false, status: 'failed' }), false],
  ['stopped', refund({ answered: false, status: 'canceled' }), false],
  ['refused', refund({ answered: false, status: 'refused' }), false],
])('whether it is asked what a refund was for: %s', (_name, given, expected) => {
  expect(isUnanswered(paidOrder(), given)).toBe(expected);
  expect(isUnanswered(order(), given), 'without tickets there is nothing to ask').toBe(false);
});

test.each<[Partial<Order>, string | undefined]>([
  [{}, undefined],
  [{ refunded: 1200 }, 'partly'],
  [{ refunded: 1200, refunds: [refund({ status: 'asked' })] }, 'asked'],
  [{ refunded: 1200, disputed: 2400 }, 'held'],
  [{ disputed: 4800, disputes: [dispute({ status: 'lost' })] }, 'lost'],
  [{ disputed: 7200, disputes: [dispute({ status: 'lost' }), dispute({ id: 'dp_2', withdrawn: 2400 })] }, 'held'],
  [{ disputes: [dispute({ status: 'won', reinstated: 4800 })] }, undefined],
  [{ status: 'refunded', refunded: 4800 }, undefined],
])('what %o means for the money', (change, expected) => {
  expect(meaningOf(paidOrder(change))).toBe(expected);
});
