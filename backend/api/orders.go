package api

import (
	"context"
	"strconv"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/ledger"
)

type orderBody struct {
	Body Order
}

type sellInput struct {
	Key  string `header:"Idempotency-Key" doc:"8 to 64 characters, new for each sale: a retry with the same key returns the same order."`
	Body struct {
		LineItems  []SaleLine           `json:"lineItems"`
		BuyerEmail string               `json:"buyerEmail,omitempty"`
		Tender     boxoffice.TenderKind `json:"tender,omitempty" enum:"phone,card" doc:"A code for the buyer's phone, or a card typed at the till."`
	}
}

// SaleLine is so many tickets of a type for a performance, as asked for.
type SaleLine struct {
	PerformanceID string `json:"performanceId"`
	TicketTypeID  string `json:"ticketTypeId"`
	Quantity      int    `json:"quantity" doc:"From 1 to 100."`
	UnitPrice     int64  `json:"unitPrice,omitempty" doc:"What the buyer chose to pay for each, in minor units; only for types with bounds."`
}

func (s *server) sell(ctx context.Context, in *sellInput) (*orderBody, error) {
	sale := desk.Sale{Key: in.Key, BuyerEmail: in.Body.BuyerEmail, Tender: in.Body.Tender}
	for _, l := range in.Body.LineItems {
		sale.LineItems = append(sale.LineItems, desk.SaleLine(l))
	}
	o, err := s.Desk.Sell(ctx, sale)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.withTimeline(ctx, o)
}

type orderInput struct {
	Order string `path:"order" doc:"The order's id or its code."`
}

func (s *server) order(ctx context.Context, in *orderInput) (*orderBody, error) {
	o, err := s.Desk.Order(in.Order)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.withTimeline(ctx, o)
}

func (s *server) check(ctx context.Context, in *orderInput) (*orderBody, error) {
	o, err := s.Desk.Check(ctx, in.Order)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.withTimeline(ctx, o)
}

func (s *server) cancel(ctx context.Context, in *orderInput) (*orderBody, error) {
	o, err := s.Desk.Cancel(ctx, in.Order)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.withTimeline(ctx, o)
}

func (s *server) withTimeline(ctx context.Context, o boxoffice.Order) (*orderBody, error) {
	out := &orderBody{s.orderView(o)}
	return out, s.view(ctx, func(tx *ledger.Tx) error {
		entries, err := tx.OrderEntries(o.ID)
		if err != nil {
			return err
		}
		out.Body.Timeline, err = timeline(entries)
		return err
	})
}

type ordersInput struct {
	Query  string `query:"q" maxLength:"100" doc:"The start of a code, an e-mail address or a word of a name, or a card's last four digits."`
	Status string `query:"status" enum:"awaiting_payment,paid,canceled,expired,refunded,failed"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	Poster string `query:"poster" maxLength:"64" doc:"Only those that began at this poster."`
	After  string `query:"after" pattern:"^[0-9]{0,20}$" doc:"next of the page before."`
}

type ordersBody struct {
	Body struct {
		Orders []Order `json:"orders" doc:"Without their timelines."`
		Next   string  `json:"next,omitempty" doc:"Ask for after this to get older ones; absent when there are none."`
	}
}

func (s *server) orders(ctx context.Context, in *ordersInput) (*ordersBody, error) {
	before, _ := strconv.ParseUint(in.After, 10, 64) // the schema has checked it; too large a number is none
	q := ledger.OrderQuery{Text: in.Query, Status: boxoffice.OrderStatus(in.Status), Poster: in.Poster, Before: before, Limit: in.Limit}
	out := &ordersBody{}
	out.Body.Orders = []Order{}
	return out, s.view(ctx, func(tx *ledger.Tx) error {
		orders, more, err := tx.Orders(q)
		for _, o := range orders {
			out.Body.Orders = append(out.Body.Orders, s.orderView(o))
		}
		if more && len(orders) > 0 {
			out.Body.Next = strconv.FormatUint(orders[len(orders)-1].Number, 10)
		}
		return err
	})
}
