package api

import (
	"context"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// Status says which till this is.
type Status struct {
	Version   string         `json:"version"`
	Mode      boxoffice.Mode `json:"mode" enum:"training,live"`
	Register  string         `json:"register"`
	BookID    string         `json:"bookId"`
	Number    uint64         `json:"number" doc:"Of the newest entry in the book."`
	OpenCodes int            `json:"openCodes" doc:"Orders that somebody may still pay."`
	Stripe    Stripe         `json:"stripe"`
}

// Stripe says how the line to Stripe is.
type Stripe struct {
	State         LineState  `json:"state" enum:"unknown,ok,down"`
	LastSuccessAt *time.Time `json:"lastSuccessAt,omitempty"`
	Problem       *Trouble   `json:"problem,omitempty"`
	Reads         int64      `json:"reads" doc:"Requests made since the start that count against Stripe's allotment of reads."`
}

// LineState is how the newest request to Stripe ended.
type LineState string

// The states of the line.
const (
	LineUnknown LineState = "unknown"
	LineOK      LineState = "ok"
	LineDown    LineState = "down"
)

type statusBody struct {
	Body Status
}

func (s *server) status(ctx context.Context, _ *struct{}) (*statusBody, error) {
	out := &statusBody{Status{Version: s.Version, Mode: s.Mode, Register: s.Register, Stripe: s.Stripe()}}
	return out, s.view(ctx, func(tx *ledger.Tx) error {
		opened, _, err := tx.Opened()
		if err != nil {
			return err
		}
		out.Body.BookID = opened.BookID
		if out.Body.Number, err = tx.Number(); err != nil {
			return err
		}
		out.Body.OpenCodes = tx.CountAwaiting()
		return nil
	})
}

// Catalogue is what is on sale.
type Catalogue struct {
	Events []Event `json:"events"`
}

// Event is a show.
type Event struct {
	ID           string        `json:"id"`
	Name         string        `json:"name"`
	Place        string        `json:"place"`
	TimeZone     string        `json:"timeZone" doc:"IANA name; show the event's times in it."`
	Performances []Performance `json:"performances"`
}

// Performance is one dated occurrence of an event.
type Performance struct {
	ID          string       `json:"id"`
	DoorsAt     time.Time    `json:"doorsAt"`
	StartsAt    time.Time    `json:"startsAt"`
	TicketTypes []TicketType `json:"ticketTypes"`
}

// TicketType is a kind of ticket as it is sold for one performance.
type TicketType struct {
	boxoffice.TicketType
	Available int `json:"available" doc:"How many can be sold now."`
	Quota     int `json:"quota" doc:"Out of how many."`
}

type catalogueBody struct {
	Body Catalogue
}

func (s *server) catalogue(ctx context.Context, _ *struct{}) (*catalogueBody, error) {
	out := &catalogueBody{Catalogue{Events: []Event{}}}
	return out, s.view(ctx, func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		for _, e := range c.Events {
			out.Body.Events = append(out.Body.Events, eventView(c, e))
		}
		return err
	})
}

func eventView(c boxoffice.Catalogue, e boxoffice.Event) Event {
	v := Event{ID: e.ID, Name: e.Name, Place: e.Place, TimeZone: e.TimeZone, Performances: []Performance{}}
	for _, p := range e.Performances {
		performance := Performance{ID: p.ID, DoorsAt: p.DoorsAt, StartsAt: p.StartsAt, TicketTypes: []TicketType{}}
		for _, t := range e.TicketTypes {
			if left, size := c.Available(p.ID, t.ID); size > 0 {
				performance.TicketTypes = append(performance.TicketTypes, TicketType{TicketType: t, Available: left, Quota: size})
			}
		}
		v.Performances = append(v.Performances, performance)
	}
	return v
}
