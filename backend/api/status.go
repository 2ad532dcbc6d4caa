package api

import (
	"context"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// Status says which till this is.
type Status struct {
	Version   string         `json:"version"`
	Mode      boxoffice.Mode `json:"mode" enum:"training,live"`
	Book      BookName       `json:"book" enum:"training,test,live"`
	Register  string         `json:"register"`
	BookID    string         `json:"bookId"`
	Number    uint64         `json:"number" doc:"Of the newest entry in the book."`
	OpenCodes int            `json:"openCodes" doc:"Orders that somebody may still pay."`
	Stripe    Stripe         `json:"stripe"`

	Connection ConnectionState `json:"connection" enum:"none,connected,locked,revoked" doc:"Whether the book can sell by Stripe."`
	AccountID  string          `json:"accountId,omitempty"`
	CanType    bool            `json:"canType" doc:"A card can be typed at the till."`
}

// Stripe says how the line to Stripe is.
type Stripe struct {
	State         LineState  `json:"state" enum:"unknown,ok,down"`
	LastSuccessAt *time.Time `json:"lastSuccessAt,omitempty"`
	Problem       *Trouble   `json:"problem,omitempty"`
	Reads         int64      `json:"reads" doc:"Requests made since the start that count against Stripe's allotment of reads."`
}

// LineState is how the newest request to Stripe ended: down where Stripe was not
// reached, or does not take the key. A refusal of one request is an answer.
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
	c, err := s.Connector.Connection()
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &statusBody{Status{
		Version: s.Version, Mode: s.Mode, Book: s.BookName, Register: s.Register, Stripe: s.Stripe(),
		Connection: c.State, AccountID: c.AccountID, CanType: c.State == ConnectionReady && c.Publishable,
	}}
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
	Picture      string        `json:"picture,omitempty" doc:"An https address."`
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
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Price       money.Amount `json:"price" doc:"With bounds, what is suggested; 0 for nothing."`
	Bounds      *Bounds      `json:"bounds,omitempty" doc:"The buyer says what it costs."`
	Donation    bool         `json:"donation,omitempty" doc:"Admits nobody and takes no seat; available is then the most of an order."`
	Least       int          `json:"least" doc:"Of an order that has any."`
	Most        int          `json:"most" doc:"Of an order."`
	OnSale      bool         `json:"onSale" doc:"It can be sold now."`
	SaleFrom    *time.Time   `json:"saleFrom,omitempty" doc:"It is not on sale before."`
	Available   int          `json:"available" doc:"How many can be sold now."`
	Quota       int          `json:"quota" doc:"Out of how many."`
}

type catalogueBody struct {
	Body Catalogue
}

func (s *server) catalogue(ctx context.Context, _ *struct{}) (*catalogueBody, error) {
	out := &catalogueBody{Catalogue{Events: []Event{}}}
	return out, s.view(ctx, func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		for _, e := range c.Events {
			if !e.Archived {
				out.Body.Events = append(out.Body.Events, eventView(c, e, s.Now()))
			}
		}
		return err
	})
}

func eventView(c boxoffice.Catalogue, e boxoffice.Event, now time.Time) Event {
	v := Event{ID: e.ID, Name: e.Name, Place: e.Place, TimeZone: e.TimeZone, Picture: e.Picture, Performances: []Performance{}}
	for _, p := range e.Performances {
		performance := Performance{ID: p.ID, DoorsAt: p.DoorsAt, StartsAt: p.StartsAt, TicketTypes: []TicketType{}}
		for _, t := range e.TicketTypes {
			left, size := c.Available(p.ID, t.ID)
			if t.Donation {
				left, size = t.MostPerOrder(), t.MostPerOrder()
			}
			if size > 0 && !t.OffSale {
				performance.TicketTypes = append(performance.TicketTypes, typeView(t, left, size, now))
			}
		}
		v.Performances = append(v.Performances, performance)
	}
	return v
}

func typeView(t boxoffice.TicketType, left, size int, now time.Time) TicketType {
	v := TicketType{
		ID: t.ID, Name: t.Name, Description: t.Description, Price: t.Price, Bounds: (*Bounds)(t.Bounds), Donation: t.Donation,
		Least: t.LeastPerOrder(), Most: t.MostPerOrder(), OnSale: t.OnSale(now), Available: left, Quota: size,
	}
	if now.Before(t.SaleFrom) {
		v.SaleFrom = &t.SaleFrom
	}
	return v
}
