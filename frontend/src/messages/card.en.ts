import type { Situation } from '~/domain/situation';
import type { SituationWords } from './situations.en';

/** The words of a sale whose card is typed at the till, where they differ from a code's. */
export const card = {
  title: 'Card on this screen',
  lead: 'The card is typed on a page of its own, in the browser.',
  open: 'Open the card page',
  opening: 'Opening the card page…',
  openAgain: 'Open the card page again',
  opened: 'The card page is open. This screen turns to Paid by itself.',
  blocked: 'The browser did not open it. Open this address in the browser of this computer:',
  certificate: 'The page has a certificate that this till made itself. The browser may warn about it once: let it through for this address, and for no other.',
  check: 'Card page says done',
  cancelBody:
    'Willcall asks Stripe to end the payment. The seats come free when Stripe has done so. If the card was charged in the meantime, the sale stands.',
  cancelNo: 'Keep the sale',
  showPage: 'Show the sale',
  situations: {
    waiting: {
      says: 'Waiting for the card',
      money: 'Nothing is charged yet. The seats are kept until the card is charged or the sale is cancelled.',
    },
    canceling: {
      says: 'Asking Stripe to end the payment…',
      money: 'The seats come free when Stripe says that no card can be charged any more. If the card was faster, the sale stands.',
    },
    canceled: {
      says: 'Cancelled',
      money: 'Nothing was charged and no card can be typed for it any more. The seats are free again.',
    },
    refused: {
      says: 'Stripe did not take the sale',
      money: 'Nothing was charged. The seats are free again.',
    },
  } satisfies Partial<Record<Situation, Omit<SituationWords, 'word'>>>,
} as const;
