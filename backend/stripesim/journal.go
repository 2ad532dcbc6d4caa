package stripesim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// errClosed refuses changes after Close, or after a write that could be
// neither finished nor undone.
var errClosed = errors.New("stripesim: the journal is closed; nothing more is recorded. Start the simulator again")

// change is all that one request, one buyer's tap or one tick of the clock
// wrote to one account. It is one line of the journal: it happened whole or
// not at all.
type change struct {
	Account      string                `json:"account"`           // whose books, and which side of them
	Profile      *profile              `json:"profile,omitempty"` // a new account
	Skew         *int64                `json:"skew,omitempty"`    // nanoseconds that the clock was moved on, in all
	Products     []*product            `json:"products,omitempty"`
	Prices       []*price              `json:"prices,omitempty"`
	TaxRates     []*taxRate            `json:"tax_rates,omitempty"`
	Links        []*link               `json:"links,omitempty"`
	Sessions     []*session            `json:"sessions,omitempty"`
	Intents      []*intent             `json:"intents,omitempty"`
	Charges      []*charge             `json:"charges,omitempty"`
	Refunds      []*refund             `json:"refunds,omitempty"`
	Transactions []*balanceTransaction `json:"transactions,omitempty"`
	Disputes     []*dispute            `json:"disputes,omitempty"`
	Payouts      []*payout             `json:"payouts,omitempty"`
	PaidOut      map[string][]string   `json:"paid_out,omitempty"` // ids of transactions, by the payout that they are in from now on
	Events       []*event              `json:"events,omitempty"`
	Late         map[string]int64      `json:"late,omitempty"` // of those events: the second from which lists have them
	Access       *accessChange         `json:"access,omitempty"`
	Only         string                `json:"only,omitempty"`    // the events are for this platform alone
	Methods      map[string]bool       `json:"methods,omitempty"` // payment methods that the organizer turned on or off, in all
	Deleted      []string              `json:"deleted,omitempty"` // ids of products
	Answer       *firstAnswer          `json:"answer,omitempty"`  // under an idempotency key
}

func (c *change) empty() bool {
	return c.Profile == nil && c.Skew == nil && c.Answer == nil && c.Access == nil && c.Methods == nil &&
		len(c.Products)+len(c.Prices)+len(c.TaxRates)+len(c.Links)+len(c.Sessions)+len(c.Intents)+len(c.Charges)+len(c.Refunds)+len(c.Transactions)+len(c.Disputes)+len(c.Payouts)+len(c.PaidOut)+len(c.Events)+len(c.Deleted) == 0
}

// commit writes the change and then makes it part of the state. Nobody has
// been answered before it returns. The caller holds mu.
func (s *Sim) commit(c *change) error {
	if c.empty() {
		return nil
	}
	if err := s.journal.append(c); err != nil {
		return err
	}
	s.apply(c)
	s.post.send(s.letters(c))
	return nil
}

// apply makes a change part of the state, at its commit and at replay alike.
func (s *Sim) apply(c *change) {
	if c.Skew != nil {
		s.skew = skewOf(*c.Skew)
	}
	if c.Profile != nil {
		for _, live := range []bool{false, true} {
			s.accounts[bookName(c.Account, live)] = newAccount(*c.Profile, live)
		}
		if s.main == "" {
			s.main = c.Account
		}
	}
	if c.Access != nil {
		s.applyAccess(c.Account, c.Access)
	}
	if a := s.accounts[c.Account]; a != nil {
		a.apply(c)
		s.nextDue = min(s.nextDue, a.nextDue())
	}
}

// journal is an append-only file of changes; a nil file keeps nothing.
type journal struct {
	file   *os.File
	size   int64 // where the last whole line ends
	closed bool
}

func (s *Sim) openJournal(path string) error {
	s.journal = &journal{}
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("stripesim: the simulator's journal cannot be opened: %w", err)
	}
	size, err := s.replay(file)
	if err == nil {
		err = file.Truncate(size)
	}
	if err != nil {
		_ = file.Close() // the first error is the one to tell
		return err
	}
	s.journal = &journal{file: file, size: size}
	return nil
}

// replay applies every whole line and returns where the last one ends. A line
// without its newline was torn by a crash before anyone was answered.
func (s *Sim) replay(file io.Reader) (size int64, err error) {
	raw, err := io.ReadAll(file)
	if err != nil {
		return 0, fmt.Errorf("stripesim: the journal cannot be read: %w", err)
	}
	for number := 1; ; number++ {
		line, rest, whole := bytes.Cut(raw, []byte("\n"))
		if !whole {
			return size, nil
		}
		c := &change{}
		if err := json.Unmarshal(line, c); err != nil {
			return 0, fmt.Errorf("stripesim: line %d of the journal is damaged: %w; no money is concerned, it is training: remove the file to start afresh", number, err)
		}
		if c.Profile == nil && s.accounts[c.Account] == nil {
			return 0, fmt.Errorf("stripesim: line %d of the journal speaks of the unknown account %q: lines are missing; remove the file to start afresh", number, c.Account)
		}
		s.apply(c)
		size += int64(len(line)) + 1
		raw = rest
	}
}

// append writes one line with a single write. What a failed write (a full
// disk) left behind is cut off again.
func (j *journal) append(c *change) error {
	if j.closed {
		return errClosed
	}
	if j.file == nil {
		return nil
	}
	line, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("stripesim: encoding a change: %w", err)
	}
	line = append(line, '\n')
	if _, err := j.file.WriteAt(line, j.size); err != nil {
		if cut := j.file.Truncate(j.size); cut != nil {
			j.closed = true
		}
		return fmt.Errorf("stripesim: the journal cannot be written, nothing was changed: %w", err)
	}
	j.size += int64(len(line))
	return nil
}

func (j *journal) close() error {
	if j.closed {
		return nil
	}
	j.closed = true
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
