package api

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

func (s *server) lateRoutes(api huma.API) {
	huma.Get(api, "/api/late-money", s.lateMoney, named("lateMoney", "Money without a place, and refunds of which nobody said what they are for"))
	huma.Post(api, "/api/late-money/{id}/seat", s.seatLate, named("seatLate", "Give seats for money without a place"))
	huma.Post(api, "/api/late-money/{id}/refund", s.refundLate, named("refundLate", "Give money without a place back"))
	huma.Post(api, "/api/late-money/{id}/keep", s.keepLate, named("keepLate", "Keep money without a place, as a donation or as settled"))
}

// LateMoney is money at Stripe that fits no order.
type LateMoney struct {
	ID              string           `json:"id"`
	Reason          boxoffice.Reason `json:"reason" enum:"unknown_order,wrong_amount,wrong_currency,wrong_mode,no_room,paid_twice,refund_failed,elsewhere"`
	FoundAt         time.Time        `json:"foundAt" doc:"When it was written into the book."`
	PaidAt          *time.Time       `json:"paidAt,omitempty"`
	Amount          money.Amount     `json:"amount"`
	Left            int64            `json:"left" doc:"What of it is still here, in minor units, and was not kept before the rest came back."`
	Kept            int64            `json:"kept,omitempty" doc:"What somebody kept of it, in minor units, before the rest came back."`
	Expected        *money.Amount    `json:"expected,omitempty" doc:"What the order costs."`
	OrderID         string           `json:"orderId,omitempty" doc:"The order that it was meant for, if that is known."`
	OrderCode       string           `json:"orderCode,omitempty"`
	PosterID        string           `json:"posterId,omitempty"`
	SessionID       string           `json:"sessionId"`
	PaymentIntentID string           `json:"paymentIntentId,omitempty"`
	BuyerName       string           `json:"buyerName,omitempty"`
	BuyerEmail      string           `json:"buyerEmail,omitempty"`
	Card            *Card            `json:"card,omitempty"`
	Refunds         []Refund         `json:"refunds"`
	Disputes        []Dispute        `json:"disputes"`
	Resolution      *Resolution      `json:"resolution,omitempty" doc:"What somebody did about it."`
	Actions         []string         `json:"actions" doc:"What can be done about it now: seat, refund, keep. None of what waits, as long as Stripe has not answered another refund of the same money."`
	Room            bool             `json:"room" doc:"The seats that it was for are free now."`
	Lines           []MeantLine      `json:"lines" doc:"What it was meant to buy, where that is known."`
	Story           []Moment         `json:"story" doc:"The entries about it and about its order, oldest first. One whose number is 0 has no entry of its own."`
}

// MeantLine is so many tickets that late money was meant to buy.
type MeantLine struct {
	PerformanceID string    `json:"performanceId"`
	TicketTypeID  string    `json:"ticketTypeId"`
	EventName     string    `json:"eventName"`
	Name          string    `json:"name"`
	StartsAt      time.Time `json:"startsAt"`
	TimeZone      string    `json:"timeZone" doc:"IANA name; show startsAt in it."`
	Quantity      int       `json:"quantity"`
}

// Resolution is what somebody did about money without a place.
type Resolution struct {
	Action    boxoffice.LateAction `json:"action" enum:"seat,refund,keep"`
	By        string               `json:"by"`
	Note      string               `json:"note,omitempty"`
	At        time.Time            `json:"at"`
	OrderID   string               `json:"orderId,omitempty" doc:"The order that it was seated as."`
	OrderCode string               `json:"orderCode,omitempty"`
	RefundID  string               `json:"refundId,omitempty" doc:"The refund that gives it back."`
	Left      *int64               `json:"left,omitempty" doc:"Of keep: what was left to keep, in minor units. With 0 nothing was kept; absent, it was decided with an older version, which did not write it down."`
}

// Question is a refund of a part of an order, made elsewhere, of which nobody
// has said which tickets it is for.
type Question struct {
	OrderID   string   `json:"orderId"`
	OrderCode string   `json:"orderCode"`
	BuyerName string   `json:"buyerName,omitempty"`
	Refund    Refund   `json:"refund"`
	Tickets   []Ticket `json:"tickets" doc:"The valid ones."`
}

type lateMoneyInput struct {
	State string `query:"state" enum:"waiting,done,elsewhere" default:"waiting" doc:"What waits for a person, oldest first; what is dealt with, or what another program sold, newest first."`
	Limit int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	After string `query:"after" maxLength:"300" doc:"next of the page before."`
}

type lateMoneyBody struct {
	Body struct {
		Items     []LateMoney `json:"items"`
		Next      string      `json:"next,omitempty" doc:"Ask for after this to get more; absent when there are none."`
		Waiting   int         `json:"waiting" doc:"How many wait for a person."`
		Questions []Question  `json:"questions"`
	}
}

