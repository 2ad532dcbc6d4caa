package reconcile

import (
	"log/slog"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// trace is what the log says of an entry: its number, with the ids of Stripe's
// that it is about and the request that told of them. Whoever looks for a charge
// in the log finds both.
func trace(e ledger.Entry, f boxoffice.Fact, requestID string) []slog.Attr {
	attrs := []slog.Attr{slog.Uint64("entry", e.Number), slog.String("kind", string(e.Kind))}
	say := func(key, id string) {
		if id != "" {
			attrs = append(attrs, slog.String(key, id))
		}
	}
	say("order", f.About())
	switch f := f.(type) {
	case boxoffice.OpenedFact:
		say("session", f.SessionID)
	case boxoffice.ProcessingFact:
		say("payment", f.PaymentIntentID)
	case boxoffice.PaidFact:
		say("session", f.SessionID)
		say("payment", f.PaymentIntentID)
		say("charge", f.ChargeID)
	case boxoffice.OrderArrivedFact:
		for _, t := range f.Order.Tenders {
			say("session", t.SessionID)
			say("payment", t.PaymentIntentID)
			say("charge", t.ChargeID)
		}
	case boxoffice.DiscrepancyFoundFact:
		say("session", f.Discrepancy.SessionID)
		say("payment", f.Discrepancy.PaymentIntentID)
		say("charge", f.Discrepancy.ChargeID)
		say("refund", f.Discrepancy.RefundID)
	case boxoffice.RefundRecordedFact:
		say("payment", f.Refund.PaymentIntentID)
		say("charge", f.Refund.ChargeID)
		say("refund", f.Refund.StripeID)
	case boxoffice.DisputeRecordedFact:
		say("payment", f.Dispute.PaymentIntentID)
		say("charge", f.Dispute.ChargeID)
		say("dispute", f.Dispute.ID)
	}
	say("request_id", requestID)
	return attrs
}
