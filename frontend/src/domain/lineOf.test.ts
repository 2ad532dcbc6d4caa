import { expect, test } from 'vitest';
import { lineItem, order, ticket } from '~/testkit/builders';
import { lineOf } from './lineOf';

test('a ticket finds its line', () => {
  const both = order({ lineItems: [lineItem(), lineItem({ ticketTypeId: 'child', name: 'Child' })] });
  expect(lineOf(both, ticket({ ticketTypeId: 'child' }))?.name).toBe('Child');
  expect(lineOf(both, ticket({ ticketTypeId: 'gone' }))).toBeUndefined();
});

test('a ticket of a type that was bought for two nights finds its own night', () => {
  const saturday = lineItem();
  const sunday = lineItem({ performanceId: 'sunday' });
  const twoNights = order({ lineItems: [saturday, sunday] });
  expect(lineOf(twoNights, ticket({ performanceId: 'sunday' }))).toBe(sunday);
  expect(lineOf(twoNights, ticket())).toBe(saturday);
});
