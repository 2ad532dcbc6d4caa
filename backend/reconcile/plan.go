package reconcile

import (
	"slices"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// sight is one look at a Checkout Session, beside what the book holds of it.
// It is all that a plan may depend on.
type sight struct {
	session stripeapi.Session

	// foreign says that it is a Checkout Session's own PaymentIntent, of which
	// the session tells, or another program's.
	foreign bool
	ours    bool             // no order has it, and it says that it was made for this book
	poster  boxoffice.Poster // at which the session began; without an id if at none
	code    string           // a code that no order has, for a sale that began at a poster

	known  bool // the book has an order for the session
	second bool // … whose code is another session: an answer that was lost was found too late
	order  boxoffice.Order
	tender boxoffice.Tender
	room   bool // the order's seats were given free, and could be taken again
	kept   bool // the session's money is in the book already, as a discrepancy
	gone   bool // … and all of it went back

	livemode bool      // the book is for real money
	now      time.Time // by Stripe's clock
	newID    func(prefix string) string
}

// plan says which facts the book must record, in order, for the session to be
// in it as Stripe has it. No facts: it is already. Planning again after the
// facts are recorded gives none, whatever the order in which sessions are
// seen.
func plan(s sight) []boxoffice.Fact {
	switch {
	case s.foreign:
		return nil
	case s.second:
		return s.another()
	case !s.known && s.poster.ID != "":
		return s.arrival()
	case !s.known:
		return s.stray()
	}
	of := boxoffice.OfTender{OrderID: s.order.ID, TenderID: s.tender.ID}
	var facts []boxoffice.Fact
	state := s.tender.State
	if state == boxoffice.TenderStarting {
		facts = append(facts, boxoffice.OpenedFact{OfTender: of, SessionID: s.session.ID, URL: s.session.URL, ExpiresAt: s.expiresAt()})
		state = boxoffice.TenderOpen
	}
	switch verdict := judge(s.session); {
	case verdict == paid && state == boxoffice.TenderPaid:
		return facts
	case verdict == paid && s.misfit() == "":
		return append(facts, s.paid(of))
	case verdict == paid:
		return append(facts, s.keep(of, state)...)
	case state.Final(), verdict == waiting:
		return facts
	case verdict == lapsed: // out of processing too, when the bank refused and nobody tried again
		return append(facts, boxoffice.ExpiredFact{OfTender: of})
	}
	// The buyer is done, and the bank decides or has decided against.
	if state == boxoffice.TenderOpen {
		facts = append(facts, boxoffice.ProcessingFact{OfTender: of, PaymentIntentID: s.session.Payment.IntentID})
	}
	if judge(s.session) == undone {
		facts = append(facts, boxoffice.FailedFact{OfTender: of, Problem: boxoffice.Problem{
			Code:   boxoffice.CodeStripeRefused,
			Detail: "The buyer's bank refused the payment after the buyer had finished. No money came, and the seats are free again.",
			Next:   "Sell the seats again, and ask the buyer for another way to pay.",
		}})
	}
	return facts
}

func (s sight) newTicket() string { return s.newID("tkt") }

// cardLife is how long a card can be typed: as long as a code can be paid.
const cardLife = 31 * time.Minute

// expiresAt is when nobody can pay any more. A PaymentIntent has no end of its
// own: Willcall cancels it then.
func (s sight) expiresAt() time.Time {
	if s.session.ExpiresAt.IsZero() {
		return s.session.Created.Add(cardLife)
	}
	return s.session.ExpiresAt
}

// verdict is what a session means for its seats.
type verdict int

const (
	waiting    verdict = iota // somebody can still pay
	processing                // the buyer is done, the bank is not
	paid                      // the money is there
	lapsed                    // closed, and nobody paid
	undone                    // the buyer was done, and the bank refused
)

// decided reports whether the session stays what it is, as far as asking for
// it can tell.
func (v verdict) decided() bool { return v != waiting && v != processing }

// judge reads a session's status together with its payment's, since each
// alone can mislead: a session can say expired while its payment goes through
// (docs.stripe.com/payments/checkout/fulfillment), and an open one can have an
// attempt under way that the bank will decline, after which the buyer may try
// again.
func judge(s stripeapi.Session) verdict {
	switch {
	case s.Paid, s.Payment.Status == stripeapi.PaymentSucceeded:
		return paid
	case s.Status != stripeapi.SessionComplete && s.Status != stripeapi.SessionExpired:
		return waiting
	case s.Payment.Status == stripeapi.PaymentProcessing:
		return processing
	case s.Status == stripeapi.SessionExpired:
		return lapsed
	case s.Payment.Status == stripeapi.PaymentCanceled, s.Payment.Status == stripeapi.PaymentNeedsOther:
		return undone
	default:
		return processing
	}
}

// misfit is the reason why the session's money cannot be placed, or "". What
// is kept stays so until a person has decided: by the time that there is room
// again, it may have been refunded.
func (s sight) misfit() boxoffice.Reason {
	switch {
	case s.order.Hold.State == boxoffice.Sold && !s.kept:
		return boxoffice.PaidTwice
	case s.session.Livemode != s.livemode:
		return boxoffice.WrongMode
	case s.session.Amount.Currency != s.tender.Amount.Currency:
		return boxoffice.WrongCurrency
	case s.session.Amount.Minor != s.tender.Amount.Minor:
		return boxoffice.WrongAmount
	case s.kept, s.order.Hold.State == boxoffice.Released && !s.room:
		return boxoffice.NoRoom
	default:
		return ""
	}
}

// paid places the money.
func (s sight) paid(of boxoffice.OfTender) boxoffice.Fact {
	return boxoffice.PaidFact{
		OfTender:        of,
		SessionID:       s.session.ID,
		Amount:          s.session.Amount,
		PaymentIntentID: s.session.Payment.IntentID,
		ChargeID:        s.session.Payment.ChargeID,
		PaidAt:          s.session.Payment.PaidAt,
		Card:            s.session.Payment.Card,
		BuyerName:       s.session.BuyerName,
		BuyerEmail:      s.session.BuyerEmail,
		Tickets:         boxoffice.IssueTickets(s.order, s.newTicket),
	}
}

// keep keeps the money where somebody sees it. Nobody can pay the code any
// more, so the tender moves on all the same: an expired code frees its seats,
// and one that the buyer is done with holds them until a person decides.
func (s sight) keep(of boxoffice.OfTender, state boxoffice.TenderState) (facts []boxoffice.Fact) {
	if !s.kept {
		facts = s.discrepancy(s.misfit())
	}
	switch {
	case state.Final():
	case s.gone && state == boxoffice.TenderProcessing:
		facts = append(facts, boxoffice.FailedFact{OfTender: of, Problem: boxoffice.Problem{
			Code:   boxoffice.CodeStripeRefused,
			Detail: "The money that came did not fit this order, and all of it went back. The seats are free again.",
			Next:   "Sell the seats again.",
		}})
	case s.session.Status == stripeapi.SessionExpired:
		facts = append(facts, boxoffice.ExpiredFact{OfTender: of})
	case state == boxoffice.TenderOpen:
		facts = append(facts, boxoffice.ProcessingFact{OfTender: of, PaymentIntentID: s.session.Payment.IntentID})
	}
	return facts
}

// another places money that came by a second session of a tender: it pays the
// order if nothing has, and is kept otherwise. Whichever of the two is not what
// pays the order, and can still be paid, is closed: somebody may have its picture.
func (s sight) another() []boxoffice.Fact {
	switch verdict := judge(s.session); {
	case s.kept, verdict != paid && verdict != waiting:
		return nil
	case verdict == waiting:
		return s.closing(s.session.ID)
	case s.misfit() != "":
		return s.discrepancy(s.misfit())
	}
	facts := []boxoffice.Fact{s.paid(boxoffice.OfTender{OrderID: s.order.ID, TenderID: s.tender.ID})}
	if s.tender.State == boxoffice.TenderOpen {
		facts = append(facts, s.closing(s.tender.SessionID)...)
	}
	return facts
}

// closing has a session closed that is not the order's code, once.
func (s sight) closing(sessionID string) []boxoffice.Fact {
	if slices.Contains(s.tender.Others, sessionID) {
		return nil
	}
	return []boxoffice.Fact{boxoffice.CodeCloseAskedFact{
		OfTender: boxoffice.OfTender{OrderID: s.order.ID, TenderID: s.tender.ID},
		Intent: boxoffice.Intent{
			Key: ledger.ExpireKey(sessionID), OrderID: s.order.ID, TenderID: s.tender.ID, RecordedAt: s.now, Expire: sessionID,
		},
	}}
}

// stray keeps money that no order of this book asked for.
func (s sight) stray() []boxoffice.Fact {
	switch {
	case judge(s.session) != paid || s.kept:
		return nil
	case s.ours:
		return s.discrepancy(boxoffice.UnknownOrder)
	case s.session.Mode != "" && s.session.Mode != "payment":
		return nil // a subscription's invoice names the payment: its charge tells
	default:
		return s.discrepancy(boxoffice.Elsewhere)
	}
}

func (s sight) discrepancy(reason boxoffice.Reason) []boxoffice.Fact {
	return []boxoffice.Fact{boxoffice.DiscrepancyFoundFact{Discrepancy: boxoffice.Discrepancy{
		ID:              discrepancyID(s.session.ID, reason),
		OrderID:         s.order.ID,
		PosterID:        s.poster.ID,
		SessionID:       s.session.ID,
		PaymentIntentID: s.session.Payment.IntentID,
		Amount:          s.session.Amount,
		Reason:          reason,
		ChargeID:        s.session.Payment.ChargeID,
		PaidAt:          s.session.Payment.PaidAt,
		Expected:        s.expected(),
		BuyerName:       s.session.BuyerName,
		BuyerEmail:      s.session.BuyerEmail,
		Card:            s.session.Payment.Card,
	}}}
}

// expected is what the order costs, or the poster.
func (s sight) expected() money.Amount {
	if s.order.ID != "" {
		return s.tender.Amount
	}
	return s.poster.Price
}

// discrepancyID makes one session and reason one discrepancy, however often it
// is seen.
func discrepancyID(sessionID string, reason boxoffice.Reason) string {
	return sessionID + "-" + string(reason)
}

// reasons are those for which plan keeps money apart.
func reasons() []boxoffice.Reason {
	return []boxoffice.Reason{
		boxoffice.UnknownOrder, boxoffice.WrongMode, boxoffice.WrongCurrency, boxoffice.WrongAmount, boxoffice.NoRoom,
		boxoffice.PaidTwice, boxoffice.Elsewhere,
	}
}
