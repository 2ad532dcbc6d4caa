import type { LateMoney } from '~/api/types';

/** What a volunteer has to know about money without a seat: `title` what happened, `money` where it is and whom it waits for. */
interface ReasonWords {
  title: string;
  money: string;
}

/** The words of the late-money desk. */
export const late = {
  title: 'Late money',
  lead: 'Money that came to Stripe and has no seat. It is safe there until somebody says what becomes of it.',
  tabs: 'Late money',
  waiting: 'Waiting',
  waitingCount: 'Waiting: {count, number}',
  done: 'Done',
  elsewhere: 'Sold elsewhere',
  none: {
    waiting: 'Nothing waits. All money has its place.',
    done: 'Nothing was settled here yet.',
    elsewhere: 'No other program sells on this Stripe account.',
  },
  elsewhereLead: 'Other programs sold this on the same Stripe account. It is theirs, and nobody here need do anything.',
  more: 'Show more',
  list: 'Late money, oldest first',
  doneList: 'Late money that is settled',
  elsewhereList: 'Money of other programs',
  reason: {
    no_room: {
      title: 'Paid after its seats were sold',
      money: 'The buyer has paid and has no ticket. Give other seats, or give the money back.',
    },
    wrong_amount: {
      title: 'Paid another amount than the order costs',
      money: 'The buyer has no ticket yet. Seats can be given for what was paid, or the money goes back.',
    },
    wrong_currency: {
      title: 'Paid in another currency than the order’s',
      money: 'The buyer has no ticket yet. Seats can be given for what was paid, or the money goes back.',
    },
    wrong_mode: {
      title: 'Play money in a book of real money, or the reverse',
      money: 'It cannot become a ticket here. Note it and tell the organizer.',
    },
    paid_twice: {
      title: 'Paid twice',
      money: 'The order has its money and its tickets already. This is one payment too many.',
    },
    unknown_order: {
      title: 'Nobody here knows this order',
      money: 'It was paid for an order of this book that the book does not have. Look for the buyer, then give seats or the money back.',
    },
    refund_failed: {
      title: 'A refund came back',
      money: 'The bank did not take it, so the money is here again and the buyer has not got it. Ask the buyer for another way.',
    },
    elsewhere: {
      title: 'Sold by another program',
      money: 'Nothing need be done about it here.',
    },
  } satisfies Record<LateMoney['reason'], ReasonWords>,
  insteadOf: 'Paid {paid} instead of {expected}',
  leftOf: '{left} of it is still here.',
  story: 'What happened',
  for: 'Was for',
  buyer: 'Buyer',
  noBuyer: 'Not known',
  card: 'Card',
  paidAt: 'Paid',
  foundAt: 'Found',
  order: 'Order',
  session: 'At Stripe',
  room: {
    free: 'These seats are free now.',
    taken: 'These seats are gone.',
  },
  seat: 'Give seats',
  refund: 'Refund',
  keep: 'Keep it',
  seatForm: {
    title: 'Give seats for {amount}',
    which: 'Which seats',
    same: 'What it was for',
    other: 'Other seats',
    gone: 'The seats that it was for are gone: choose others.',
    unknown: 'Nobody knows which seats it was for: choose some with the buyer.',
    wasFor: '{count, plural, one {The money was for # seat.} other {The money was for # seats.}}',
    performance: 'Performance',
    noPerformance: 'There is no performance with tickets on sale.',
    soldOut: 'Sold out',
    left: '{count, plural, one {# seat left} other {# seats left}}',
    quantity: 'Quantity of {name}',
    fewer: 'One fewer {name}',
    more: 'One more {name}',
    each: '{price} each',
    none: 'Choose the seats that the buyer gets.',
    exact: '{count, plural, one {# seat for {price}: just what was paid.} other {# seats for {price}: just what was paid.}}',
    cheaper: '{count, plural, one {# seat costs {price}. All of {paid} is booked for it; {difference} more than it costs.} other {# seats cost {price}. All of {paid} is booked for them; {difference} more than they cost.}}',
    dearer: '{count, plural, one {# seat costs {price}. The buyer has paid {paid} and pays nothing more: {difference} less than it costs.} other {# seats cost {price}. The buyer has paid {paid} and pays nothing more: {difference} less than they cost.}}',
    foreign: '{count, plural, one {# seat costs {price}. The buyer has paid {paid} and pays nothing more.} other {# seats cost {price}. The buyer has paid {paid} and pays nothing more.}}',
    yes: '{count, plural, =0 {Give seats} one {Give # seat} other {Give # seats}}',
    busy: 'Giving seats…',
    done: 'Seats given',
    doneBody: 'The money has its place: order {code} is paid and has its tickets.',
    doneBodyPlain: 'The money has its place: its order is paid and has its tickets.',
    show: 'Show the order',
  },
  refundForm: {
    title: 'Give {amount} back?',
    toCard: '{amount} goes back to {card}, from which it was paid.',
    toBuyer: '{amount} goes back the way it was paid.',
    means: 'Stripe keeps the fee of the payment. The bank shows the money in 5 to 10 working days. No seat is touched.',
    again: 'The last try came back from the bank. It may come back again: ask the buyer first.',
    yes: 'Give {amount} back',
    busy: 'Asking Stripe…',
    done: '{amount} goes back',
    doneBody: 'Tell the buyer that the bank shows it in 5 to 10 working days.',
    doneAsked: 'The refund is in the book. Stripe has not answered yet; Willcall asks on until it has, and the money goes back once.',
    refusedTitle: 'Stripe refused the refund',
    refused: 'No money moved. The money waits here again.',
  },
  keepForm: {
    title: 'Keep {amount}?',
    means: '{amount} stays on the Stripe account, and nobody gets a ticket for it. It is counted as money without a seat.',
    meansBack: '{amount} stays on the Stripe account. The tickets that it had paid for stay void.',
    noteHint: 'Say in the note why: a donation, or paid back in another way.',
    yes: 'Keep {amount}',
    busy: 'Writing it down…',
    done: '{amount} is kept',
    doneBody: 'It stands under Done, with your name.',
  },
  settled: {
    seat: 'Seats given by {name}',
    refund: 'Given back by {name}',
    keep: 'Kept by {name}',
    gone: 'It went back to the buyer at Stripe',
  },
  questions: 'Which tickets?',
  question: '{amount} was refunded in Stripe’s Dashboard for order {code}. Which tickets was it for?',
  questionBuyer: 'Buyer: {name}',
  answer: 'Say which tickets',
} as const;

/** Who decides something about money. */
export const who = {
  name: 'Your name',
  nameHint: 'Stands in the book',
  nameMissing: 'The book keeps who did it: say your name.',
  note: 'Note',
  noteHint: 'If there is something to say',
  notNow: 'Not now',
  done: 'Done',
  unsure: 'It may be in the book already. Trying again does the same and never does it twice.',
} as const;
