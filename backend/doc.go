// Package backend puts Willcall together: [Open], Run, Close.
//
// # The flow
//
// Out, when somebody taps:
//
//	screen → api → desk → ledger commits the intent, with its idempotency key
//	                  └→ reconcile sends it → stripeapi asks Stripe
//	                                       └→ ledger commits what Stripe said
//
// In, when nobody does:
//
//	Stripe → stripeapi → reconcile plans facts (pure) → ledger appends entries,
//	state and cursor in one transaction → feed rings → api's stream sends their
//	numbers → the screens fetch again
//
// Beside them, to prove it:
//
//	Stripe's charges, balance and payouts → reconcile reads them → ledger keeps
//	them → closing matches them with the book, one to one → api shows it, and
//	prints it with paper
//
// desk writes intents and never outcomes; reconcile alone writes outcomes. The
// one exception is that a sale takes its seats when it is placed: they are the
// intent's own. boxoffice says what a fact does to the state, ledger applies it
// where the entry is written and again where the book is verified.
//
// What comes in and goes back is found in four ways, each of which would do
// alone if nobody were ever away: each code that is on a screen is looked at,
// events are polled from a cursor, a long gap is read from Stripe's lists in
// windows that are proved to leave none out, and once a day everything of the
// last days is looked at again, with older charges of which the balance has money
// that the book has not. All end in the same plan. Money that fits no order is
// seated if there is room, and otherwise waits at the late-money desk for a
// person's decision, which is an entry like any other.
//
// Beside sales two things are kept at Stripe: the catalogue, which reconcile
// brings to what the book has step by step (boxoffice.Mirror.Next), and the
// links of posters, whose sales the book first hears of when they are paid
// (boxoffice.OrderArrivedFact).
//
// # Books and accounts
//
// There are three books, each in a folder of its own: training is sold on the
// simulator, test on an account's test mode at Stripe, live for real money. One
// is open at a time (shelf.go), and every screen and paper says which. A book
// has one Stripe account for ever; connect holds whatever key is entered
// against it. Keys lie in the vault of package secrets, never in the book; while
// the vault is locked the book opens all the same, and sells nothing.
//
// # Who may import whom
//
// The table is held by arch_test.go, which reads it from here. A package may
// import what stands behind it and nothing else of Willcall's; backend itself
// may import all.
//
//	money:
//	feed:
//	paper:
//	boxoffice: money
//	config:    boxoffice
//	secrets:
//	ledger:    boxoffice money
//	stripeapi: boxoffice money
//	stripesim: money
//	connect:   boxoffice money secrets stripeapi
//	metrics:   stripeapi
//	reconcile: boxoffice ledger money stripeapi
//	desk:      boxoffice ledger money
//	closing:   boxoffice ledger money
//	api:       boxoffice closing desk feed ledger money paper
//	window:    api boxoffice
//
// Third parties have one door each: bbolt only in ledger, stripe-go only in
// stripeapi, huma only in api, the keychain, age and argon2 only in secrets,
// PDF and fonts only in paper, Wails only in app.go at the top.
// stripesim never imports stripeapi: training exercises the real client over
// real HTTP.
//
// # What always holds, and the tests that would fail without it
//
// arch_test.go checks that each test named here exists.
//
//  1. A seat has one owner: TestFiftySalesForTenSeats,
//     TestWithoutTheGuardItOversells, TestManyTillsOneBook,
//     TestFiftyLatePaymentsForTenSeats, TestADeletedCode
//  2. Only Stripe says paid: TestOutcomesAreWrittenByReconcileAlone, TestPlan
//  3. Intent before action: TestIntentBeforeAction,
//     TestKilledAtAnyMomentASaleIsTheSameSale,
//     TestKilledUnderLoadNothingIsLostAndNothingTwice
//  4. Any order, any number of times: TestAnyOrderAnyNumberOfTimes,
//     TestACrashBetweenPageAndCursor, TestDaysAway, TestCoverLeavesNothingOut
//  5. No money is dropped: TestWhatBecomesOfMoney,
//     TestStrayMoneyIsFoundAfterOpening, TestWhatCanBeDoneAboutLateMoney,
//     TestEachTransactionIsCountedOnce
//  6. Entries are for ever: TestVerifyFindsTampering,
//     TestEntriesAreNumberedAndChained
//  7. Money is whole numbers: TestMoneyIsWholeNumbers, FuzzArithmetic
//  8. Training cannot touch the real: TestFromEnvRefuses, TestTheFirstBook,
//     TestBooksAreApart, TestAnotherAccountsKey
//  9. No secret leaves: TestNothingLeftBehindHoldsASecret,
//     TestNoSecretLeavesConnect, TestErrorsSayWhatIsKnown
//  10. No network inside a transaction, and no effect before its commit:
//     TestTheBookKnowsNoNetwork, TestTheBellRingsAfterTheCommit
//
// Beside them TestSimulation does whatever happens to a till in any order, and
// TestGuards takes the guard of each of the twenty-five nasty cases of
// reconcile/testdata/cases out of the code, and sees the case go wrong.
//
// # Where the design was changed in building
//
//   - The seat's hold is part of its order, and changes only with the order's
//     status; there is no hold without an order.
//   - A first attempt that Stripe provably never saw frees the seats at once; an
//     attempt that may have been seen frees them only when Stripe's list proves
//     that no code was made. stripeapi.Error.NothingDone says which is which.
//   - A card that is typed at the till is a PaymentIntent seen as a session
//     (stripeapi.Client.Payment), so that one plan judges both.
//   - A till sells by Stripe's price where Stripe has it, and names its own where
//     it has not: a catalogue that lags or was changed in the Dashboard stops no
//     sale.
//   - A refund of everything makes the order's tickets void and its seats free; a
//     part that was given back in the Dashboard makes nothing void until somebody
//     says which tickets it was for.
//   - What another program of the account sold is in the book, as money from
//     elsewhere, so that the book and Stripe can agree to the cent; it waits for
//     nobody.
//   - Stripe deletes test data when it is told to. In a book of test money a code
//     that is not there any more frees its seats, once its time is over and the
//     same key is shown another code of the book; see reconcile/deleted.go.
//   - A list of Stripe's is trusted two minutes after the write that it should
//     show: no seat of a code, a poster or a refund is given free before.
//   - Stripe does not say whose an idempotency key is: an intent notes as whom it
//     is sent (Intent.Asker), and once the till has another API key what became of
//     it is looked for, as if its key were too old.
//   - The rate at which Stripe is asked is our own (stripeapi's limit.go): sales
//     go before looks, and looks before catching up, which no library does.
//   - Ids begin with the time, and a search reads one line an order: a sale is
//     written at the book's end and in three other places (its code, its session,
//     its payment), so that a large book is not a slow one.
//   - Taxes are contained in prices. What a buyer pays is what the tile says.
//   - The simulated Stripe of training listens on a port of its own and keeps
//     its state beside the book, so that a buyer's page outlives the till.
package backend
