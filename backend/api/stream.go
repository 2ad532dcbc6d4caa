package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

const (
	// heartbeat keeps the stream alive, and finds listeners that have gone.
	heartbeat = 15 * time.Second
	// lineCheck is how soon a change of the line to Stripe is told.
	lineCheck = time.Second
	// retry is how soon a listener comes again, in milliseconds: another book may
	// just have been opened.
	retry = 500
)

// Hello opens the stream. Whoever hears it fetches everything again: changes
// may have been missed before.
type Hello struct {
	Number uint64         `json:"number" doc:"Of the newest entry in the book."`
	Mode   boxoffice.Mode `json:"mode" enum:"training,live"`
}

// Change says that something is not as it was. It carries no truth: fetch it.
type Change struct {
	Number uint64     `json:"number" doc:"Of the entry that made the change."`
	Kind   ChangeKind `json:"kind" enum:"order,catalogue,discrepancy,stripe,poster,connection,statement"`
	ID     string     `json:"id,omitempty" doc:"Which one."`
}

// ChangeKind says what kind of thing has changed.
type ChangeKind string

// The kinds of change.
const (
	ChangedOrder       ChangeKind = "order"
	ChangedCatalogue   ChangeKind = "catalogue"
	ChangedDiscrepancy ChangeKind = "discrepancy"
	ChangedStripe      ChangeKind = "stripe"
	ChangedPoster      ChangeKind = "poster"
	ChangedConnection  ChangeKind = "connection"
	ChangedStatement   ChangeKind = "statement" // what the book has of Stripe's own books
)

// Heartbeat says that the stream is alive.
type Heartbeat struct{}

func (s *server) stream(api huma.API) {
	sse.Register(api, huma.Operation{
		OperationID: "stream", Method: http.MethodGet, Path: "/api/stream",
		Summary: "Changes as they are committed, until the listener leaves",
	}, map[string]any{"hello": Hello{}, "change": Change{}, "heartbeat": Heartbeat{}}, s.listen)
}

// listen tells changes until the listener is gone. The entries themselves are
// read from the book, so nothing is missed however seldom the bell rings.
func (s *server) listen(ctx context.Context, _ *struct{}, send sse.Sender) {
	var number uint64
	if err := s.Book.View(func(tx *ledger.Tx) (err error) { number, err = tx.Number(); return err }); err != nil {
		return // the listener comes again
	}
	line := s.Stripe().State
	if send(sse.Message{Data: Hello{Number: number, Mode: s.Mode}, Retry: retry}) != nil {
		return
	}
	beat, look := time.NewTicker(heartbeat), time.NewTicker(lineCheck)
	defer beat.Stop()
	defer look.Stop()
	for {
		rung := s.Bell.Listen()
		changes, err := s.changes(&number)
		if now := s.Stripe().State; now != line {
			line = now
			changes = append(changes, Change{Number: number, Kind: ChangedStripe})
		}
		for _, c := range changes {
			if send.Data(c) != nil {
				return
			}
		}
		if err != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-rung:
		case <-look.C:
		case <-beat.C:
			if send.Data(Heartbeat{}) != nil {
				return
			}
		}
	}
}

// changes are what the entries after the number have changed; it moves the
// number on.
func (s *server) changes(number *uint64) (changes []Change, err error) {
	err = s.Book.View(func(tx *ledger.Tx) error {
		return tx.Entries(*number, func(e ledger.Entry) (bool, error) {
			f, err := e.Fact()
			if err != nil {
				return false, err
			}
			changes = append(changes, changesOf(e.Number, f)...)
			*number = e.Number
			return true, nil
		})
	})
	return changes, err
}

// changesOf are the things that the fact has changed. What becomes of late money
// is told of the money, of the order that it was meant for, and of the one that
// it was seated as.
func changesOf(number uint64, f boxoffice.Fact) []Change {
	switch f := f.(type) {
	case boxoffice.DiscrepancyResolvedFact:
		changes := []Change{{Number: number, Kind: ChangedDiscrepancy, ID: f.DiscrepancyID}}
		if f.OrderID != "" {
			changes = append(changes, Change{Number: number, Kind: ChangedOrder, ID: f.OrderID})
		}
		if f.Order != nil {
			changes = append(changes, Change{Number: number, Kind: ChangedOrder, ID: f.Order.ID})
		}
		return changes
	case interface{ Money() boxoffice.OfMoney }:
		if id := f.Money().DiscrepancyID; id != "" {
			return []Change{{Number: number, Kind: ChangedDiscrepancy, ID: id}}
		}
	}
	return []Change{changeOf(number, f)}
}

func changeOf(number uint64, f boxoffice.Fact) Change {
	switch f := f.(type) {
	case boxoffice.DiscrepancyFoundFact:
		return Change{Number: number, Kind: ChangedDiscrepancy, ID: f.Discrepancy.ID}
	case boxoffice.AccountConnectedFact, boxoffice.AccountDisconnectedFact, boxoffice.MethodsOfferedFact, boxoffice.MethodsChosenFact:
		return Change{Number: number, Kind: ChangedConnection}
	case boxoffice.StatementReadFact:
		return Change{Number: number, Kind: ChangedStatement}
	case boxoffice.PosterMadeFact:
		return Change{Number: number, Kind: ChangedPoster, ID: f.Poster.ID}
	case interface{ Poster() string }:
		return Change{Number: number, Kind: ChangedPoster, ID: f.Poster()}
	}
	if order := f.About(); order != "" {
		return Change{Number: number, Kind: ChangedOrder, ID: order}
	}
	return Change{Number: number, Kind: ChangedCatalogue}
}
