import { expect, test } from 'vitest';
import { cardName } from './card';

test('a card brand is spelt as on the card; an unknown one as Stripe has it', () => {
  expect(cardName('visa')).toBe('Visa');
  expect(cardName('amex')).toBe('American Express');
  expect(cardName('girocard')).toBe('girocard');
});
