package stripesim

import (
	"fmt"
	"net/http"
)

// payout has the shape of Stripe's payout.
type payout struct {
	ID                        string            `json:"id"`
	Object                    string            `json:"object"`
	Amount                    int64             `json:"amount"`       // minor units of currency
	ArrivalDate               int64             `json:"arrival_date"` // seconds
	Automatic                 bool              `json:"automatic"`
	BalanceTransaction        *string           `json:"balance_transaction"`
	Created                   int64             `json:"created"` // seconds
	Currency                  string            `json:"currency"`
	Description               *string           `json:"description"`
	Destination               none              `json:"destination"`
	FailureBalanceTransaction *string           `json:"failure_balance_transaction"`
	FailureCode               *string           `json:"failure_code"`
	FailureMessage            *string           `json:"failure_message"`
	Livemode                  bool              `json:"livemode"`
	Metadata                  map[string]string `json:"metadata"`
	Method                    string            `json:"method"`
	OriginalPayout            none              `json:"original_payout"`
	ReconciliationStatus      string            `json:"reconciliation_status"`
	ReversedBy                none              `json:"reversed_by"`
	SourceType                string            `json:"source_type"`
	StatementDescriptor       none              `json:"statement_descriptor"`
	Status                    string            `json:"status"`
	Type                      string            `json:"type"`
}

func (p *payout) key() string { return p.ID }
func (p *payout) born() int64 { return p.Created }

// nextStep is when something happens to the payout by itself.
func (p *payout) nextStep() int64 {
	switch {
	case p.Status == pending:
		return p.Created + sentAfter
	case p.ReconciliationStatus == inProgress:
		return p.Created + itemizedAfter
	case p.Status == inTransit:
		return p.ArrivalDate
	}
	return never
}

func (t *tx) getPayout() (any, error) {
	if p, ok := t.payout(t.path("payout")); ok {
		return p, nil
	}
	return nil, notFound("payout", t.path("payout"), "payout")
}

func payoutListFields() fields {
	return listFields().with(fields{
		"arrival_date": timeRange(), "created": timeRange(), "destination": text(5000), "status": text(5000),
	})
}

func (t *tx) listPayouts() (any, error) {
	a, created, arrives := t.args, t.created(), t.span("arrival_date")
	return list(t, &t.acct.payouts, "payout", "/v1/payouts", func(p *payout) bool {
		return created.has(p.Created) && arrives.has(p.ArrivalDate) && matches(a.at("status"), &p.Status) && !a.has("destination")
	})
}

// checkReconciled refuses to itemize a payout of which Stripe does not know, or
// does not know yet, what it consists of. The first wording is Stripe's (as in
// github.com/proudcity/wp-proudcity/issues/993), the second's code is.
func (t *tx) checkReconciled(id string) error {
	switch p, ok := t.payout(id); {
	case !ok:
		return missing("payout", id, "payout")
	case !p.Automatic:
		return badRequest("", "payout", "Balance transaction history can only be filtered on automatic transfers, not manual.")
	case p.ReconciliationStatus != completed:
		return badRequest("payout_reconciliation_not_ready", "payout", "Reconciliation on the payout %s is still in progress.", id)
	}
	return nil
}

// PayOut sends an amount of the main account's balance to the bank, in its
// own currency's minor units, as somebody does by hand in the Dashboard. It
// returns the payout's id.
func (s *Sim) PayOut(amount int64) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return "", err
	}
	t := s.begin(s.accounts[s.main])
	currency := t.acct.profile.Currency
	var available int64
	for _, b := range t.acct.transactions.byID {
		if b.Currency == currency && b.statusAt(t.now) != pending {
			available += b.Net
		}
	}
	if amount <= 0 || amount > available {
		return "", badRequest("balance_insufficient", "", "You have insufficient funds in your Stripe account for this payout: %s of %s.", display(available, currency), display(amount, currency))
	}
	if err := t.payOut(amount, currency, nil); err != nil {
		return "", err
	}
	return t.wrote.Payouts[0].ID, t.commit()
}

// FailPayout is the bank's refusal of a payout, which can come days after it
// was paid: the money is on the balance again.
// Source: docs.stripe.com/payouts#payout-failures.
func (s *Sim) FailPayout(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return err
	}
	for _, a := range s.accounts {
		if old, ok := a.payouts.byID[id]; ok {
			t := s.begin(a)
			if err := t.failPayout(old); err != nil {
				return err
			}
			return t.commit()
		}
	}
	return notFound("payout", id, "payout")
}

func (t *tx) failPayout(old *payout) error {
	if old.Status == failed {
		return fmt.Errorf("stripesim: the payout %s has failed already", old.ID)
	}
	p := *old
	b := t.book("payout_failure", "payout_reversal", p.ID, p.Amount, p.Currency, t.now)
	b.Description = new("PAYOUT FAILURE")
	p.Status, p.FailureBalanceTransaction = failed, &b.ID
	p.FailureCode, p.FailureMessage = new("account_closed"), new("The bank account has been closed.")
	put(&t.wrote.Payouts, &p)
	return t.emit("payout.failed", &p)
}

func (s *Sim) postFailPayout(r *http.Request) (any, error) {
	return map[string]string{"status": failed}, s.FailPayout(r.PathValue("id"))
}
