// Package boxoffice is the domain: events and what is sold for them, orders,
// tenders, tickets, quotas, and the facts that change them.
//
// It is pure. Nothing here reads a clock, a disk or a network; times, ids and
// keys are handed in. A change of state is a [Fact]; [Order.Apply] and
// [Quota.Move] say what it does, and the ledger writes down both. Whoever
// wants to know what Willcall believes reads this package and no other.
//
// It must not know how facts are stored, how Stripe is asked, or who is
// looking.
package boxoffice
