package main

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

func ids() boxoffice.IDs { return boxoffice.IDs{Source: rand.Reader, Now: time.Now} }

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// openBook begins a book that last heard of Stripe when the sales began, with a
// poster of the link on the wall and room for all of them.
func openBook(path string, seats int, s *stripe) (*ledger.Book, error) {
	book, err := ledger.Open(path, ledger.Options{Register: "bench", Now: time.Now})
	if err != nil {
		return nil, err
	}
	err = book.Update(func(tx *ledger.Tx) error {
		facts, err := posterFacts(seats, s)
		for _, f := range facts {
			if err == nil {
				_, err = tx.Append(f)
			}
		}
		return errors.Join(err, tx.SetCursor(s.From.Add(-time.Minute)))
	})
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	return book, nil
}

func posterFacts(seats int, s *stripe) ([]boxoffice.Fact, error) {
	facts := append([]boxoffice.Fact{boxoffice.BookOpenedFact{BookID: "bench"}}, boxoffice.Sample(time.Now(), ids())...)
	var event boxoffice.Event
	var quota boxoffice.Quota
	for i, f := range facts {
		switch f := f.(type) {
		case boxoffice.EventAddedFact:
			event = f.Event
		case boxoffice.QuotaAddedFact:
			if quota.ID == "" {
				f.Quota.Size = seats
				quota, facts[i] = f.Quota, f
			}
		}
	}
	if len(event.TicketTypes) == 0 || quota.ID == "" {
		return nil, errors.New("the sample event sells nothing")
	}
	kind := event.TicketTypes[0]
	p := boxoffice.Poster{
		ID: "pst-bench", Code: "WALL", PerformanceID: quota.PerformanceID, TicketTypeID: kind.ID, EventName: event.Name, Name: kind.Name, Description: kind.Description,
		Place: event.Place, StartsAt: event.Performances[0].StartsAt, TimeZone: event.TimeZone, Price: money.New(priceMinor, "eur"), Allotment: seats,
		Claims: []boxoffice.Claim{{QuotaID: quota.ID, Seats: 1}}, State: boxoffice.PosterStarting, MadeAt: s.From,
	}
	return append(facts,
		boxoffice.PosterMadeFact{Poster: p, Intent: boxoffice.Intent{Key: ledger.LinkKey(p.ID), PosterID: p.ID, Link: &boxoffice.LinkRequest{Limit: int64(seats)}}},
		boxoffice.PosterOpenedFact{OfPoster: boxoffice.OfPoster{PosterID: p.ID}, LinkID: s.Link, URL: "https://buy.example.org/wall"},
	), nil
}
