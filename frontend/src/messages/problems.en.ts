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
  unknown_ticket: { title: 'There is no such ticket.', money: 'No money is concerned.' },
  not_cancelable: {
    title: 'This order cannot be cancelled any more.',
    money: 'It is over already; what the screen shows is what counts.',
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
  stripe_busy: {
    title: 'Stripe is very busy.',
    money: 'Nothing was charged. Willcall asks again by itself; the seats are kept meanwhile.',
  },
  stripe_unreachable: {
    title: 'Stripe cannot be reached.',
    money: 'Nothing new was charged. What buyers pay meanwhile is found as soon as Stripe answers.',
  },
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
    money: `${notSold} Close the other one, then try again.`,
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
