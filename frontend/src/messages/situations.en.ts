import type { Situation } from '~/domain/situation';

/** The words for how an order stands: `word` on a strip, `says` a line, `money` what it means for money and seats. */
export interface SituationWords {
  word: string;
  says: string;
  money: string;
}

export const situations = {
  starting: {
    word: 'No answer yet',
    says: 'Stripe has not answered yet',
    money: 'The seats are kept and nothing has been charged. Willcall asks again by itself; you can serve the next customer.',
  },
  waiting: {
    word: 'Waiting',
    says: 'Waiting for the buyer',
    money: 'The seats are kept until the time is up.',
  },
  canceling: {
    word: 'Cancelling',
    says: 'Asking Stripe to end the code…',
    money: 'The seats come free when Stripe says that nobody can pay any more. If the buyer was faster, the sale stands.',
  },
  processing: {
    word: 'Bank deciding',
    says: 'The bank is still deciding',
    money: 'The buyer is done and the seats are kept. Some banks take days; the tickets come when the money does.',
  },
  paid: {
    word: 'Paid',
    says: 'Paid',
    money: 'The money is with Stripe and the tickets are the buyer’s.',
  },
  refunded: {
    word: 'Refunded',
    says: 'All of it went back',
    money: 'The money went back to the buyer, or is on its way. The tickets are void and the seats are free again.',
  },
  expired: {
    word: 'Time ran out',
    says: 'The time ran out',
    money: 'Nobody paid and nobody can any more. The seats are free again.',
  },
  canceled: {
    word: 'Cancelled',
    says: 'Cancelled',
    money: 'Nothing was charged and the code cannot be paid any more. The seats are free again.',
  },
  refused: {
    word: 'No code',
    says: 'Stripe did not make a code',
    money: 'Nothing was charged. The seats are free again.',
  },
  failed: {
    word: 'Bank said no',
    says: 'The bank said no',
    money: 'No money came. The seats are free again.',
  },
} as const satisfies Record<Situation, SituationWords>;