func (s *server) lateMoney(ctx context.Context, in *lateMoneyInput) (*lateMoneyBody, error) {
	out := &lateMoneyBody{}
	out.Body.Items, out.Body.Questions = []LateMoney{}, []Question{}
	return out, s.view(ctx, func(tx *ledger.Tx) error {
		waiting, err := tx.Waiting()
		if err != nil {
			return err
		}
		out.Body.Waiting = len(waiting)
		found := waiting
		if in.State != "waiting" {
			if found, err = dealtWith(tx, in.State == "elsewhere"); err != nil {
				return err
			}
		}
		slices.SortFunc(found, byFound)
		if in.State != "waiting" {
			slices.Reverse(found)
		}
		if found, err = following(tx, found, in.After, in.State == "waiting"); err != nil {
			return err
		}
		if len(found) > in.Limit {
			found, out.Body.Next = found[:in.Limit], found[in.Limit-1].ID
		}
		c, err := tx.Catalogue()
		if err != nil {
			return err
		}
		for _, d := range found {
			v, err := s.lateView(tx, c, d)
			if err != nil {
				return err
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		out.Body.Questions, err = s.questions(tx)
		return err
	})
}

// dealtWith is the money that waits for nobody: what another program sold, or
// all the rest.
func dealtWith(tx *ledger.Tx, elsewhere bool) ([]boxoffice.Discrepancy, error) {
	all, err := tx.Discrepancies()
	return slices.DeleteFunc(all, func(d boxoffice.Discrepancy) bool {
		return d.Waiting() || (d.Reason == boxoffice.Elsewhere) != elsewhere
	}), err
}

func byFound(a, b boxoffice.Discrepancy) int {
	return cmp.Or(a.FoundAt.Compare(b.FoundAt), cmp.Compare(a.ID, b.ID))
}

// following leaves out what stands before the id and the id itself, which may
// have left the list since.
func following(tx *ledger.Tx, found []boxoffice.Discrepancy, id string, oldestFirst bool) ([]boxoffice.Discrepancy, error) {
	if id == "" {
		return found, nil
	}
	last, ok, err := tx.Discrepancy(id)
	if err != nil || !ok {
		return nil, err
	}
	return slices.DeleteFunc(found, func(d boxoffice.Discrepancy) bool {
		return d.ID == last.ID || (byFound(d, last) < 0) == oldestFirst
	}), nil
}

func (s *server) questions(tx *ledger.Tx) ([]Question, error) {
	questions := []Question{}
	orders, err := tx.Unanswered()
	for _, o := range orders {
		valid := o
		valid.Tickets = o.Valid()
		tickets := s.ticketViews(valid)
		for _, r := range refundViews(o.Unanswered()) {
			questions = append(questions, Question{OrderID: o.ID, OrderCode: o.Code, BuyerName: o.BuyerName, Refund: r, Tickets: tickets})
		}
	}
	return questions, err
}

func (s *server) lateView(tx *ledger.Tx, c boxoffice.Catalogue, d boxoffice.Discrepancy) (LateMoney, error) {
	v := LateMoney{
		ID: d.ID, Reason: d.Reason, FoundAt: d.FoundAt, Amount: d.Amount, OrderID: d.OrderID, PosterID: d.PosterID,
		SessionID: d.SessionID, PaymentIntentID: d.PaymentIntentID, BuyerName: d.BuyerName, BuyerEmail: d.BuyerEmail, Kept: d.Kept,
		Refunds: refundViews(d.Refunds), Disputes: disputeViews(d.Disputes), Actions: []string{}, Lines: []MeantLine{},
	}
	if !d.PaidAt.IsZero() {
		v.PaidAt = &d.PaidAt
	}
	if d.Expected != (money.Amount{}) {
		v.Expected = &d.Expected
	}
	if d.Card != (boxoffice.Card{}) {
		v.Card = &Card{Brand: d.Card.Brand, Last4: d.Card.Last4}
	}
	actions, err := desk.LateActions(tx, d)
	if err != nil {
		return v, err
	}
	if v.Left, err = desk.LateLeft(tx, d); err != nil {
		return v, err
	}
	for _, a := range actions {
		v.Actions = append(v.Actions, string(a))
	}
	meant, err := desk.MeantFor(tx, c, d)
	if err != nil {
		return v, err
	}
	v.Room = meant.Room && slices.Contains(actions, boxoffice.ActSeat)
	for _, l := range meant.Lines {
		v.Lines = append(v.Lines, MeantLine{
			PerformanceID: l.PerformanceID, TicketTypeID: l.TicketTypeID, EventName: l.EventName, Name: l.Name, StartsAt: l.StartsAt, TimeZone: l.TimeZone, Quantity: l.Quantity,
		})
	}
	codeOf := func(id string) string {
		o, _, failed := tx.Order(id)
		err = cmp.Or(err, failed)
		return o.Code
	}
	if d.OrderID != "" {
		v.OrderCode = codeOf(d.OrderID)
	}
	if r := d.Resolution; r != nil {
		v.Resolution = &Resolution{Action: r.Action, By: r.By, Note: r.Note, At: r.At, OrderID: r.OrderID, RefundID: r.RefundID, Left: r.Left}
		if r.OrderID != "" {
			v.Resolution.OrderCode = codeOf(r.OrderID)
		}
	}
	if err == nil {
		v.Story, err = lateStory(tx, d)
	}
	return v, err
}

// lateStory is what happened to the money, and to the order that it was meant
// for.
func lateStory(tx *ledger.Tx, d boxoffice.Discrepancy) ([]Moment, error) {
	entries, err := tx.DiscrepancyEntries(d.ID)
	if err != nil {
		return nil, err
	}
	if d.OrderID != "" {
		more, err := tx.OrderEntries(d.OrderID)
		if err != nil {
			return nil, err
		}
		for _, e := range more {
			if other, err := ofOtherMoney(e, d.ID); err != nil {
				return nil, err
			} else if !other {
				entries = append(entries, e)
			}
		}
	}
	slices.SortFunc(entries, func(a, b ledger.Entry) int { return cmp.Compare(a.Number, b.Number) })
	entries = slices.CompactFunc(entries, func(a, b ledger.Entry) bool { return a.Number == b.Number })
	story, err := timeline(entries)
	if d.OrderID == "" { // the entry that found it belongs to no order, and nothing leads there
		found := Moment{At: d.FoundAt, Kind: boxoffice.KindDiscrepancy, Amount: &d.Amount, Detail: string(d.Reason)}
		story = append([]Moment{found}, story...)
	}
	return story, err
}

// ofOtherMoney reports whether the entry is about other late money of the order:
// its end is not this one's.
func ofOtherMoney(e ledger.Entry, id string) (bool, error) {
	if e.Kind != boxoffice.KindDiscrepancy && e.Kind != boxoffice.KindDiscrepancyResolved {
		return false, nil
	}
	f, err := e.Fact()
	switch f := f.(type) {
	case boxoffice.DiscrepancyFoundFact:
		return f.Discrepancy.ID != id, err
	case boxoffice.DiscrepancyResolvedFact:
		return f.DiscrepancyID != id, err
	default:
		return false, err
	}
}

// DecisionInput is what each decision at the late-money desk is about, and what
// makes it one decision.
type DecisionInput struct {
	ID  string `path:"id" maxLength:"300"`
	Key string `header:"Idempotency-Key" doc:"8 to 64 characters, new for each decision: a retry with the same key decides nothing twice."`
}

type seatLateInput struct {
	DecisionInput
	Body struct {
		Who
		Lines []SeatLine `json:"lines" doc:"None: what it was meant to buy."`
	}
}

// SeatLine is so many tickets that late money is to buy, whatever they cost.
type SeatLine struct {
	PerformanceID string `json:"performanceId"`
	TicketTypeID  string `json:"ticketTypeId"`
	Quantity      int    `json:"quantity" doc:"From 1 to 100."`
}

type whoLateInput struct {
	DecisionInput
	Body Who
}

type lateBody struct {
	Body LateMoney
}

func (s *server) seatLate(ctx context.Context, in *seatLateInput) (*lateBody, error) {
	var lines []desk.SaleLine
	for _, l := range in.Body.Lines {
		lines = append(lines, desk.SaleLine{PerformanceID: l.PerformanceID, TicketTypeID: l.TicketTypeID, Quantity: l.Quantity})
	}
	d, err := s.Desk.SeatLate(in.ID, lines, in.decision(in.Body.Who))
	return s.late(ctx, d, err)
}

func (s *server) refundLate(ctx context.Context, in *whoLateInput) (*lateBody, error) {
	d, err := s.Desk.RefundLate(ctx, in.ID, in.decision(in.Body))
	return s.late(ctx, d, err)
}

func (s *server) keepLate(ctx context.Context, in *whoLateInput) (*lateBody, error) {
	d, err := s.Desk.KeepLate(in.ID, in.decision(in.Body))
	return s.late(ctx, d, err)
}

func (in DecisionInput) decision(w Who) desk.Decision {
	return w.decision(in.Key)
}

func (s *server) late(ctx context.Context, d boxoffice.Discrepancy, err error) (*lateBody, error) {
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &lateBody{}
	return out, s.view(ctx, func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		if err == nil {
			out.Body, err = s.lateView(tx, c, d)
		}
		return err
	})
}
