import { expect, test } from 'vitest';
import { methodName } from './methodName';

test.each([
  ['card', 'Card'],
  ['paypal', 'PayPal'],
  ['sepa_debit', 'SEPA Direct Debit'],
  ['apple_pay', 'Apple Pay'],
  ['some_newer_way', 'Some Newer Way'],
  ['constructor', 'Constructor'],
])('%s is %s', (method, name) => {
  expect(methodName(method)).toBe(name);
});
