import type { pay } from '~/messages/pay.en';

/** What stands in the way of a payment, as the page words it. */
export type Trouble = keyof typeof pay.trouble;

/** The parts of Stripe's error that say what happened (docs.stripe.com/js/appendix/error). */
export interface StripeTrouble {
  type: string;
  code?: string | undefined;
  decline_code?: string | undefined;
}

/** Families of decline codes (docs.stripe.com/declines/codes). What is not named here is told neutrally: declined. */
const families: Partial<Record<Trouble, readonly string[]>> = {
  funds: ['insufficient_funds'],
  expiry: ['expired_card'],
  cvc: ['incorrect_cvc', 'invalid_cvc'],
  details: [
    'incorrect_number', 'invalid_number', 'invalid_account', 'invalid_expiry_month', 'invalid_expiry_year',
    'incorrect_zip', 'incorrect_address',
  ],
  limit: ['card_velocity_exceeded', 'withdrawal_count_limit_exceeded', 'invalid_amount'],
  confirmation: ['authentication_required', 'approve_with_id', 'payment_intent_authentication_failure'],
  unsupported: [
    'card_not_supported', 'currency_not_supported', 'transaction_not_allowed', 'testmode_decline', 'live_mode_test_card',
  ],
  bank: ['processing_error', 'issuer_not_available', 'try_again_later', 'reenter_transaction'],
};

const byCode = new Map(
  Object.entries(families).flatMap(([trouble, codes]) => codes.map((code) => [code, trouble as Trouble] as const)),
);

/** The kinds of error that are no decline (docs.stripe.com/api/errors). */
const byType: Readonly<Record<string, Trouble>> = {
  validation_error: 'incomplete',
  api_connection_error: 'unknown',
  api_error: 'unknown',
  idempotency_error: 'unknown',
  rate_limit_error: 'busy',
  invalid_request_error: 'page',
  authentication_error: 'page',
};

/** What an error of Stripe's means. `unknown`: it does not say whether the card was charged, so somebody has to look. */
export function troubleOf({ type, code, decline_code: decline }: StripeTrouble): Trouble {
  if (code === 'payment_intent_unexpected_state') return 'unknown'; // paid or cancelled meanwhile
  return byCode.get(decline ?? '') ?? byCode.get(code ?? '') ?? byType[type] ?? 'declined';
}
