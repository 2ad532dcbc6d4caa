package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// Payment is what the page needs on which a card is typed.
type Payment struct {
	OrderCode      string                `json:"orderCode"`
	Amount         money.Amount          `json:"amount"`
	State          boxoffice.TenderState `json:"state" enum:"starting,open,processing,paid,expired,refused,failed" doc:"The page may only take a card while it is open."`
	Mode           boxoffice.Mode        `json:"mode" enum:"training,live"`
	PublishableKey string                `json:"publishableKey"`
	AccountID      string                `json:"accountId,omitempty" doc:"The connected account, for Stripe.js."`
	ClientSecret   string                `json:"clientSecret,omitempty" doc:"Lets this payment be confirmed, and nothing else. Only while it is open."`
	StandIn        string                `json:"standIn,omitempty" doc:"In training, the address of a script that stands in for Stripe.js."`
}

// Typed is how a card typed at the till reaches Stripe.
type Typed interface {
	// Page is the https address of the page for the order.
	Page(orderID string) string
	// Payment fetches from Stripe what the page needs.
	Payment(ctx context.Context, o boxoffice.Order, t boxoffice.Tender) (Payment, error)
}

type paymentBody struct {
	CacheControl string `header:"Cache-Control"`
	Body         Payment
}

type openedBody struct {
	Body struct {
		URL    string `json:"url"`
		Opened bool   `json:"opened" doc:"The system's browser shows it already; else open it."`
	}
}

func (s *server) paymentRoutes(api huma.API) {
	huma.Get(api, "/api/orders/{order}/payment", s.payment, named("payment", "What the page needs on which the order's card is typed"))
	huma.Post(api, "/api/orders/{order}/page", s.openPage, named("openPage", "Show the page on which the order's card is typed, in the system's browser"))
}

func (s *server) payment(ctx context.Context, in *orderInput) (*paymentBody, error) {
	o, t, err := s.typedTender(in.Order)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	p, err := s.Typed.Payment(ctx, o, t)
	return &paymentBody{"no-store", p}, s.problem(ctx, err)
}

func (s *server) openPage(ctx context.Context, in *orderInput) (*openedBody, error) {
	o, _, err := s.typedTender(in.Order)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.opened(s.Typed.Page(o.ID)), nil
}

// opened shows the address in the system's browser, where the program can.
func (s *server) opened(address string) *openedBody {
	out := &openedBody{}
	out.Body.URL = address
	if s.OpenBrowser != nil {
		out.Body.Opened = s.OpenBrowser(address)
	}
	return out
}

// typedTender is the order's newest tender, if it is a card typed at the till.
func (s *server) typedTender(idOrCode string) (boxoffice.Order, boxoffice.Tender, error) {
	o, err := s.Desk.Order(idOrCode)
	if err != nil {
		return o, boxoffice.Tender{}, err
	}
	if t := o.Tenders[len(o.Tenders)-1]; t.Kind == boxoffice.CardTender {
		return o, t, nil
	}
	return o, boxoffice.Tender{}, &boxoffice.Error{
		Code:    boxoffice.CodeNoCode,
		Message: "Order " + o.Code + " is not paid by a card that is typed here.",
		Next:    "Look at the order's status.",
	}
}
