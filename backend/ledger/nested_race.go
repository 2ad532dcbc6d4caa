//go:build race

package ledger

import (
	"bytes"
	"runtime"
	"sync"
)

// inside are the goroutines that are in a transaction, by book.
var inside sync.Map

// notNested panics where a goroutine begins a transaction inside of another of
// the same book. While a third one makes the file larger, each of them would
// wait for the others for ever (pkg.go.dev/go.etcd.io/bbolt#DB.Begin). Only
// programs with the race detector look, since Go does not like to say which
// goroutine it is.
func (e *engine) notNested() (end func()) {
	type visit struct {
		book      *engine
		goroutine string
	}
	stack := make([]byte, 64)
	v := visit{e, string(bytes.Fields(stack[:runtime.Stack(stack, false)])[1])} // "goroutine 7 [running]:"
	if _, nested := inside.LoadOrStore(v, true); nested {
		panic("ledger: a transaction inside of another")
	}
	return func() { inside.Delete(v) }
}
