import type { Payment } from '~/api/types';
import type { TurnState } from './turn';

/** What the page shows: the card form, or what stands in its place. Only the till's own word is `paid`. */
export type Standing = 'card' | 'taken' | 'elsewhere' | 'waiting' | Exclude<Payment['state'], 'open'>;

/** `taken` says that Stripe.js has told this page so; it holds until the till knows more. */
export function standingOf(state: Payment['state'], taken: boolean, turn: TurnState): Standing {
  if (state !== 'open') return state;
  if (taken) return 'taken';
  if (turn === 'elsewhere') return 'elsewhere';
  return turn === 'mine' ? 'card' : 'waiting';
}

/** Milliseconds until the till is asked again. While a card is typed each question costs the till a read at Stripe. */
export function pace(state: Payment['state'] | undefined, taken: boolean): number | false {
  if (state === undefined || state === 'starting') return 1_500;
  if (state === 'open') return taken ? 1_000 : 5_000;
  return state === 'processing' ? 10_000 : false;
}
