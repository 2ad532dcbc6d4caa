package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// EventEdit is an event as it is set up: all of it, on sale or not. What is
// new has an id that begins with "new-", by which the rest can name it.
type EventEdit struct {
	ID           string            `json:"id,omitempty" doc:"Absent for a new event."`
	Revision     int               `json:"revision,omitempty" doc:"As it was read: an edit of an older one is refused."`
	Name         string            `json:"name"`
	Place        string            `json:"place"`
	TimeZone     string            `json:"timeZone" doc:"IANA name."`
	Picture      string            `json:"picture,omitempty" doc:"An https address, which the buyer's page shows too."`
	Archived     bool              `json:"archived,omitempty"`
	Performances []PerformanceEdit `json:"performances"`
	TicketTypes  []TicketTypeEdit  `json:"ticketTypes" doc:"In the order of the screen."`
	Quotas       []QuotaEdit       `json:"quotas"`
}

// PerformanceEdit is one dated occurrence.
type PerformanceEdit struct {
	ID       string    `json:"id"`
	DoorsAt  time.Time `json:"doorsAt"`
	StartsAt time.Time `json:"startsAt"`
}

// TicketTypeEdit is a sellable kind with a price.
type TicketTypeEdit struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Price       money.Amount `json:"price" doc:"With bounds, what is suggested; then minor may be 0 for nothing suggested."`
	Bounds      *Bounds      `json:"bounds,omitempty" doc:"The buyer says what it costs, from least to most."`
	Donation    bool         `json:"donation,omitempty" doc:"Admits nobody and takes no seat."`
	TaxRate     *TaxRate     `json:"taxRate,omitempty" doc:"Contained in the price."`
	SaleFrom    *time.Time   `json:"saleFrom,omitempty"`
	SaleUntil   *time.Time   `json:"saleUntil,omitempty"`
	Least       int          `json:"least,omitempty" doc:"Of an order that has any; 0 is 1." minimum:"0"`
	Most        int          `json:"most,omitempty" doc:"0 is as many as an order can have." minimum:"0"`
	OnSale      bool         `json:"onSale"`
	Adopt       *Adopt       `json:"adopt,omitempty" doc:"Only for a new type: sell it as this product of Stripe's."`
	Mirror      *Mirror      `json:"mirror,omitempty" doc:"How far Stripe has it; not looked at in requests."`
}

// Bounds are in minor units of the price's currency.
type Bounds struct {
	Least int64 `json:"least"`
	Most  int64 `json:"most"`
}

// TaxRate is contained in a price.
type TaxRate struct {
	Name    string `json:"name" example:"VAT"`
	Percent int64  `json:"percent" doc:"In ten-thousandths of a percent: 100000 is 10 %."`
}

// Adopt names a product and a price that Stripe has already.
type Adopt struct {
	ProductID string `json:"productId"`
	PriceID   string `json:"priceId"`
}

// MirrorState is how far Stripe has what the book has.
type MirrorState string

// The states of a mirror.
const (
	MirrorNone    MirrorState = "none"    // Stripe has not been told
	MirrorPending MirrorState = "pending" // it is being told
	MirrorDone    MirrorState = "done"    // it has it
	MirrorRefused MirrorState = "refused" // it said no
)

// Mirror is what Stripe has of a ticket type.
type Mirror struct {
	State     MirrorState `json:"state" enum:"none,pending,done,refused"`
	ProductID string      `json:"productId,omitempty"`
	PriceID   string      `json:"priceId,omitempty"`
	Problem   *Trouble    `json:"problem,omitempty"`
}

// QuotaEdit limits some types for a performance.
type QuotaEdit struct {
	ID            string   `json:"id"`
	PerformanceID string   `json:"performanceId"`
	TicketTypeIDs []string `json:"ticketTypeIds"`
	Size          int      `json:"size"`
	Taken         int      `json:"taken,omitempty" doc:"Sold, held or set apart; not looked at in requests."`
}

