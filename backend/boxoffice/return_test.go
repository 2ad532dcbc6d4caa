package boxoffice

import (
	"time"

	"willcall/backend/money"
)

// oneOfEachReturn is the facts of money that went back or has no place, and of
// Stripe's own books, with every field filled in.
func oneOfEachReturn() []Fact {
	at := time.Date(2026, time.March, 5, 18, 30, 15, 123e6, time.UTC)
	price := money.New(2400, "eur")
	problem := Problem{Code: CodeStripeRefused, Detail: "Stripe refused.", Next: "Try again."}
	card := Card{Brand: "visa", Last4: "4242"}
	ofOrder, kept := OfMoney{OrderID: "ord-1"}, OfMoney{DiscrepancyID: "cs_1-no_room"}
	refund := Refund{
		ID: "rfd-1", StripeID: "re_1", PaymentIntentID: "pi_1", ChargeID: "ch_1", Amount: price, Status: RefundFailed, External: true, TicketIDs: []string{"tkt-1"},
		Answered: true, By: "Eva", Note: "The show was moved.", Asked: "8d0f", CreatedAt: at, Failure: "expired_or_canceled_card", Problem: &problem,
	}
	dispute := Dispute{
		ID: "dp_1", PaymentIntentID: "pi_1", ChargeID: "ch_1", Amount: price, Status: DisputeNeedsResponse, Reason: "fraudulent", CreatedAt: at, DueBy: at,
		Withdrawn: 2400, Reinstated: 2400,
	}
	returns := Returns{Refunds: []Refund{refund}, Disputes: []Dispute{dispute}}
	resolution := Resolution{Action: ActSeat, By: "Eva", Note: "In the balcony.", At: at, OrderID: "ord-2", RefundID: "rfd-2", Left: new(int64)}
	return []Fact{
		RefundAskedFact{OfMoney: ofOrder, Refund: refund, Intent: Intent{
			Key: "rfd-1-refund", OrderID: "ord-1", RefundID: "rfd-1", RecordedAt: at,
			Refund: &RefundRequest{PaymentIntentID: "pi_1", Amount: price, Reason: "requested_by_customer", Metadata: map[string]string{MetadataRefund: "rfd-1"}},
		}},
		RefundAskedFact{OfMoney: kept, Refund: Refund{ID: "rfd-2", PaymentIntentID: "pi_1", Amount: price, Status: RefundAsked, CreatedAt: at}, Intent: Intent{
			Key: "rfd-2-refund", DiscrepancyID: "cs_1-no_room", RefundID: "rfd-2", RecordedAt: at, Refund: &RefundRequest{PaymentIntentID: "pi_1", Amount: price},
		}},
		RefundRecordedFact{OfMoney: ofOrder, Refund: refund},
		RefundRecordedFact{OfMoney: kept, Refund: refund, CameBack: true},
		RefundRefusedFact{OfMoney: ofOrder, RefundID: "rfd-1", Problem: problem},
		DisputeRecordedFact{OfMoney: ofOrder, Dispute: dispute},
		TicketsVoidedFact{OrderID: "ord-1", RefundID: "rfd-1", TicketIDs: []string{"tkt-1"}, Claims: []Claim{{QuotaID: "quota-1", Seats: 1}}, By: "Eva", Note: "Ill."},
		TicketsVoidedFact{OrderID: "ord-1", RefundID: "rfd-1", TicketIDs: []string{}, Claims: []Claim{}},
		DiscrepancyFoundFact{Discrepancy: Discrepancy{
			ID: "cs_1-no_room", OrderID: "ord-1", PosterID: "pst-1", SessionID: "cs_1", PaymentIntentID: "pi_1", Amount: price, Reason: RefundCame, FoundAt: at,
			ChargeID: "ch_1", PaidAt: at, Expected: price, RefundID: "re_1", BuyerName: "Anna", BuyerEmail: "anna@example.org", Card: card,
			Resolution: &resolution, Returns: returns, Besides: []string{"rfd-2"}, Kept: 100,
		}},
		DiscrepancyResolvedFact{
			DiscrepancyID: "cs_1-no_room", OrderID: "ord-1", Resolution: resolution,
			Order: &Order{
				ID: "ord-2", Code: "M4TT5P", Number: 9, Key: "tap-00002", Asked: "fingerprint", PlacedAt: at, UpdatedAt: at, LineItems: []LineItem{}, Total: price,
				Hold:    Hold{State: Sold, Claims: []Claim{{QuotaID: "quota-1", Seats: 1}}},
				Tenders: []Tender{{ID: "tdr-2", Kind: Phone, State: TenderPaid, Amount: price, SessionID: "cs_1", PaymentIntentID: "pi_1", PaidAt: at}},
				Tickets: []Ticket{{ID: "tkt-2", OrderID: "ord-2", PerformanceID: "perf-1", TicketTypeID: "type-1", Name: "Adult", Number: 1, Of: 1, Void: true}},
				Returns: returns, DiscrepancyID: "cs_1-no_room",
			},
		},
		StatementReadFact{
			Charges: []Charge{{
				ID: "ch_1", PaymentIntentID: "pi_1", Amount: price, Refunded: 2400, Disputed: true, CreatedAt: at, Status: "pending", TransactionID: "txn_1", Description: "Willcall K7QF3M",
			}},
			Transactions: []BalanceTransaction{{
				ID: "txn_1", Type: "charge", Category: "charge", Amount: price, Fee: 61, Net: 2339, SourceID: "ch_1", CreatedAt: at, AvailableAt: at, PayoutID: "po_1", ChargeID: "ch_1",
			}},
			Payouts: []Payout{{
				ID: "po_1", Amount: price, Status: "paid", CreatedAt: at, ArrivesAt: at, Automatic: true, Reconciled: true, Matched: true, TransactionID: "txn_2", ReturnID: "txn_3", EndedAt: at,
			}},
			Covered: &Span{From: at, To: at},
		},
	}
}
