import type { ProblemBody, ProblemCode } from './types';

/** The server's codes, and the one that only a screen can know: the till's program did not answer at all. */
export type FailureCode = ProblemCode | 'no_answer';

/** The next step that a screen offers for a failure; each has a button of its own. */
export type Remedy = 'again' | 'refresh' | 'change' | 'correct' | 'reload' | 'edit' | 'pin' | 'settings';

/** The next step by code. A code that is new in the OpenAPI document fails the type check here. */
export const remedies: Record<FailureCode, Remedy> = {
  no_answer: 'again',
  invalid_request: 'reload',
  empty_order: 'change',
  unknown_performance: 'refresh',
  unknown_ticket_type: 'refresh',
  bad_quantity: 'change',
  mixed_currency: 'change',
  amount_too_small: 'change',
  amount_too_large: 'change',
  bad_email: 'correct',
  sold_out: 'refresh',
  unknown_order: 'refresh',
  unknown_ticket: 'refresh',
  ticket_refunded: 'refresh',
  not_cancelable: 'refresh',
  not_refundable: 'refresh',
  refund_too_large: 'refresh',
  bad_amount: 'edit',
  money_moved: 'refresh',
  who_missing: 'edit',
  unknown_discrepancy: 'refresh',
  already_resolved: 'refresh',
  not_possible: 'refresh',
  no_code: 'refresh',
  idempotency_key_missing: 'reload',
  idempotency_mismatch: 'again',
  stripe_refused: 'change',
  stripe_key: 'again',
  stripe_permission: 'again',
  stripe_busy: 'again',
  stripe_unreachable: 'again',
  not_connected: 'settings',
  bad_key: 'edit',
  key_permissions: 'again',
  other_account: 'edit',
  wrong_mode: 'edit',
  oauth_state: 'again',
  oauth_refused: 'again',
  charges_disabled: 'again',
  bad_platform: 'edit',
  vault_locked: 'settings',
  vault_unusable: 'again',
  bad_passphrase: 'edit',
  pin_needed: 'pin',
  pin_wrong: 'edit',
  pin_wait: 'edit',
  bad_pin: 'edit',
  bad_catalogue: 'edit',
  unknown_event: 'refresh',
  stale_edit: 'refresh',
  in_use: 'refresh',
  not_on_sale: 'refresh',
  bad_price: 'edit',
  not_at_stripe: 'again',
  unknown_poster: 'refresh',
  bad_poster: 'edit',
  webhook_refused: 'again',
  drill_refused: 'again',
  foreign_origin: 'reload',
  foreign_host: 'reload',
  not_found: 'reload',
  disk_full: 'again',
  book_corrupt: 'reload',
  book_locked: 'again',
  book_unusable: 'reload',
  ticket_key: 'reload',
  address_taken: 'again',
  internal: 'again',
};

/** What the server says only for this once, beyond the catalogue's words: which permission, which rule, Stripe's own sentence. */
const explained: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'bad_key',
  'key_permissions',
  'other_account',
  'wrong_mode',
  'oauth_state',
  'oauth_refused',
  'charges_disabled',
  'stripe_permission',
  'bad_platform',
  'vault_unusable',
  'bad_passphrase',
  'bad_pin',
  'bad_catalogue',
  'bad_price',
  'in_use',
  'not_at_stripe',
  'bad_poster',
  'drill_refused',
]);

/**
 * Why Stripe did nothing, handed on by the till with a status of 502 or 503 once it is in the book: a definite answer, which the
 * same key only gets again. Where the outcome is open, the till answers with what it has asked for instead.
 */
const nothingDone: ReadonlySet<FailureCode> = new Set<FailureCode>(['stripe_refused', 'stripe_key', 'stripe_permission', 'stripe_busy', 'stripe_unreachable']);

/** It is not in the book that is open now. Of another book, to which a first try may have gone, that says nothing. */
const notHere: ReadonlySet<FailureCode> = new Set<FailureCode>(['unknown_order', 'unknown_discrepancy', 'not_found']);

/** One wrong part of a request: `at` is the field's path in the body (`ticketTypes[0].price`). */
export interface Fault {
  at: string;
  message: string;
}

/** A request that did not succeed. `params` fill the catalogue's sentence; `detail` is the server's own. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: FailureCode,
    readonly detail: string,
    readonly params: Readonly<Record<string, string>> = {},
    /** HTTP status; 0 when nothing answered. */
    readonly status = 0,
    options?: ErrorOptions,
    /** Which fields are wrong, for a form to say it beside them. */
    readonly faults: readonly Fault[] = [],
  ) {
    super(`${code}: ${detail}`, options);
  }

  /** Reads a problem+json body; anything else (a proxy's page, an empty body) becomes `internal`. */
  static from(body: unknown, status: number): Problem {
    if (!isProblemBody(body)) return new Problem('internal', '', {}, status);
    return new Problem(body.code, body.detail, body.params ?? {}, status, undefined, faultsOf(body));
  }

  static noAnswer(cause: unknown): Problem {
    return new Problem('no_answer', '', {}, 0, { cause });
  }

  /** The server's own words where the catalogue cannot know them; empty elsewhere. */
  get reason(): string {
    return explained.has(this.code) ? this.detail : '';
  }

  get remedy(): Remedy {
    return remedies[this.code];
  }

  /** Whether nothing answered or something is broken, so that asking again may help. */
  get isOutage(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  /** Whether the till may have recorded the request although no clear answer came: then only the same key is safe. */
  get outcomeUnknown(): boolean {
    return this.isOutage && !nothingDone.has(this.code);
  }

  /** Whether it only says that what was asked for is not in this book: it is no answer to an earlier try. */
  get isNotHere(): boolean {
    return notHere.has(this.code);
  }
}

function faultsOf(body: ProblemBody): Fault[] {
  return (body.errors ?? []).map(({ location = '', message = '' }) => ({ at: location.replace(/^body\.?/, ''), message }));
}

function isProblemBody(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && Object.hasOwn(remedies, String(body.code));
}
