package api

import (
	"net/url"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// Order is one purchase as the screens see it.
type Order struct {
	ID         string                `json:"id"`
	Code       string                `json:"code" doc:"Its short human name." example:"K7QF3M"`
	Status     boxoffice.OrderStatus `json:"status" enum:"awaiting_payment,paid,canceled,expired,refunded,failed"`
	PlacedAt   time.Time             `json:"placedAt"`
	UpdatedAt  time.Time             `json:"updatedAt"`
	BuyerName  string                `json:"buyerName,omitempty"`
	BuyerEmail string                `json:"buyerEmail,omitempty"`
	Total      money.Amount          `json:"total"`
	Seats      int                   `json:"seats"`
	LineItems  []LineItem            `json:"lineItems"`
	Tenders    []Tender              `json:"tenders"`
	Tickets    []Ticket              `json:"tickets" doc:"Only when it is paid."`
	PosterID   string                `json:"posterId,omitempty" doc:"It began at this poster."`
	Refunds    []Refund              `json:"refunds"`
	Disputes   []Dispute             `json:"disputes"`
	Refunded   int64                 `json:"refunded" doc:"What went back by refunds or is on its way, in minor units."`
	Disputed   int64                 `json:"disputed" doc:"What buyers' banks hold back, in minor units."`
	Refundable int64                 `json:"refundable" doc:"What Stripe can still give back, in minor units."`

	DiscrepancyID string `json:"discrepancyId,omitempty" doc:"The money without a place that it was made for."`

	Timeline []Moment `json:"timeline,omitempty" doc:"The entries about it, oldest first; not in lists."`
}

// LineItem is so many tickets of a type for a performance.
type LineItem struct {
	PerformanceID string       `json:"performanceId"`
	TicketTypeID  string       `json:"ticketTypeId"`
	EventName     string       `json:"eventName"`
	Name          string       `json:"name"`
	Place         string       `json:"place"`
	StartsAt      time.Time    `json:"startsAt"`
	TimeZone      string       `json:"timeZone" doc:"IANA name; show startsAt in it."`
	UnitPrice     money.Amount `json:"unitPrice"`
	Quantity      int          `json:"quantity"`
	Total         money.Amount `json:"total"`
	Donation      bool         `json:"donation,omitempty" doc:"Admits nobody."`
	TaxRate       *TaxRate     `json:"taxRate,omitempty" doc:"Contained in the total."`
}

// Tender is one way in which the order is or was to be paid.
type Tender struct {
	ID            string                `json:"id"`
	Kind          boxoffice.TenderKind  `json:"kind" enum:"phone,card"`
	State         boxoffice.TenderState `json:"state" enum:"starting,open,processing,paid,expired,refused,failed"`
	Amount        money.Amount          `json:"amount"`
	SessionID     string                `json:"sessionId,omitempty"`
	URL           string                `json:"url,omitempty" doc:"Where the buyer pays, as long as it is open; for a card, the page on which it is typed."`
	ExpiresAt     *time.Time            `json:"expiresAt,omitempty"`
	PaidAt        *time.Time            `json:"paidAt,omitempty"`
	Card          *Card                 `json:"card,omitempty"`
	CancelAsked   bool                  `json:"cancelAsked"`
	Problem       *Trouble              `json:"problem,omitempty" doc:"Why it was refused or failed."`
	TrainingPhone string                `json:"trainingPhone,omitempty" doc:"In training, the path of the buyer's page on the till itself."`
}

// Card is what may be known of a buyer's card.
type Card struct {
	Brand string `json:"brand"`
	Last4 string `json:"last4"`
}

// Trouble is a problem that the book keeps.
type Trouble struct {
	Code   Code   `json:"code"`
	Detail string `json:"detail"`
	Next   string `json:"next"`
}

// Ticket is one admission.
type Ticket struct {
	ID            string `json:"id"`
	PerformanceID string `json:"performanceId"`
	TicketTypeID  string `json:"ticketTypeId"`
	Name          string `json:"name"`
	Number        int    `json:"number"`
	Of            int    `json:"of"`
	Void          bool   `json:"void" doc:"It admits nobody any more."`
	Refunding     bool   `json:"refunding" doc:"A refund for it is under way or was made: it cannot be given back once more. Until Stripe has made it, the ticket is valid."`
	Code          string `json:"code" doc:"What its QR code says: the ticket's id, signed; empty while the keys are sealed."`
}

// Moment is one entry in an order's story.
type Moment struct {
	Number uint64         `json:"number"`
	At     time.Time      `json:"at"`
	Kind   boxoffice.Kind `json:"kind" enum:"order.placed,order.arrived,tender.opened,tender.refused,tender.cancel_asked,tender.processing,tender.paid,tender.expired,tender.failed,code.close_asked,code.closed,discrepancy.found,discrepancy.resolved,refund.asked,refund.recorded,refund.refused,dispute.recorded,tickets.voided"`
	Amount *money.Amount  `json:"amount,omitempty"`
	Detail string         `json:"detail,omitempty" doc:"What Stripe or the bank said, where it matters; of discrepancy.found the reason, of discrepancy.resolved the action, or noted where nothing was left to keep."`
	Status string         `json:"status,omitempty" doc:"Of a refund or a dispute: how far it has come."`
	By     string         `json:"by,omitempty" doc:"Who decided."`
	Note   string         `json:"note,omitempty" doc:"What they wrote."`

	Tickets  int  `json:"tickets,omitempty" doc:"How many tickets it is about."`
	External bool `json:"external,omitempty" doc:"Made in Stripe's Dashboard, or by another program."`
}

func (s *server) orderView(o boxoffice.Order) Order {
	v := Order{
		ID: o.ID, Code: o.Code, Status: o.Status(), PlacedAt: o.PlacedAt, UpdatedAt: o.UpdatedAt,
		BuyerName: o.BuyerName, BuyerEmail: o.BuyerEmail, Total: o.Total, Seats: o.Seats(),
		PosterID: o.PosterID, LineItems: []LineItem{}, Tenders: []Tender{}, Tickets: s.ticketViews(o),
		Refunds: refundViews(o.Refunds), Disputes: disputeViews(o.Disputes), Refunded: o.Refunded(), Disputed: o.Disputed(), Refundable: desk.Refundable(o),
		DiscrepancyID: o.DiscrepancyID,
	}
	for _, l := range o.LineItems {
		v.LineItems = append(v.LineItems, LineItem{
			PerformanceID: l.PerformanceID, TicketTypeID: l.TicketTypeID, EventName: l.EventName, Name: l.Name, Place: l.Place,
			StartsAt: l.StartsAt, TimeZone: l.TimeZone, UnitPrice: l.UnitPrice, Quantity: l.Quantity, Total: l.Total,
			Donation: l.Donation, TaxRate: (*TaxRate)(l.TaxRate),
		})
	}
	for _, t := range o.Tenders {
		v.Tenders = append(v.Tenders, s.tenderView(o.ID, t))
	}
	return v
}

func (s *server) ticketViews(o boxoffice.Order) []Ticket {
	views := []Ticket{}
	key := s.TicketKey()
	for _, t := range o.Tickets {
		ticket := Ticket{ID: t.ID, PerformanceID: t.PerformanceID, TicketTypeID: t.TicketTypeID, Name: t.Name, Number: t.Number, Of: t.Of, Void: t.Void, Refunding: desk.Refunding(o, t.ID)}
		if key != nil {
			ticket.Code = boxoffice.TicketCode(key, t.ID)
		}
		views = append(views, ticket)
	}
	return views
}

func (s *server) tenderView(orderID string, t boxoffice.Tender) Tender {
	v := Tender{ID: t.ID, Kind: t.Kind, State: t.State, Amount: t.Amount, SessionID: t.SessionID, CancelAsked: t.CancelAsked}
	switch {
	case t.State != boxoffice.TenderOpen:
	case t.Kind == boxoffice.CardTender:
		v.URL = s.Typed.Page(orderID)
	default:
		v.URL, v.ExpiresAt = t.URL, &t.ExpiresAt
		v.TrainingPhone = s.phoneView(t.URL)
	}
	if !t.PaidAt.IsZero() {
		v.PaidAt = &t.PaidAt
	}
	if t.Card != (boxoffice.Card{}) {
		v.Card = &Card{Brand: t.Card.Brand, Last4: t.Card.Last4}
	}
	if p := t.Problem; p != nil {
		v.Problem = &Trouble{Code: Code(p.Code), Detail: p.Detail, Next: p.Next}
	}
	return v
}

// phoneView is where the till shows the buyer's page of the URL in training.
func (s *server) phoneView(page string) string {
	u, err := url.Parse(page)
	if s.Phone == nil || err != nil {
		return ""
	}
	return phonePath[:len(phonePath)-1] + u.EscapedPath()
}

// timeline tells an order's entries.
func timeline(entries []ledger.Entry) ([]Moment, error) {
	moments := []Moment{}
	for _, e := range entries {
		f, err := e.Fact()
		if err != nil {
			return nil, err
		}
		m := Moment{Number: e.Number, At: e.At, Kind: e.Kind}
		switch f := f.(type) {
		case boxoffice.OrderPlacedFact:
			m.Amount = &f.Order.Total
		case boxoffice.OrderArrivedFact:
			m.Amount = &f.Order.Total
		case boxoffice.PaidFact:
			m.Amount = &f.Amount
		case boxoffice.RefusedFact:
			m.Detail = f.Problem.Detail
		case boxoffice.FailedFact:
			m.Detail = f.Problem.Detail
		case boxoffice.DiscrepancyFoundFact:
			m.Amount, m.Detail = &f.Discrepancy.Amount, string(f.Discrepancy.Reason)
		default:
			m = tellReturns(m, f)
		}
		moments = append(moments, m)
	}
	return moments, nil
}