type eventsBody struct {
	Body struct {
		Events []EventEdit `json:"events"`
	}
}

type eventBody struct {
	Body EventEdit
}

type newEventInput struct {
	Body EventEdit
}

type eventInput struct {
	Event string `path:"event"`
	Body  EventEdit
}

func (s *server) eventRoutes(api huma.API) {
	huma.Get(api, "/api/events", s.events, named("events", "Every event as it is set up"))
	huma.Post(api, "/api/events", s.newEvent, named("newEvent", "Set up an event"), func(o *huma.Operation) { o.DefaultStatus = 201 })
	huma.Put(api, "/api/events/{event}", s.editEvent, named("editEvent", "Change an event"))
	huma.Post(api, "/api/events/{event}/mirror", s.mirrorEvent, named("mirrorEvent", "Ask Stripe again for what it refused of an event"))
	huma.Get(api, "/api/import", s.importable, named("importable", "Products of the Stripe account that can be sold as ticket types"))
}

func (s *server) events(ctx context.Context, _ *struct{}) (*eventsBody, error) {
	out := &eventsBody{}
	out.Body.Events = []EventEdit{}
	return out, s.view(ctx, func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		if err != nil {
			return err
		}
		for _, e := range c.Events {
			v, err := eventEdit(tx, c, e)
			if err != nil {
				return err
			}
			out.Body.Events = append(out.Body.Events, v)
		}
		return nil
	})
}

func (s *server) newEvent(ctx context.Context, in *newEventInput) (*eventBody, error) {
	in.Body.ID = ""
	return s.saveEvent(ctx, in.Body)
}

func (s *server) editEvent(ctx context.Context, in *eventInput) (*eventBody, error) {
	in.Body.ID = in.Event
	return s.saveEvent(ctx, in.Body)
}

func (s *server) saveEvent(ctx context.Context, edit EventEdit) (*eventBody, error) {
	id, err := s.Desk.SaveEvent(ctx, edit.desk())
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.oneEvent(ctx, id)
}

type eventPath struct {
	Event string `path:"event"`
}

func (s *server) mirrorEvent(ctx context.Context, in *eventPath) (*eventBody, error) {
	if err := s.Desk.MirrorAgain(in.Event); err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.oneEvent(ctx, in.Event)
}

func (s *server) oneEvent(ctx context.Context, id string) (*eventBody, error) {
	out := &eventBody{}
	return out, s.view(ctx, func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		if err != nil {
			return err
		}
		for _, e := range c.Events {
			if e.ID == id {
				out.Body, err = eventEdit(tx, c, e)
				return err
			}
		}
		return boxoffice.ErrUnknownEvent()
	})
}

// Importable is a product that Stripe has.
type Importable struct {
	ProductID   string        `json:"productId"`
	PriceID     string        `json:"priceId"`
	Name        string        `json:"name"`
	Description string        `json:"description,omitempty"`
	Price       *money.Amount `json:"price,omitempty" doc:"Absent where the buyer says what it costs."`
	Used        bool          `json:"used" doc:"A ticket type is sold as it already."`
}

type importableBody struct {
	Body struct {
		Products []Importable `json:"products" doc:"Each active one-time price of each active product."`
	}
}

func (s *server) importable(ctx context.Context, _ *struct{}) (*importableBody, error) {
	found, err := s.Desk.Importable(ctx)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &importableBody{}
	out.Body.Products = []Importable{}
	for _, p := range found {
		out.Body.Products = append(out.Body.Products, Importable(p))
	}
	return out, nil
}

