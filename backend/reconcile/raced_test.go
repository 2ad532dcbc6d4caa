//go:build race

package reconcile

// raced says that the race detector is on.
const raced = true
