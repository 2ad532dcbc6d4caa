package backend

import (
	"context"
	"fmt"
	"io"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/config"
	"willcall/backend/ledger"
)

// Verify proves the book that was open last and prints what it found. A book with
// problems is an error.
func Verify(_ context.Context, cfg config.Config, out io.Writer) error {
	name := cfg.Book
	if name == "" {
		var err error
		if name, err = config.LastBook(cfg.Data); err != nil {
			return unusableFolder(cfg.Data, err)
		}
	}
	dir, err := dataFolder(cfg, name)
	if err != nil {
		return err
	}
	book, err := ledger.Open(bookPath(dir), ledger.Options{Register: register, Now: time.Now, ReadOnly: true})
	if err != nil {
		return err
	}
	report, err := book.Verify(dir)
	if closing := book.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	for _, p := range report.Problems {
		if _, err := fmt.Fprintln(out, "-", p); err != nil {
			return err
		}
	}
	if len(report.Problems) > 0 {
		return &boxoffice.Error{
			Code:    boxoffice.CodeBookCorrupt,
			Message: "The book is not what was written into it.",
			Next:    "Keep it as it is, put back a copy of the data folder, and let Willcall find what is missing from Stripe.",
		}
	}
	_, err = fmt.Fprintf(out, "The book is sound: %d entries, each chained to the one before; the state of %d keys is what they say.\n", report.Entries, report.Keys)
	return err
}
