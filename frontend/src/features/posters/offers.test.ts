import { expect, test } from 'vitest';
import { catalogue, performance, ticketType } from '~/testkit/builders';
import { offersOf, seatsOf } from './offers';

test('a poster sells what has one fixed price, goes one by one, and has seats left', () => {
  const offers = offersOf(
    catalogue(
      performance({
        ticketTypes: [
          ticketType(),
          ticketType({ id: 'pay-what-you-want', bounds: { least: 100, most: 5000 } }),
          ticketType({ id: 'donation', donation: true }),
          ticketType({ id: 'family', least: 3 }),
          ticketType({ id: 'gone', available: 0 }),
          ticketType({ id: 'single', least: 1 }),
        ],
      }),
      performance({ id: 'sunday', ticketTypes: [] }),
    ),
  );
  expect(offers.map(({ performance: { id }, ticketTypes }) => [id, ticketTypes.map((type) => type.id)])).toEqual([
    ['saturday', ['adult', 'single']],
    ['sunday', []],
  ]);
});

test.each([
  ['1', 1],
  [' 20 ', 20],
  ['120', 120],
  ['121', undefined],
  ['0', undefined],
  ['-3', undefined],
  ['2.5', undefined],
  ['1e2', undefined],
  ['', undefined],
  ['twenty', undefined],
])('%j seats of 120: %j', (text, seats) => {
  expect(seatsOf(text, 120)).toBe(seats);
});
