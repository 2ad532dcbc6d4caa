package main

import (
	"context"
	"fmt"
	"maps"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// Cards that Stripe has ready in test mode (docs.stripe.com/testing).
const (
	paying   = "pm_card_visa"
	declined = "pm_card_visa_chargeDeclined"
)

// back is where a bank would send the buyer.
const back = "http://127.0.0.1:4380/c/done"

func paymentChecks() []check {
	const carry, plan = "reconcile/carry.go", "reconcile/plan.go"
	return []check{
		{"11.1", "a payment is taken as the till asks for it, and is open", "desk/sell.go", (*line).newPayment},
		{"11.2", "confirmed with a good card it has succeeded, with a charge and its card", plan, (*line).confirm},
		{"11.3", "the event payment_intent.succeeded is listed within 10 minutes", "reconcile/poll.go", func(l *line, ctx context.Context) (string, error) {
			if l.paidAt.IsZero() {
				return "", need("", "11.2")
			}
			return l.event(ctx, "payment_intent.succeeded", l.paid.ID, l.paid.Created, l.paidAt)
		}},
		{"11.4", "canceling it then is refused", carry, func(l *line, ctx context.Context) (string, error) {
			if l.paidAt.IsZero() {
				return "", need("", "11.2")
			}
			_, err := l.CancelPayment(ctx, l.newKey(), l.paid.ID)
			return wantRefused(err, "it")
		}},
		{"11.5", "a declined card is card_declined, and the payment is open again", plan, (*line).decline},
		{"11.6", "an open payment can be canceled, and is canceled at once", carry, func(l *line, ctx context.Context) (string, error) {
			made, err := l.makePayment(ctx, money.New(5200, "eur"))
			if err != nil {
				return "", err
			}
			s, err := l.CancelPayment(ctx, l.newKey(), made.ID)
			if err == nil && (s.Status != stripeapi.SessionExpired || s.Payment.Status != stripeapi.PaymentCanceled) {
				err = deny("it is %s", s.Payment.Status)
			}
			return string(s.Payment.Status), err
		}},
		{"11.7", fmt.Sprintf("the list shows a new payment within %s, with its metadata", settled), carry, (*line).listPayment},
	}
}

// makePayment makes one as the till asks for it. What was paid of it is
// refunded at the end, and what can still be paid is canceled.
func (l *line) makePayment(ctx context.Context, a money.Amount) (stripeapi.Session, error) {
	order := "ord-" + l.newKey()
	s, err := l.CreatePayment(ctx, l.newKey(), boxoffice.PaymentRequest{
		Amount: a, Description: "Willcall " + orderCode + " · 2 × Hamlet · Adult", ReceiptEmail: "buyer@example.com", Descriptor: boxoffice.Descriptor(orderCode),
		Metadata: l.metadata(boxoffice.MetadataOrder, order, boxoffice.MetadataKind, string(boxoffice.CardTender), boxoffice.MetadataCode, orderCode),
	})
	if err == nil {
		l.later("payment "+s.ID, func(ctx context.Context) error { return l.endPayment(ctx, s.ID) })
	}
	return s, err
}

func (l *line) endPayment(ctx context.Context, id string) error {
	s, err := l.Payment(ctx, id)
	switch {
	case err != nil:
		return err
	case s.Paid:
		_, err = l.Refund(ctx, l.newKey(), stripeapi.RefundRequest{PaymentIntentID: id, Metadata: l.metadata()})
		if f := failed(err); f != nil && f.Code == refundedAlready {
			return nil
		}
	case s.Status == stripeapi.SessionOpen:
		_, err = l.CancelPayment(ctx, l.newKey(), id)
	}
	return err
}

func (l *line) newPayment(ctx context.Context) (string, error) {
	s, err := l.makePayment(ctx, money.New(5200, "eur"))
	if err != nil {
		return "", err
	}
	l.paid = s
	if s.Status != stripeapi.SessionOpen || s.Paid || s.Livemode || s.Amount != money.New(5200, "eur") || s.Metadata[mark] != l.run || s.Reference == "" {
		return "", deny("it came back %s, paid %t, %s, metadata %v", s.Payment.Status, s.Paid, s.Amount, s.Metadata)
	}
	return string(s.Payment.Status), nil
}

func (l *line) confirm(ctx context.Context) (string, error) {
	if err := need(l.paid.ID, "11.1"); err != nil {
		return "", err
	}
	s, err := l.ConfirmPayment(ctx, l.newKey(), l.paid.ID, paying, back)
	if err != nil {
		return "", err
	}
	p := s.Payment
	if !s.Paid || p.Status != stripeapi.PaymentSucceeded || p.ChargeID == "" || p.PaidAt.IsZero() || p.Card != (boxoffice.Card{Brand: "visa", Last4: "4242"}) {
		return "", deny("it is %s, charge %q at %s, card %q %s", p.Status, p.ChargeID, p.PaidAt, p.Card.Brand, p.Card.Last4)
	}
	l.paid, l.paidAt = s, l.now()
	return fmt.Sprintf("%s, %s %s", p.Status, p.Card.Brand, p.Card.Last4), nil
}

func (l *line) decline(ctx context.Context) (string, error) {
	made, err := l.makePayment(ctx, money.New(5200, "eur"))
	if err != nil {
		return "", err
	}
	_, err = l.ConfirmPayment(ctx, l.newKey(), made.ID, declined, back)
	saw, wrong := wantRefused(err, declined)
	if wrong != nil {
		return "", wrong
	}
	if code := failed(err).Code; code != "card_declined" {
		return "", deny("%s", saw)
	}
	s, err := l.Payment(ctx, made.ID)
	if err == nil && (s.Status != stripeapi.SessionOpen || s.Paid || s.Payment.Problem == "") {
		err = deny("after it the payment is %s, and its problem %q", s.Payment.Status, s.Payment.Problem)
	}
	return fmt.Sprintf("%s; then %s", saw, s.Payment.Status), err
}

func (l *line) listPayment(ctx context.Context) (string, error) {
	made, err := l.makePayment(ctx, money.New(5200, "eur"))
	if err != nil {
		return "", err
	}
	took, err := l.soon(l.now(), settled, func() (bool, error) {
		s, found, err := search(func(after string) ([]stripeapi.Session, bool, error) {
			page, err := l.Payments(ctx, made.Created, l.Now().Add(time.Minute), after)
			return page.Sessions, page.More, err
		}, func(s stripeapi.Session) string { return s.ID }, func(s stripeapi.Session) bool { return s.ID == made.ID })
		if found && !maps.Equal(s.Metadata, made.Metadata) {
			err = deny("listed with the metadata %v", s.Metadata)
		}
		return found, err
	})
	return fmt.Sprintf("after %s", took), err
}