func (e EventEdit) desk() desk.EventEdit {
	out := desk.EventEdit{Event: boxoffice.Event{
		ID: e.ID, Revision: e.Revision, Name: e.Name, Place: e.Place, TimeZone: e.TimeZone, Picture: e.Picture, Archived: e.Archived,
	}, Adopt: map[string]desk.Adopt{}}
	for _, p := range e.Performances {
		out.Event.Performances = append(out.Event.Performances, boxoffice.Performance(p))
	}
	for _, t := range e.TicketTypes {
		out.Event.TicketTypes = append(out.Event.TicketTypes, t.boxoffice())
		if t.Adopt != nil {
			out.Adopt[t.ID] = desk.Adopt(*t.Adopt)
		}
	}
	for _, q := range e.Quotas {
		out.Quotas = append(out.Quotas, boxoffice.Quota{ID: q.ID, PerformanceID: q.PerformanceID, TicketTypeIDs: q.TicketTypeIDs, Size: q.Size})
	}
	return out
}

func (t TicketTypeEdit) boxoffice() boxoffice.TicketType {
	out := boxoffice.TicketType{
		ID: t.ID, Name: t.Name, Description: t.Description, Price: t.Price, Bounds: (*boxoffice.Bounds)(t.Bounds), Donation: t.Donation,
		TaxRate: (*boxoffice.TaxRate)(t.TaxRate), Least: t.Least, Most: t.Most, OffSale: !t.OnSale,
	}
	if t.SaleFrom != nil {
		out.SaleFrom = t.SaleFrom.UTC()
	}
	if t.SaleUntil != nil {
		out.SaleUntil = t.SaleUntil.UTC()
	}
	return out
}

func eventEdit(tx *ledger.Tx, c boxoffice.Catalogue, e boxoffice.Event) (EventEdit, error) {
	v := EventEdit{
		ID: e.ID, Revision: e.Revision, Name: e.Name, Place: e.Place, TimeZone: e.TimeZone, Picture: e.Picture, Archived: e.Archived,
		Performances: []PerformanceEdit{}, TicketTypes: []TicketTypeEdit{}, Quotas: []QuotaEdit{},
	}
	for _, p := range e.Performances {
		v.Performances = append(v.Performances, PerformanceEdit(p))
	}
	for _, t := range e.TicketTypes {
		m, err := tx.Mirror(t.ID)
		if err != nil {
			return v, err
		}
		v.TicketTypes = append(v.TicketTypes, typeEdit(e, t, m))
	}
	for _, q := range c.Quotas {
		if _, ours := e.PerformanceByID(q.PerformanceID); ours {
			v.Quotas = append(v.Quotas, QuotaEdit{ID: q.ID, PerformanceID: q.PerformanceID, TicketTypeIDs: q.TicketTypeIDs, Size: q.Size, Taken: q.Taken()})
		}
	}
	return v, nil
}

func typeEdit(e boxoffice.Event, t boxoffice.TicketType, m boxoffice.Mirror) TicketTypeEdit {
	v := TicketTypeEdit{
		ID: t.ID, Name: t.Name, Description: t.Description, Price: t.Price, Bounds: (*Bounds)(t.Bounds), Donation: t.Donation,
		TaxRate: (*TaxRate)(t.TaxRate), Least: t.Least, Most: t.Most, OnSale: !t.OffSale,
		Mirror: &Mirror{State: MirrorPending, ProductID: m.ProductID, PriceID: m.PriceID},
	}
	if !t.SaleFrom.IsZero() {
		v.SaleFrom = &t.SaleFrom
	}
	if !t.SaleUntil.IsZero() {
		v.SaleUntil = &t.SaleUntil
	}
	_, more := m.Next("", e, t)
	switch {
	case m.Problem != nil && !more: // with more to do, Stripe is being asked again
		v.Mirror.State = MirrorRefused
		v.Mirror.Problem = &Trouble{Code: Code(m.Problem.Code), Detail: m.Problem.Detail, Next: m.Problem.Next}
	case !more:
		v.Mirror.State = MirrorDone
	case m.ProductID == "":
		v.Mirror.State = MirrorNone
	}
	return v
}
