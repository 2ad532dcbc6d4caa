package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"willcall/backend/desk"
)

func (s *server) refundRoutes(api huma.API) {
	huma.Post(api, "/api/orders/{order}/refund", s.refund, named("refund", "Ask Stripe to give money back"))
	huma.Post(api, "/api/orders/{order}/void", s.void, named("void", "Make tickets void, and say which a refund was for"))
}

// Who is part of every decision about money that is here already.
type Who struct {
	By   string `json:"by" doc:"Who decides: 1 to 60 characters. It is kept in the book."`
	Note string `json:"note,omitempty" doc:"Why: 500 characters at most."`
	Left *int64 `json:"left,omitempty" minimum:"0" doc:"What was left of the money when whoever decides saw it, in minor units. Where all of it goes back or is kept and something else is left by now, the answer is money_moved, and nothing is done."`
}

func (w Who) decision(key string) desk.Decision {
	return desk.Decision{Key: key, By: w.By, Note: w.Note, Left: w.Left}
}

type refundInput struct {
	Order string `path:"order" doc:"The order's id or its code."`
	Key   string `header:"Idempotency-Key" doc:"8 to 64 characters, new for each decision: a retry with the same key gives nothing back twice."`
	Body  struct {
		Who
		TicketIDs []string `json:"ticketIds,omitempty" doc:"The tickets that it pays back. They become void when Stripe has made the refund."`
		Amount    int64    `json:"amount,omitempty" minimum:"0" doc:"In minor units. Left out, it is what the tickets cost, and without tickets all that is left, with all tickets. An amount that is all that is left is for all tickets too, unless a bank holds a part."`
		Reason    string   `json:"reason,omitempty" enum:"requested_by_customer,duplicate,fraudulent" doc:"As Stripe is told."`
	}
}

func (s *server) refund(ctx context.Context, in *refundInput) (*orderBody, error) {
	o, err := s.Desk.Refund(ctx, in.Order, desk.RefundAsk{
		Decision:  in.Body.decision(in.Key),
		TicketIDs: in.Body.TicketIDs, Amount: in.Body.Amount, Reason: in.Body.Reason,
	})
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.withTimeline(ctx, o)
}

type voidInput struct {
	Order string `path:"order" doc:"The order's id or its code."`
	Body  struct {
		Who
		RefundID  string   `json:"refundId,omitempty" doc:"The refund that was for these tickets."`
		TicketIDs []string `json:"ticketIds" doc:"Of a refund it may be none."`
	}
}

func (s *server) void(ctx context.Context, in *voidInput) (*orderBody, error) {
	o, err := s.Desk.Void(in.Order, desk.VoidAsk{
		Decision: in.Body.decision(""), RefundID: in.Body.RefundID, TicketIDs: in.Body.TicketIDs,
	})
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.withTimeline(ctx, o)
}
