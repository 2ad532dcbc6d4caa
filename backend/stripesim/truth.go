package stripesim

// Truth is what really moved on an account's books: for tests to hold another
// book against. Each list is in the order of time; amounts are minor units.
type Truth struct {
	Payments     []PaidTruth        `json:"payments"` // money that buyers' banks gave
	Refunds      []RefundTruth      `json:"refunds"`
	Disputes     []DisputeTruth     `json:"disputes"`
	Transactions []TransactionTruth `json:"transactions"` // all of the balance, payouts included
}

// PaidTruth is one charge that took money.
type PaidTruth struct {
	IntentID  string            `json:"intent"`
	ChargeID  string            `json:"charge"`
	SessionID string            `json:"session"` // "" where the payment has no Checkout Session
	LinkID    string            `json:"link"`    // "" where no payment link opened it
	Amount    int64             `json:"amount"`  // what the buyer paid
	Currency  string            `json:"currency"`
	At        int64             `json:"at"`       // seconds; of a debit, when the bank was asked
	Metadata  map[string]string `json:"metadata"` // the payment intent's
}

// RefundTruth is one refund, whatever has become of it.
type RefundTruth struct {
	ID       string `json:"id"`
	IntentID string `json:"intent"`
	ChargeID string `json:"charge"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
	Status   string `json:"status"`
}

// DisputeTruth is one dispute. Amount is in the charge's currency; what was
// withdrawn and reinstated, without fees, is in that of the balance.
type DisputeTruth struct {
	ID         string `json:"id"`
	IntentID   string `json:"intent"`
	ChargeID   string `json:"charge"`
	Amount     int64  `json:"amount"`
	Currency   string `json:"currency"`
	Status     string `json:"status"`
	Withdrawn  int64  `json:"withdrawn"`
	Reinstated int64  `json:"reinstated"`
}

// TransactionTruth is one movement on the balance.
type TransactionTruth struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Category string `json:"category"` // reporting_category
	Amount   int64  `json:"amount"`
	Fee      int64  `json:"fee"`
	Net      int64  `json:"net"`
	Currency string `json:"currency"`
	Source   string `json:"source"` // id of what moved it
	Payout   string `json:"payout"` // id of the payout that it is in; "" while it is in none
}

// Truth is the truth of the main account's test side, as of now.
func (s *Sim) Truth() (Truth, error) { return s.TruthOf("", false) }

// TruthOf is the truth of one side of an account's books; "" is the main
// account.
func (s *Sim) TruthOf(id string, live bool) (Truth, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return Truth{}, err
	}
	if id == "" {
		id = s.main
	}
	a := s.accounts[bookName(id, live)]
	if a == nil {
		return Truth{}, notFound("account", id, "account")
	}
	return Truth{Payments: a.paidTruth(), Refunds: a.refundTruth(), Disputes: a.disputeTruth(), Transactions: a.transactionTruth()}, nil
}

func (a *account) paidTruth() []PaidTruth {
	out := []PaidTruth{}
	for _, id := range a.charges.order {
		c := a.charges.byID[id]
		if c.Status != succeeded {
			continue
		}
		i := a.intents.byID[c.PaymentIntent]
		p := PaidTruth{
			IntentID: i.ID, ChargeID: c.ID, SessionID: i.Session, Amount: c.Amount, Currency: c.Currency,
			At: c.Created, Metadata: i.Metadata,
		}
		if s := a.sessions.byID[i.Session]; s != nil && s.PaymentLink != nil {
			p.LinkID = *s.PaymentLink
		}
		out = append(out, p)
	}
	return out
}

func (a *account) refundTruth() []RefundTruth {
	out := []RefundTruth{}
	for _, id := range a.refunds.order {
		r := a.refunds.byID[id]
		out = append(out, RefundTruth{ID: r.ID, IntentID: r.PaymentIntent, ChargeID: r.Charge, Amount: r.Amount, Currency: r.Currency, Status: r.Status})
	}
	return out
}

func (a *account) disputeTruth() []DisputeTruth {
	out := []DisputeTruth{}
	for _, id := range a.disputes.order {
		d := a.disputes.byID[id]
		v := DisputeTruth{ID: d.ID, IntentID: d.PaymentIntent, ChargeID: d.Charge, Amount: d.Amount, Currency: d.Currency, Status: d.Status}
		for _, move := range d.Moves {
			if b := a.transactions.byID[move]; b.Amount < 0 {
				v.Withdrawn -= b.Amount
			} else {
				v.Reinstated += b.Amount
			}
		}
		out = append(out, v)
	}
	return out
}

func (a *account) transactionTruth() []TransactionTruth {
	out := []TransactionTruth{}
	for _, id := range a.transactions.order {
		b := a.transactions.byID[id]
		out = append(out, TransactionTruth{
			ID: b.ID, Type: b.Type, Category: b.ReportingCategory, Amount: b.Amount, Fee: b.Fee, Net: b.Net, Currency: b.Currency, Source: b.Source,
			Payout: a.purse.payout[b.ID],
		})
	}
	return out
}
