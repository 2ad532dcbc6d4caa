import { describe, expect, test } from 'vitest';
import { catalogue, euro, performance, ticketType } from '~/testkit/builders';
import { lateMoney } from '~/testkit/lateBuilders';
import { balanceOf, canSeatSame, linesOf, offersOf, pickedOf, priceOf, seatsOf, withPick, type Pick } from './seating';

const adult: Pick = { performanceId: 'saturday', ticketTypeId: 'adult', quantity: 2 };
const child: Pick = { performanceId: 'saturday', ticketTypeId: 'child', quantity: 1 };

describe('picking', () => {
  test('another quantity takes the place of the old one; none takes it out', () => {
    expect(withPick([adult, child], { ...adult, quantity: 3 })).toEqual([child, { ...adult, quantity: 3 }]);
    expect(withPick([adult, child], { ...adult, quantity: 0 })).toEqual([child]);
    expect(withPick([], child)).toEqual([child]);
  });

  test('the same type of another performance is another pick', () => {
    const sunday = { ...adult, performanceId: 'sunday', quantity: 1 };
    const both = withPick([adult], sunday);
    expect(pickedOf(both, 'saturday', 'adult')).toBe(2);
    expect(pickedOf(both, 'sunday', 'adult')).toBe(1);
    expect(pickedOf(both, 'sunday', 'child')).toBe(0);
    expect(seatsOf(both)).toBe(3);
  });

  test('a donation is no seat', () => {
    const [offer] = offersOf(catalogue(performance({ ticketTypes: [ticketType(), ticketType({ id: 'gift', donation: true })] })));
    expect(offer?.ticketTypes.map(({ id }) => id)).toEqual(['adult']);
  });
});

describe('price and money', () => {
  test('what the seats cost now', () => {
    expect(priceOf([adult, child], catalogue())).toEqual(euro(5700));
    expect(priceOf([], catalogue())).toBeUndefined();
  });

  test('nothing is said of a type that is not sold any more, nor of two currencies at once', () => {
    expect(priceOf([adult, { ...adult, ticketTypeId: 'gone' }], catalogue())).toBeUndefined();
    const dollars = performance({ id: 'tour', ticketTypes: [ticketType({ price: { minor: 2000, currency: 'usd' } })] });
    expect(priceOf([adult, { ...adult, performanceId: 'tour' }], catalogue(performance(), dollars))).toBeUndefined();
  });

  test.each([
    [4800, 4800, 'exact', 0],
    [2400, 4800, 'cheaper', 2400],
    [6400, 4800, 'dearer', 1600],
  ])('%i for %i is %s', (price, paid, balance, difference) => {
    expect(balanceOf(euro(price), euro(paid))).toEqual({ balance, difference: euro(difference) });
  });

  test('two currencies cannot be held against each other', () => {
    expect(balanceOf({ minor: 4800, currency: 'usd' }, euro(4800)).balance).toBe('foreign');
  });
});

test.each([
  [true, true],
  [false, false],
])('with room %s the seats that it was for can be given: %s', (room, expected) => {
  expect(canSeatSame(lateMoney({ room }))).toBe(expected);
  expect(canSeatSame(lateMoney({ room, lines: [] })), 'nobody knows which').toBe(false);
});

test('no lines are sent for the seats that it was for', () => {
  expect(linesOf('same', [adult])).toEqual([]);
  expect(linesOf('other', [adult])).toEqual([adult]);
});
