import { describe, expect, test } from 'vitest';
import { catalogue, euro, lineItem, performance, ticketType } from '~/testkit/builders';
import { emptyCart, itemsOf, linesOf, quantityOf, requestOf, totalsOf, withQuantity, type Cart } from './cart';
import { performancesOf } from './performances';

const adult = { performanceId: 'saturday', ticketTypeId: 'adult' };
const child = { performanceId: 'saturday', ticketTypeId: 'child' };

function cartOf(...changes: [typeof adult, number][]): Cart {
  return changes.reduce((cart, [line, quantity]) => withQuantity(cart, line, quantity, 'key'), emptyCart('first'));
}

describe('withQuantity', () => {
  test('adds, changes in place, and takes out', () => {
    const two = cartOf([adult, 1], [child, 2], [adult, 3]);
    expect(two.lines).toEqual([
      { ...adult, quantity: 3 },
      { ...child, quantity: 2 },
    ]);
    expect(withQuantity(two, adult, 0, 'key').lines).toEqual([{ ...child, quantity: 2 }]);
    expect(withQuantity(two, adult, -1, 'key').lines).toHaveLength(1);
  });

  test('gives every changed cart its own key, and leaves the old cart as it was', () => {
    const before = emptyCart('first');
    const after = withQuantity(before, adult, 1, 'second');
    expect([before.key, after.key]).toEqual(['first', 'second']);
    expect(before.lines).toEqual([]);
  });

  test('keeps the same type of two performances apart', () => {
    const sunday = { performanceId: 'sunday', ticketTypeId: 'adult' };
    const cart = cartOf([adult, 1], [sunday, 2]);
    expect(quantityOf(cart, adult)).toBe(1);
    expect(quantityOf(cart, sunday)).toBe(2);
    expect(quantityOf(cart, child)).toBe(0);
  });
});

describe('itemsOf', () => {
  test('joins the lines with the catalogue', () => {
    const [item] = itemsOf(cartOf([adult, 2]), catalogue());
    expect(item).toMatchObject({ quantity: 2, total: euro(4800), isShort: false, event: { id: 'tale' } });
    expect(item?.ticketType.name).toBe('Adult');
  });

  test('says when others have taken the seats meanwhile', () => {
    const few = catalogue(performance({ ticketTypes: [ticketType({ available: 1 })] }));
    expect(itemsOf(cartOf([adult, 2]), few)[0]?.isShort).toBe(true);
    expect(itemsOf(cartOf([adult, 1]), few)[0]?.isShort).toBe(false);
  });

  test('drops what is not on sale any more', () => {
    expect(itemsOf(cartOf([adult, 2]), { events: [] })).toEqual([]);
    expect(itemsOf(cartOf([adult, 2]), catalogue(performance({ ticketTypes: [] })))).toEqual([]);
  });
});

test('totals: seats, and one sum for each currency', () => {
  const mixed = catalogue(
    performance({
      ticketTypes: [ticketType(), ticketType({ id: 'child', price: { minor: 1000, currency: 'usd' } })],
    }),
  );
  expect(totalsOf(itemsOf(cartOf([adult, 2], [child, 1]), mixed))).toEqual({
    seats: 3,
    amounts: [euro(4800), { minor: 1000, currency: 'usd' }],
  });
  expect(totalsOf([])).toEqual({ seats: 0, amounts: [] });
});

test('the request has the lines alone, and an e-mail only if there is one', () => {
  const items = itemsOf(cartOf([adult, 2]), catalogue());
  expect(requestOf(items, '  ')).toEqual({ lineItems: [{ ...adult, quantity: 2 }] });
  expect(requestOf(items, ' ada@example.com ')).toEqual({
    lineItems: [{ ...adult, quantity: 2 }],
    buyerEmail: 'ada@example.com',
  });
});

test('performances come in the order of their dates', () => {
  const later = performance({ id: 'sunday', startsAt: '2026-11-22T18:30:00Z' });
  expect(performancesOf(catalogue(later, performance())).map((dated) => dated.performance.id)).toEqual(['saturday', 'sunday']);
});

test('an order sold again asks the same price only where the buyer said it', () => {
  const open = ticketType({ id: 'friend', bounds: { least: 500, most: 5000 } });
  const now = catalogue(performance({ ticketTypes: [ticketType(), open] }));
  const items = [lineItem(), lineItem({ ticketTypeId: 'friend', unitPrice: euro(1250), quantity: 1 })];
  const lines = linesOf(items, now);
  expect(lines).toEqual([
    { ...adult, quantity: 2 },
    { performanceId: 'saturday', ticketTypeId: 'friend', quantity: 1, chosen: 1250 },
  ]);
  expect(itemsOf({ ...emptyCart('key'), lines }, now).map(({ total }) => total)).toEqual([euro(4800), euro(1250)]);
  expect(linesOf(items, undefined).every((line) => line.chosen === undefined)).toBe(true);
});
