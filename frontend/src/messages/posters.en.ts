import type { Poster } from '~/api/types';

/** The words for how a poster stands: `word` its mark, `money` what it means for seats and money. */
interface StateWords {
  word: string;
  money: string;
}

/** The words of the posters and of what arrives by them. */
export const posters = {
  title: 'Posters',
  lead: 'A code for the wall that sells one ticket after the other, out of seats that are set apart for it.',
  none: 'No poster hangs yet.',
  make: 'New poster',
  list: 'Posters, newest first',
  all: 'All posters',
  unknown: 'There is no such poster.',
  code: 'Poster',
  sold: '{arrived, number} of {count, plural, one {# seat} other {# seats}} sold',
  seatsSold: 'Seats sold',
  state: {
    starting: {
      word: 'Being made',
      money: 'The seats are set apart. Willcall asks Stripe for the link, by itself and until it has it.',
    },
    open: {
      word: 'Sells',
      money: 'Whoever scans it can buy, as long as there are seats set apart for it.',
    },
    closing: {
      word: 'Closing',
      money: 'Stripe is asked to close the link and to end the pages that are open. Somebody who was faster may still pay, and that sale stands.',
    },
    closed: {
      word: 'Closed',
      money: 'Nobody can pay by it any more. Seats it did not sell are free again. Take it off the wall.',
    },
    refused: {
      word: 'No link',
      money: 'Stripe made no link. Nothing was charged, and its seats are free again.',
    },
  } satisfies Record<Poster['state'], StateWords>,
  form: {
    title: 'New poster',
    performance: 'Performance',
    kind: 'Ticket',
    noKind: 'Nothing of this performance can go on a poster: only tickets with a fixed price, sold one by one, of which seats are left.',
    noPerformance: 'There is no performance with tickets on sale.',
    each: '{name}, {price}',
    seats: 'Seats to set apart',
    atMost: '{count, plural, one {# is free} other {# are free}}',
    means: '{count, plural, one {# seat is} other {# seats are}} kept for whoever scans it; the till cannot sell {count, plural, one {it} other {them}} meanwhile.',
    wrongSeats: '{count, plural, one {Only 1 can be set apart.} other {From 1 to #.}}',
    make: 'Make the poster',
    making: 'Making the poster…',
    cancel: 'Not now',
  },
  preview: 'Poster {code} as it is printed: {name}, {event}',
  noPreview: 'The poster is drawn as soon as Stripe has given it a link.',
  noPreviewOver: 'It sells nothing any more, so there is nothing to print.',
  previewBroken: 'The poster could not be drawn.',
  print: 'To print and to show',
  pdf: 'PDF {size}',
  qr: 'QR code {kind}',
  say: 'Buyers say at the desk',
  phone: 'Training phone',
  phoneAway: 'Put the phone away',
  close: 'Close the poster',
  closing: 'Closing…',
  closeTitle: 'Close poster {code}?',
  closeBody:
    'The link is closed at once, and pages that buyers have open are ended. Seats that it did not sell come free when Stripe says that nobody can pay any more. A buyer who was faster keeps the sale.',
  closeYes: 'Close it',
  closeNo: 'Let it sell',
  arrived: {
    title: 'Arrived by this poster',
    list: 'Sales by this poster, newest first',
    search: 'Find a buyer',
    searchHint: 'Code, name, e-mail or last four digits',
    none: 'Nobody has bought by it yet.',
    noneFound: 'No buyer fits.',
    noName: 'No name given',
    noCard: 'No card',
    more: 'Show more',
  },
  filter: 'By poster',
  anyWay: 'All ways',
  byPoster: 'Poster {code}: {name}',
} as const;
