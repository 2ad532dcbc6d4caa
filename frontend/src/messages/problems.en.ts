import type { FailureCode } from '~/api/problem';

/** The words for a failure: what happened, and what it means for the money. */
export interface ProblemWords {
  title: string;
  money: string;
}

const notSold = 'Nothing was sold and nothing was charged.';

export const problems = {
  no_answer: {
    title: 'Willcall did not answer.',
    money: 'If the order was taken, trying again shows the same code; it never sells twice.',
  },
  invalid_request: {
    title: 'The till did not understand this screen.',
    money: `${notSold} The screen may be older than the program.`,
  },
  empty_order: { title: 'The cart is empty.', money: notSold },
  unknown_performance: {
    title: 'This performance is not on sale any more.',
    money: `${notSold} Look again at what is on sale.`,
  },
  unknown_ticket_type: {
    title: 'This ticket is not on sale any more.',
    money: `${notSold} Look again at what is on sale.`,
  },
  bad_quantity: { title: 'That number of tickets cannot be sold.', money: `${notSold} Change the quantities.` },
  mixed_currency: {
    title: 'These tickets have different currencies.',
    money: `${notSold} Sell them one currency after the other.`,
  },
  amount_too_small: {
    title: 'The total is less than Stripe takes.',
    money: `${notSold} Stripe has a least amount for each currency.`,
  },
  amount_too_large: { title: 'The total is more than Stripe takes at once.', money: `${notSold} Make two sales of it.` },
  bad_email: {
    title: 'The e-mail address is not complete.',
    money: `${notSold} Correct it, or leave it empty: the sale works without.`,
  },
  sold_out: {
    title:
      '{available, plural, =0 {{name} has just sold out.} one {{name}: only # seat is left.} other {{name}: only # seats are left.}}',
    money: `${notSold} Somebody was faster; the seats on the left are fresh now.`,
  },
  unknown_order: { title: 'There is no such order.', money: 'No money is concerned. Look for it among the sales.' },
  unknown_ticket: { title: 'There is no such ticket, or it is void.', money: 'No money was moved. Look again at the order’s tickets.' },
  ticket_refunded: {
    title: 'A refund for this ticket is under way, or was made.',
    money: 'No more money was moved, and no ticket was changed. The order’s refunds show how far it is.',
  },
  not_cancelable: {
    title: 'This order cannot be cancelled any more.',
    money: 'It is over already; what the screen shows is what counts.',
  },
  not_refundable: {
    title: 'There is nothing to give back.',
    money: 'No money was moved: the order is not paid, all of its money went back before, or the buyer’s bank holds it.',
  },
  refund_too_large: {
    title: 'That is more than is left of this order.',
    money: 'No money was moved: something went back while this was open. Look at what is left, and decide again.',
  },
  money_moved: {
    title: 'Something else is left of this money by now.',
    money: 'No money was moved: money went back or came back while this was open. Look at what is left, and decide again.',
  },
  bad_amount: {
    title: 'Stripe cannot give back this amount.',
    money: 'No money was moved. Enter an amount above nothing, in whole steps of the currency.',
  },
  who_missing: { title: 'Your name is missing.', money: 'No money was moved. The book keeps who decided.' },
  unknown_discrepancy: {
    title: 'This money is not at the late-money desk.',
    money: 'No money was moved. Look again at what waits.',
  },
  already_resolved: {
    title: 'Somebody has dealt with this already.',
    money: 'No more money was moved; what the screen shows is what counts.',
  },
  not_possible: {
    title: 'This cannot be done here.',
    money: 'No money was moved; what the screen offers is what can be done.',
  },
  no_code: {
    title: 'This order has no code that can be paid.',
    money: 'It is paid, over, or not made yet; what the screen shows is what counts.',
  },
  idempotency_key_missing: {
    title: 'The till did not understand this screen.',
    money: `${notSold} The screen may be older than the program.`,
  },
  idempotency_mismatch: {
    title: 'The cart changed while it was being sold.',
    money: 'Look at the codes that wait before you try again: the first cart may have been sold.',
  },
  stripe_refused: { title: 'Stripe refused this sale.', money: notSold },
  stripe_key: {
    title: 'Stripe does not accept this till’s key.',
    money: `${notSold} The organizer has to look at the key.`,
  },
  stripe_permission: {
    title: 'This till’s key may not do that at Stripe.',
    money: 'No money moved. The organizer has to give the key the permission that is missing.',
  },
  stripe_busy: {
    title: 'Stripe is very busy.',
    money: 'Nothing was charged. Willcall asks again by itself; the seats are kept meanwhile.',
  },
  stripe_unreachable: {
    title: 'Stripe cannot be reached.',
    money: 'Nothing new was charged. What buyers pay meanwhile is found as soon as Stripe answers.',
  },
  not_connected: {
    title: 'This book is not connected to Stripe.',
    money: `${notSold} Connect it in the settings; what was sold before stays sold.`,
  },
  bad_key: { title: 'This is not a key that Willcall can use.', money: 'No money is concerned. The key was not kept.' },
  key_permissions: {
    title: 'The key may not do all that selling needs.',
    money: 'No money is concerned and the key was not kept. Tick what is missing in Stripe’s Dashboard, then try again.',
  },
  other_account: {
    title: 'This is another Stripe account than this book’s.',
    money: 'Nothing was changed: the money of one book is on one account. Use the account it began with, or another book.',
  },
  wrong_mode: {
    title: 'This is the wrong kind of key for this book.',
    money: 'Nothing was changed. A live book takes live keys, a test book test keys, so that real money and play money never mix.',
  },
  oauth_state: {
    title: 'Stripe’s answer does not belong to a question of this till.',
    money: 'Nothing was connected and no money is concerned. It may be used, too old, or another till’s; press Connect again.',
  },
  oauth_refused: {
    title: 'Stripe did not connect the account.',
    money: 'Nothing was connected and no money is concerned.',
  },
  charges_disabled: {
    title: 'Stripe does not let this account take payments yet.',
    money: `${notSold} Finish the account’s set-up in Stripe’s Dashboard, then try again.`,
  },
  bad_platform: {
    title: 'These are not the keys of a platform.',
    money: 'No money is concerned. The keys that were there before still hold.',
  },
  vault_locked: {
    title: 'The keys are sealed.',
    money: `${notSold} Open them in the settings; codes that buyers have already can still be paid.`,
  },
  vault_unusable: {
    title: 'The place where the keys are kept cannot be used.',
    money: 'What was sold stays sold and Stripe has every payment. Selling by Stripe waits until the keys can be read.',
  },
  bad_passphrase: { title: 'That is not the passphrase.', money: 'No money is concerned. The keys stay sealed.' },
  pin_needed: { title: 'This needs the administrator’s PIN.', money: 'Nothing was changed, and no money is concerned.' },
  pin_wrong: { title: 'That is not the PIN.', money: 'Nothing was changed, and no money is concerned.' },
  pin_wait: {
    title: 'Too many wrong PINs.',
    money: 'Nothing was changed. No money is concerned: wait a little before the next try; selling goes on meanwhile.',
  },
  bad_pin: { title: 'A PIN has 4 to 12 digits.', money: 'Nothing was changed, and no money is concerned.' },
  bad_catalogue: {
    title: 'Something in the event is not right yet.',
    money: 'Nothing was saved; what is on sale stays as it was, and nothing was sold.',
  },
  unknown_event: { title: 'There is no such event.', money: 'No money is concerned. Somebody may have removed it.' },
  stale_edit: {
    title: 'Somebody else has changed it meanwhile.',
    money: 'Nothing was saved and nothing was sold. Look at it again, then make your change.',
  },
  in_use: {
    title: 'This is in use and cannot be taken away.',
    money: 'Nothing was changed. What was sold must keep its seat.',
  },
  not_on_sale: { title: 'This ticket is not on sale now.', money: `${notSold} Look again at what is on sale.` },
  bad_price: { title: 'This price is not one that Stripe takes.', money: notSold },
  not_at_stripe: {
    title: 'Stripe does not have this yet.',
    money: `${notSold} Willcall goes on telling Stripe; try again in a moment.`,
  },
  unknown_poster: { title: 'There is no such poster.', money: 'No money is concerned. Somebody may have removed it.' },
  bad_poster: { title: 'Something in the poster is not right yet.', money: 'Nothing was made, and nothing was sold.' },
  webhook_refused: {
    title: 'This message is not from Stripe.',
    money: 'Nothing was changed. Payments are found by asking Stripe, as always.',
  },
  drill_refused: { title: 'This drill has nothing to work on.', money: 'Nothing was changed, and it is play money anyway.' },
  foreign_origin: { title: 'This page is not the till’s own.', money: notSold },
  foreign_host: { title: 'The till was opened under a strange address.', money: notSold },
  not_found: { title: 'The till does not know this address.', money: 'No money is concerned.' },
  disk_full: {
    title: 'The disk of this computer is full.',
    money: `${notSold} Make room on the disk, then try again.`,
  },
  book_corrupt: {
    title: 'The book of sales is damaged.',
    money: 'Selling has stopped so that nothing gets lost. Stripe still has every payment; call the organizer.',
  },
  book_locked: {
    title: 'Another Willcall has this book open.',
    money: `${notSold} Close the other one, then try again; where there is none, try again in a moment.`,
  },
  book_unusable: {
    title: 'The book of sales cannot be used.',
    money: 'Selling has stopped so that nothing gets lost. Stripe still has every payment; call the organizer.',
  },
  ticket_key: {
    title: 'The key that signs the tickets is missing.',
    money: 'What was sold stays sold, but tickets cannot be signed; call the organizer.',
  },
  address_taken: { title: 'Another program uses the till’s address.', money: notSold },
  internal: {
    title: 'Something went wrong inside Willcall.',
    money: 'What was sold is in the book. Trying again with the same cart never sells twice.',
  },
} as const satisfies Record<FailureCode, ProblemWords>;
