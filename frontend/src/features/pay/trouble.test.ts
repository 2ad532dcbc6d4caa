import { expect, test } from 'vitest';
import { pay } from '~/messages/pay.en';
import { troubleOf, type Trouble } from './trouble';

const card = (decline: string, code = 'card_declined') => ({ type: 'card_error', code, decline_code: decline });

test.each<[string, Parameters<typeof troubleOf>[0], Trouble]>([
  ['no reason', card('generic_decline'), 'declined'],
  ['too little money', card('insufficient_funds'), 'funds'],
  ['expired, by its code alone', { type: 'card_error', code: 'expired_card' }, 'expiry'],
  ['wrong CVC', card('incorrect_cvc', 'incorrect_cvc'), 'cvc'],
  ['wrong number', { type: 'card_error', code: 'incorrect_number' }, 'details'],
  ['velocity', card('card_velocity_exceeded'), 'limit'],
  ['3-D Secure refused', { type: 'invalid_request_error', code: 'payment_intent_authentication_failure' }, 'confirmation'],
  ['3-D Secure wanted', card('authentication_required', 'authentication_required'), 'confirmation'],
  ['not for this', card('card_not_supported'), 'unsupported'],
  ['the bank is out', { type: 'card_error', code: 'processing_error' }, 'bank'],
  ['lost: told neutrally', card('lost_card'), 'declined'],
  ['stolen: told neutrally', card('stolen_card'), 'declined'],
  ['suspected: told neutrally', card('fraudulent'), 'declined'],
  ['a code of tomorrow', card('brand_new_reason', 'brand_new_code'), 'declined'],
  ['half-typed', { type: 'validation_error', code: 'incomplete_number' }, 'incomplete'],
  ['no network', { type: 'api_connection_error' }, 'unknown'],
  ['Stripe stumbled', { type: 'api_error' }, 'unknown'],
  ['too many', { type: 'rate_limit_error' }, 'busy'],
  ['the page is wrong', { type: 'invalid_request_error', code: 'parameter_missing' }, 'page'],
  ['paid or cancelled meanwhile', { type: 'invalid_request_error', code: 'payment_intent_unexpected_state' }, 'unknown'],
])('%s', (_, error, trouble) => {
  expect(troubleOf(error)).toBe(trouble);
});

test('every trouble says what it means for the money, and none says what only the bank may know', () => {
  for (const [name, { title, money }] of Object.entries(pay.trouble)) {
    expect(money, name).toMatch(/Nothing was charged|nothing was charged|Do not pay again/);
    expect(`${title} ${money}`, name).not.toMatch(/stolen|lost|fraud|suspect/i);
  }
});
