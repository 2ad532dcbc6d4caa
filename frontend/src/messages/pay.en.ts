/**
 * The words of the page on which a card is typed. They are that page's alone and not in the till's own catalogue.
 * Declines speak neutrally: that a card is lost, stolen or suspected is nobody's business at a counter.
 */
export const pay = {
  title: 'Pay by card',
  order: 'Order',
  training: 'Training',
  noRealMoney: 'no real money',
  trainingCard: 'Type a training card: 4242 4242 4242 4242, any date to come, any three digits. Never a real card.',
  fetching: 'Fetching the order…',
  noOrder: 'This page was opened without an order.',
  noOrderNext: 'Nothing was charged. Open it at the till: “Open the card page”.',
  lost: 'The till is not answering.',
  lostMoney: 'Do not pay twice: this page goes on asking, and shows how it stands as soon as the till answers.',
  loading: 'Opening Stripe’s card form…',
  pay: 'Pay {amount}',
  paying: 'Asking the bank…',
  payingHint: 'The bank may want the buyer to confirm it. Follow what it asks, and leave this page open.',
  safe: 'The card goes straight to Stripe. The till never sees its number.',
  noStripe: 'Stripe’s card form cannot be loaded.',
  noStripeMoney: 'Nothing was charged. Try again, or cancel at the till and let the buyer pay by phone instead.',
  again: 'Try again',
  look: 'Look again',
  elsewhere: 'This order is open in another window.',
  elsewhereMoney: 'Type the card there, so that it is charged once. If that window is gone, go on here.',
  here: 'Go on here',
  tick: 'Paid',
  tickMoney: 'Stripe has confirmed it to the till. The tickets are at the desk; this page can be closed.',
  taken: 'Stripe has taken it.',
  takenMoney: 'The till asks Stripe now and will say Paid. Do not pay again.',
  slow: 'This takes longer than usual. The till goes on asking by itself; what Stripe has taken is never lost.',
  standing: {
    starting: {
      title: 'The till is still asking Stripe.',
      money: 'Nothing can be charged yet. The card form comes here by itself.',
    },
    processing: {
      title: 'The bank is still deciding.',
      money: 'The seats are kept. Do not pay again: the till says Paid when the money has come.',
    },
    expired: {
      title: 'This order is over.',
      money: 'It was cancelled at the till, or its time ran out. Nothing was charged, and this page takes no card any more.',
    },
    refused: {
      title: 'Stripe did not take this order.',
      money: 'Nothing was charged. Sell it again at the till, or let the buyer pay by phone.',
    },
    failed: {
      title: 'The bank said no.',
      money: 'No money came, and the order is over. Sell it again at the till.',
    },
  },
  trouble: {
    incomplete: {
      title: 'The card is not complete.',
      money: 'Nothing was charged. Fill in what is marked, then pay.',
    },
    funds: {
      title: 'The card has too little money.',
      money: 'Nothing was charged. Try another card.',
    },
    expiry: {
      title: 'The card has expired.',
      money: 'Nothing was charged. Look at the date, or try another card.',
    },
    cvc: {
      title: 'The security code is wrong.',
      money: 'Nothing was charged. It is the three or four digits beside the signature or on the front; type it again.',
    },
    details: {
      title: 'The number or the date is wrong.',
      money: 'Nothing was charged. Compare it with the card, digit by digit.',
    },
    limit: {
      title: 'The card has reached its limit.',
      money: 'Nothing was charged. Try another card.',
    },
    confirmation: {
      title: 'The bank’s confirmation did not succeed.',
      money: 'Nothing was charged. Pay again and confirm it in the bank’s window, or try another card.',
    },
    unsupported: {
      title: 'This card cannot be used for this.',
      money: 'Nothing was charged. Try another card.',
    },
    bank: {
      title: 'The bank could not be asked just now.',
      money: 'Nothing was charged. Try the same card again in a moment.',
    },
    declined: {
      title: 'The bank declined the card.',
      money: 'Nothing was charged. Try another card; only the bank can say why.',
    },
    busy: {
      title: 'Stripe is very busy.',
      money: 'Nothing was charged. Wait a moment, then pay again.',
    },
    page: {
      title: 'This page cannot take the card.',
      money: 'Nothing was charged. Cancel at the till and let the buyer pay by phone instead.',
    },
    over: {
      title: 'This order is over.',
      money: 'It was cancelled at the till. Nothing was charged, and it takes no card any more.',
    },
    network: {
      title: 'The connection broke before the card was charged.',
      money: 'Stripe says that nothing was charged. Pay again when the network is back.',
    },
    unknown: {
      title: 'The connection broke, and nobody knows yet whether the card was charged.',
      money: 'Do not pay again in any way before this page or the till says how it stands.',
    },
  },
} as const;
