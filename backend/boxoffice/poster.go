package boxoffice

import (
	"fmt"
	"time"

	"willcall/backend/money"
)

// PosterState is how far a poster has come.
type PosterState string

// The states of a poster, in the order they can follow each other.
const (
	PosterStarting PosterState = "starting" // recorded; Stripe's answer is not known yet
	PosterOpen     PosterState = "open"     // it sells
	PosterClosing  PosterState = "closing"  // Stripe is asked to close it; somebody may still pay
	PosterClosed   PosterState = "closed"   // Stripe says that nobody can pay any more
	PosterRefused  PosterState = "refused"  // Stripe made no link
)

// Poster is a Payment Link on the wall that sells one ticket type for one
// performance, out of seats set apart for it.
type Poster struct {
	ID            string       `json:"id"`
	Code          string       `json:"code"` // what the buyer says at the desk
	PerformanceID string       `json:"performanceId"`
	TicketTypeID  string       `json:"ticketTypeId"`
	EventName     string       `json:"eventName"`
	Name          string       `json:"name"` // of the ticket type
	Description   string       `json:"description,omitempty"`
	Place         string       `json:"place"`
	StartsAt      time.Time    `json:"startsAt"`
	TimeZone      string       `json:"timeZone"`
	Price         money.Amount `json:"price"`
	Allotment     int          `json:"allotment"` // seats set apart
	Arrived       int          `json:"arrived"`   // seats of them that were sold
	Claims        []Claim      `json:"claims"`    // for one seat
	State         PosterState  `json:"state"`
	MadeAt        time.Time    `json:"madeAt"`
	LinkID        string       `json:"linkId,omitempty"` // plink_…
	URL           string       `json:"url,omitempty"`
	Problem       *Problem     `json:"problem,omitempty"`
}

// Left is how many seats are still set apart.
func (p Poster) Left() int {
	if p.State == PosterClosed || p.State == PosterRefused {
		return 0
	}
	return p.Allotment - p.Arrived
}

// PosterMadeFact sets the seats apart and records what Stripe will be asked.
type PosterMadeFact struct {
	Poster Poster `json:"poster"`
	Intent Intent `json:"intent"`
}

// OfPoster says which poster a fact is about.
type OfPoster struct {
	PosterID string `json:"posterId"`
}

// About is no order.
func (OfPoster) About() string { return "" }

// Poster is the poster's id.
func (f OfPoster) Poster() string { return f.PosterID }

// PosterOpenedFact says that Stripe made the link.
type PosterOpenedFact struct {
	OfPoster
	LinkID string `json:"linkId"`
	URL    string `json:"url"`
}

// PosterRefusedFact says that Stripe provably made no link: the seats are free.
type PosterRefusedFact struct {
	OfPoster
	Problem Problem `json:"problem"`
}

// PosterCloseAskedFact records that somebody wants the poster closed.
type PosterCloseAskedFact struct {
	OfPoster
	Intent Intent `json:"intent"`
}

// PosterClosedFact says that nobody can pay by the poster any more: the seats
// that are left are free.
type PosterClosedFact struct {
	OfPoster
}

// OrderArrivedFact is a sale that began at a poster: Stripe has the money, and
// the book hears of it for the first time.
type OrderArrivedFact struct {
	PosterID string `json:"posterId"`
	Order    Order  `json:"order"`
	Allotted bool   `json:"allotted"` // its seat was set apart; else it is one of the others
}

// Kind names the fact.
func (PosterMadeFact) Kind() Kind       { return KindPosterMade }
func (PosterOpenedFact) Kind() Kind     { return KindPosterOpened }     //nolint:revive // as above
func (PosterRefusedFact) Kind() Kind    { return KindPosterRefused }    //nolint:revive // as above
func (PosterCloseAskedFact) Kind() Kind { return KindPosterCloseAsked } //nolint:revive // as above
func (PosterClosedFact) Kind() Kind     { return KindPosterClosed }     //nolint:revive // as above
func (OrderArrivedFact) Kind() Kind     { return KindOrderArrived }     //nolint:revive // as above

// About is no order.
func (PosterMadeFact) About() string { return "" }

// About is the order's id.
func (f OrderArrivedFact) About() string { return f.Order.ID }

// Apply returns the poster as f leaves it. A fact that cannot follow its state
// is an error.
func (p Poster) Apply(f Fact) (Poster, error) {
	refuse := func() (Poster, error) {
		return p, fmt.Errorf("poster %s is %s: %s cannot follow", p.Code, p.State, f.Kind())
	}
	switch f := f.(type) {
	case PosterOpenedFact:
		if p.State != PosterStarting {
			return refuse()
		}
		p.State, p.LinkID, p.URL = PosterOpen, f.LinkID, f.URL
	case PosterRefusedFact:
		if p.State != PosterStarting {
			return refuse()
		}
		p.State, p.Problem = PosterRefused, &f.Problem
	case PosterCloseAskedFact:
		if p.State != PosterOpen {
			return refuse()
		}
		p.State = PosterClosing
	case PosterClosedFact:
		if p.State != PosterClosing {
			return refuse()
		}
		p.State = PosterClosed
	default:
		return refuse()
	}
	return p, nil
}

// Arrive returns the poster with so many more of its seats sold.
func (p Poster) Arrive(seats int) (Poster, error) {
	if seats > p.Left() {
		return p, fmt.Errorf("poster %s has %d seats left, not %d", p.Code, p.Left(), seats)
	}
	p.Arrived += seats
	return p, nil
}
