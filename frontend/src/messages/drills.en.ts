/** The words for a drill: its name, what happens and what the cashier should see, and the button of one that is done at once. */
interface DrillWords {
  title: string;
  detail: string;
  act?: string;
}

/** The words of the drills that a trainer holds with the simulated Stripe. */
export const drills = {
  title: 'Drills',
  lead: 'What a box office meets sooner or later, on demand. Only in training: no real money, and nothing here can go wrong.',
  none: 'The simulated Stripe offers no drills.',
  notHere: 'Drills are for training. Open the training book in the settings to hold one.',
  toSettings: 'Open the settings',
  close: 'Back to the till',
  count: '{count, plural, =0 {Drills} one {# drill on} other {# drills on}}',
  going: '{count, plural, =0 {All is quiet.} one {# drill is on. It stays on until you end it.} other {# drills are on. They stay on until you end them.}}',
  quiet: 'All quiet again',
  quieted: 'Every drill has ended.',
  begun: '{name}: on',
  ended: '{name}: off',
  done: 'Done. {name}',
  doing: 'Doing it…',
  days: 'Days away',
  daysWrong: 'From 1 to 60.',
  group: {
    network: 'The network',
    stripe: 'Stripe',
    buyer: 'Buyers',
    money: 'Money back',
    access: 'The key',
    away: 'Time away',
    other: 'More',
  },
  words: {
    slow: {
      title: 'Stripe is slow',
      detail: 'Every answer takes seconds. Codes come late, and nothing is sold twice however often Pay is tapped.',
    },
    network_gone: {
      title: 'The network is gone',
      detail: 'Nothing reaches Stripe. The lamp says so; codes that buyers have can still be paid and are found when the network is back.',
    },
    portal: {
      title: 'The hotel wants a log-in',
      detail: 'Every answer is the page of a captive portal. The lamp goes to unreachable, and no such page is ever taken for Stripe’s word.',
    },
    resets: {
      title: 'Connections break off',
      detail: 'Lines are cut in the middle. Willcall asks again by itself, and what was sent already is not done twice.',
    },
    half_answers: {
      title: 'Only half an answer',
      detail: 'Answers stop in the middle. Half a list counts as none, so nothing is left out.',
    },
    tls: {
      title: 'No secure line',
      detail: 'The secure connection fails, as behind a wrong clock or a prying router. The till waits and says so; no money is concerned.',
    },
    wrong_dates: {
      title: 'Wrong time of day',
      detail: 'Answers carry a date that is hours off. The till goes on asking for all that happened, and leaves out nothing.',
    },
    storm_429: {
      title: 'Too many questions',
      detail: 'Stripe sends everybody away, as when every door opens at eight. The till asks more slowly; the codes on the screens come first.',
    },
    server_errors: {
      title: 'Stripe has trouble of its own',
      detail: 'Stripe answers with errors. Seats are kept, and the till tries the same sale again until it knows.',
    },
    answers_lost: {
      title: 'Done, but nobody said so',
      detail: 'Stripe does what it is asked and its answer is lost. Asking again gives the same code, never a second one.',
    },
    other_words: {
      title: 'Done, and then denied',
      detail: 'Stripe does what it is asked, its answer is lost, and to the second try it says that it was asked for something else. The till looks for what was done, and does nothing twice.',
    },
    locked_refunds: {
      title: 'Refunds are locked',
      detail: 'Stripe is busy with the payment and refuses to refund it just now. The till asks again by itself, and gives the money back once.',
    },
    late_events: {
      title: 'News comes late',
      detail: 'Stripe tells of payments long after they were made. They are found all the same, and the seats are the buyer’s.',
    },
    double_events: {
      title: 'News comes twice',
      detail: 'Stripe tells of each payment twice. It is in the book once.',
    },
    reordered_events: {
      title: 'News comes in disorder',
      detail: 'The end of a payment is told before its beginning. The order ends as paid, and stays it.',
    },
    old_api_version: {
      title: 'An account of long ago',
      detail: 'News comes in the shape of years past. The till looks at the payment itself, so nothing changes for you.',
    },
    list_lag: {
      title: 'Lists lag behind',
      detail: 'What has just happened is missing from Stripe’s lists for a while. It is found when the list has caught up.',
    },
    pays_too_late: {
      title: 'A buyer pays at the last moment',
      detail: 'Cancel the newest open code: its buyer pays in that very second and is faster. The sale stands, and the screen says paid.',
    },
    pays_slowly: {
      title: 'A buyer pays by debit',
      detail: 'The buyer of the newest open code is done, the bank is not. The order waits with its seats kept. Slow ways to pay must be allowed in the settings before the code is made.',
      act: 'Pay by debit',
    },
    slow_payment_succeeds: {
      title: 'The bank says yes',
      detail: 'The newest debit that waits is paid. Its order becomes paid, with tickets.',
      act: 'Say yes',
    },
    slow_payment_fails: {
      title: 'The bank says no',
      detail: 'The newest debit that waits is refused. Its seats come free again.',
      act: 'Say no',
    },
    paid_twice: {
      title: 'One poster, two phones',
      detail: 'Two phones pay by the newest poster at the same moment. Both are seated while there is room; money without a seat waits at the late-money desk.',
      act: 'Let both pay',
    },
    old_code_paid: {
      title: 'An old code, photographed and paid',
      detail: 'Somebody kept a picture of an earlier code of the newest order and pays it as well. The second money waits at the late-money desk.',
      act: 'Let them pay',
    },
    wrong_amount: {
      title: 'Paid, but not that much',
      detail: 'Somebody pays another amount for the newest order. It is kept for the late-money desk, and seats nobody by itself.',
      act: 'Let them pay',
    },
    stranger_pays: {
      title: 'Another shop’s money',
      detail: 'The organizer’s web shop sells on the same account. It is kept apart as sold elsewhere, and nobody has to do anything.',
      act: 'Let the shop sell',
    },
    event_storm: {
      title: '250 things in one second',
      detail: 'Stripe has far more to tell than fits on one page. Not one of them is missed.',
      act: 'Begin the storm',
    },
    key_revoked: {
      title: 'The key is revoked',
      detail: 'Stripe does not know the till’s key any more. The till stops selling by Stripe and says what the organizer has to do.',
    },
    key_short_of_permission: {
      title: 'The key may do too little',
      detail: 'The organizer took away the right to refund. A refund says so and no money moves; selling goes on.',
    },
    refund_in_dashboard: {
      title: 'Refunded in the Dashboard',
      detail: 'The organizer refunds the newest paid order at Stripe. It shows as refunded here, and its tickets are void at the door.',
      act: 'Refund it',
    },
    partial_refund_in_dashboard: {
      title: 'Half refunded in the Dashboard',
      detail: 'A part of the newest paid order is refunded at Stripe. The late-money desk asks which tickets it was for.',
      act: 'Refund a part',
    },
    refunded_first: {
      title: 'Another till refunds first',
      detail: 'Refund money of the newest paid order: another till gives the same back a moment before. Where that was all, yours is refused; else both went out, and both are in the book.',
    },
    refund_fails_later: {
      title: 'A refund comes back',
      detail: 'The buyer’s bank sends the newest refund back weeks later. The money is the house’s again and waits for somebody to decide.',
      act: 'Send it back',
    },
    dispute_opened: {
      title: 'A buyer disputes a payment',
      detail: 'The bank takes the money of the newest paid order back for now. The order shows it, with the day by which to answer.',
      act: 'Open a dispute',
    },
    dispute_won: {
      title: 'The dispute is won',
      detail: 'The bank gives the money of the open dispute back. The order is whole again.',
      act: 'Win it',
    },
    dispute_lost: {
      title: 'The dispute is lost',
      detail: 'The bank keeps the money of the open dispute. The order shows what is gone.',
      act: 'Lose it',
    },
    killed_in_the_middle: {
      title: 'The battery is flat',
      detail: 'This till dies with Stripe’s next news in its hands: sell something, pay it, and press “Look now” under Reconcile. Open Willcall again: the sale is there, once.',
    },
    days_offline: {
      title: 'Stay away',
      detail: 'The laptop was off for some days while the posters went on selling. The till catches up, and every sale is there.',
      act: 'Go away',
    },
    month_offline: {
      title: 'A month away',
      detail: 'Stripe keeps its news for 30 days, and 31 have passed. The till reads Stripe’s lists instead, and every sale is there.',
      act: 'Go away for a month',
    },
  } satisfies Record<string, DrillWords>,
} as const;
