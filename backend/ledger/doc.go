// Package ledger is the book of record: entries that are never changed, each
// chained to the one before it by its hash, and the state they add up to.
//
// An entry and the state it changes are written in one transaction, so the two
// cannot disagree; [Book.Verify] proves the chain and rebuilds the state from
// the entries alone. Entries are chained per register (one till, one chain),
// and numbered in the order of their commits across all of them.
//
// The package is the only importer of bbolt, and reaches it through the few
// verbs in engine.go (get, put, delete, scan), on one ordered space of keys
// described in keys.go, so that a shared store can take its place.
//
// It must not know Stripe, the network, or why a fact came to be.
package ledger
