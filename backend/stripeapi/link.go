package stripeapi

import (
	"context"
	"net/http"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/boxoffice"
)

// Link is a Payment Link: a page that sells to whoever opens it. Each visitor
// gets a session of their own, which names the link.
type Link struct {
	ID       string
	URL      string
	Active   bool
	Metadata map[string]string
	Livemode bool
}

// CreateLink makes a Payment Link. The same key and request make it once. A fee is
// taken only by a platform.
func (c *Client) CreateLink(ctx context.Context, idempotencyKey string, r boxoffice.LinkRequest) (Link, error) {
	t := newTrip(ctx)
	params := &stripe.PaymentLinkParams{
		Params:    stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey},
		LineItems: []*stripe.PaymentLinkLineItemParams{{Price: &r.PriceID, Quantity: &r.Quantity}},
		Metadata:  r.Metadata,
		PaymentIntentData: &stripe.PaymentLinkPaymentIntentDataParams{
			Metadata: r.Metadata, StatementDescriptorSuffix: optional(r.Descriptor),
		},
		Restrictions: &stripe.PaymentLinkRestrictionsParams{
			CompletedSessions: &stripe.PaymentLinkRestrictionsCompletedSessionsParams{Limit: &r.Limit},
		},
		AfterCompletion: &stripe.PaymentLinkAfterCompletionParams{
			Type:               stripe.String(string(stripe.PaymentLinkAfterCompletionTypeHostedConfirmation)),
			HostedConfirmation: &stripe.PaymentLinkAfterCompletionHostedConfirmationParams{CustomMessage: optional(r.Confirmation)},
		},
		InactiveMessage:      optional(r.Closed),
		ApplicationFeeAmount: optionalAmount(r.Fee),
	}
	if len(r.Methods) > 0 {
		params.PaymentMethodTypes = stripe.StringSlice(r.Methods)
	}
	if r.Submit != "" {
		params.CustomText = &stripe.PaymentLinkCustomTextParams{Submit: &stripe.PaymentLinkCustomTextSubmitParams{Message: &r.Submit}}
	}
	answer := &stripe.PaymentLink{}
	err := c.send(t, http.MethodPost, "/v1/payment_links", params, answer, func() bool { return isLink(answer, "") })
	return link(answer), err
}

// CloseLink lets nobody else in. Sessions that visitors have open may still be
// paid: list them with LinkSessions, and expire each.
func (c *Client) CloseLink(ctx context.Context, idempotencyKey, id string) (Link, error) {
	t := newTrip(ctx)
	params := &stripe.PaymentLinkParams{Params: stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey}, Active: new(false)}
	answer := &stripe.PaymentLink{}
	err := c.send(t, http.MethodPost, stripe.FormatURLPath("/v1/payment_links/%s", id), params, answer, func() bool { return isLink(answer, id) })
	return link(answer), err
}

// Link fetches a Payment Link.
func (c *Client) Link(ctx context.Context, id string) (Link, error) {
	t := newTrip(ctx)
	params := &stripe.PaymentLinkParams{Params: stripe.Params{Context: t.ctx}}
	answer := &stripe.PaymentLink{}
	err := c.send(t, http.MethodGet, stripe.FormatURLPath("/v1/payment_links/%s", id), params, answer, func() bool { return isLink(answer, id) })
	return link(answer), err
}

// LinkPage is one page of links, newest first.
type LinkPage struct {
	Links []Link
	More  bool // ask again, after the last one's id
}

// Links lists Payment Links, closed ones too. after is the id that the page
// before ended with, or "".
func (c *Client) Links(ctx context.Context, after string) (LinkPage, error) {
	t := newTrip(ctx)
	answer := &answered[*stripe.PaymentLink]{}
	err := c.listed(t, "/v1/payment_links", &stripe.PaymentLinkListParams{ListParams: page(t.ctx, after)}, answer, func() bool {
		return answer.sound(func(l *stripe.PaymentLink) bool { return l != nil && isLink(l, "") })
	})
	if err != nil {
		return LinkPage{}, err
	}
	p := LinkPage{More: answer.HasMore}
	for _, l := range answer.Data {
		p.Links = append(p.Links, link(l))
	}
	return p, nil
}

// LinkSessions lists the sessions that visitors of a link have opened: those
// of the status, or with "" all. after is the id that the page before ended
// with, or "".
func (c *Client) LinkSessions(ctx context.Context, linkID string, status SessionStatus, after string) (SessionPage, error) {
	t := newTrip(ctx)
	return c.sessions(t, &stripe.CheckoutSessionListParams{
		ListParams:  page(t.ctx, after),
		PaymentLink: &linkID,
		Status:      optional(string(status)),
	})
}

func isLink(l *stripe.PaymentLink, id string) bool {
	return l.Object == "payment_link" && l.ID != "" && l.URL != "" && (id == "" || l.ID == id)
}

func link(l *stripe.PaymentLink) Link {
	return Link{ID: l.ID, URL: l.URL, Active: l.Active, Metadata: l.Metadata, Livemode: l.Livemode}
}
