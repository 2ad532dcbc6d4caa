//go:build race

package ledger_test

import (
	"strings"
	"testing"

	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

func TestNoTransactionInsideOfAnother(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	for name, nested := range map[string]func() error{
		"a sight of a sight":  func() error { return b.View(func(*ledger.Tx) error { return b.View(nothing) }) },
		"a write of a sight":  func() error { return b.View(func(*ledger.Tx) error { return b.Update(nothing) }) },
		"a sight of a write":  func() error { return b.Update(func(*ledger.Tx) error { return b.View(nothing) }) },
		"one after the other": func() error { return b.View(nothing) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				text, _ := recover().(string)
				if found := strings.Contains(text, "inside of another"); found == (name == "one after the other") {
					t.Errorf("it panicked with %q", text)
				}
			}()
			if err := nested(); err != nil {
				t.Error(err)
			}
		})
	}
}

func nothing(*ledger.Tx) error { return nil }
