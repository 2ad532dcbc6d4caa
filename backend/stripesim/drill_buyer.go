package stripesim

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"

	"willcall/backend/money"
)

// pick finds the newest object, of any account, that suits; or the one that is
// named, if it does.
func pick[T resource](s *Sim, named string, of func(*account) *table[T], suits func(*tx, T) bool) (found T, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return found, false, err
	}
	for _, a := range s.accounts {
		t := s.begin(a)
		for _, id := range slices.Backward(of(a).order) {
			v := of(a).byID[id]
			if ok && v.born() <= found.born() {
				break // and so are all that follow
			}
			if (named == "" || named == id) && suits(t, v) {
				found, ok = v, true
				break
			}
		}
	}
	return found, ok, nil
}

// pickOr is pick's id, or the reason why there is none.
func pickOr[T resource](reason string, s *Sim, named string, of func(*account) *table[T], suits func(*tx, T) bool) (string, error) {
	v, ok, err := pick(s, named, of, suits)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", &Unsuitable{reason}
	}
	return v.key(), nil
}

func sessionsOf(a *account) *table[*session] { return &a.sessions }

// code tells whether the session is a code of a till's, rather than a visit to
// a payment link.
func code(s *session) bool { return s.PaymentLink == nil && s.ClientReferenceID != nil }

// armTooLate has a buyer ready who pays the code in the second in which it is
// expired; see race.
func armTooLate(s *Sim, o DrillOptions) (string, error) {
	return pickOr("There is no open code to pay.", s, o.Object, sessionsOf, func(_ *tx, x *session) bool { return code(x) && x.Status == open })
}

// isOpen tells whether a code can still be paid. The caller holds mu.
func (s *Sim) isOpen(session string) bool {
	for _, a := range s.accounts {
		if _, ok := a.open[session]; ok {
			return true
		}
	}
	return false
}

// race lets the buyer of an armed code pay before the merchant's expire does
// anything.
func (t *tx) race(s *session) (now *session, beaten bool, err error) {
	d := t.sim.drills[paysTooLate]
	if d == nil || d.object != s.ID || s.Status != open {
		return s, false, nil
	}
	request := t.request
	t.request = eventRequest{}
	_, err = t.submit(s, Payment{})
	t.request = request
	now, _ = t.session(s.ID)
	return now, now.Status != open, err
}

// paySlowly completes the newest open code with a bank debit.
func paySlowly(s *Sim, o DrillOptions) (string, error) {
	id, err := pickOr("There is no open code that a bank debit can pay.", s, o.Object, sessionsOf, func(_ *tx, x *session) bool {
		return code(x) && x.Status == open && debitOf(x.Currency) != "" && offers(x, debitOf(x.Currency))
	})
	if err != nil {
		return "", err
	}
	return id, s.Pay(id, Payment{Delayed: true})
}

// settleSlow is the bank's answer to the newest payment that waits for one.
func settleSlow(ok bool) func(*Sim, DrillOptions) (string, error) {
	return func(s *Sim, o DrillOptions) (string, error) {
		id, err := pickOr("There is no payment that waits for its bank.", s, o.Object, sessionsOf, func(t *tx, x *session) bool {
			if x.PaymentIntent == nil {
				return false
			}
			i, _ := t.intent(*x.PaymentIntent)
			return i.Status == processing
		})
		if err != nil {
			return "", err
		}
		return id, s.Settle(id, ok)
	}
}

const noPoster = "There is no open poster to buy from."

func linksOf(a *account) *table[*link] { return &a.links }

// payTwice is two phones at the newest poster, both past its first page before
// either pays.
func payTwice(s *Sim, o DrillOptions) (string, error) {
	id, err := pickOr(noPoster, s, o.Object, linksOf, (*tx).sells)
	if err != nil {
		return "", err
	}
	var opened [2]string
	for i := range opened {
		if opened[i], err = s.Visit(id, Visitor{}); err != nil {
			return "", err
		}
	}
	for _, session := range opened {
		if err := s.Pay(session, Payment{}); err != nil {
			return "", err
		}
	}
	return id, nil
}

// payAnother is somebody paying another code of the newest sale that has one:
// a photographed one that the till has long replaced, or one with so many more
// of its first line.
func payAnother(more int64) func(*Sim, DrillOptions) (string, error) {
	return func(s *Sim, o DrillOptions) (string, error) {
		id, err := pickOr("There is no sale that a code was made for.", s, o.Object, sessionsOf, func(_ *tx, x *session) bool {
			return code(x) && x.CurrencyConversion == nil && len(x.Lines) > 0
		})
		if err != nil {
			return "", err
		}
		made := ""
		return made, s.buy(id, func(t *tx, old *session) error {
			x, err := t.another(old, more)
			if err != nil {
				return err
			}
			made = x.ID
			return t.mustPay(x)
		})
	}
}

// another is an open session for the same sale, with so many more of its first
// line.
func (t *tx) another(old *session, more int64) (*session, error) {
	s := *old
	s.ID, s.Fragment, s.Created, s.ExpiresAt = newSessionID(t.acct), newFragment(), t.now, t.now+maxOpen
	s.Status, s.PaymentStatus, s.PaymentIntent, s.CustomerDetails, s.Untold = open, unpaid, nil, nil, false
	s.Lines = slices.Clone(old.Lines)
	for i := range s.Lines {
		l := &s.Lines[i]
		l.ID = newID("li_1", 23)
		if i > 0 || more == 0 {
			continue
		}
		p, _ := t.price(l.Price)
		if err := l.order(p, l.Quantity+more, "Checkout Session", "line_items"); err != nil {
			return nil, err
		}
		var rates []string
		for _, tax := range l.Taxes {
			rates = append(rates, tax.Rate)
		}
		var err error
		if l.Taxes, err = t.taxes(rates, l.Amount, s.Currency, "line_items"); err != nil {
			return nil, err
		}
	}
	come, err := addUp(s.Lines, s.Currency, "Checkout Session")
	if err != nil {
		return nil, err
	}
	s.charge(come)
	put(&t.wrote.Sessions, &s)
	return &s, nil
}

// mustPay pays by card, or says why not.
func (t *tx) mustPay(s *session) error {
	r, err := t.submit(s, Payment{})
	if err == nil && r.Status != succeeded {
		err = &Unsuitable{r.Message}
	}
	return err
}

// strangerPays is a sale of another program that sells on the same account.
func strangerPays(s *Sim, _ DrillOptions) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return "", err
	}
	t := s.begin(s.accounts[s.main])
	x, err := t.strangersSale()
	if err != nil {
		return "", err
	}
	if err := t.mustPay(x); err != nil {
		return "", err
	}
	return x.ID, t.commit()
}

// strangersSale is a session that names nothing of a till's.
func (t *tx) strangersSale() (*session, error) {
	currency := t.acct.profile.Currency
	least, ok := money.MinCharge(money.Currency(currency))
	if !ok {
		least = 100
	}
	item := "line_items[0][price_data]"
	args, err := parseForm(url.Values{
		"mode": {"payment"}, "success_url": {"https://raffle.example/thanks"}, "line_items[0][quantity]": {"1"},
		item + "[currency]": {currency}, item + "[unit_amount]": {fmt.Sprint(least * 10)}, item + "[product_data][name]": {"Raffle ticket"},
	}.Encode())
	if err != nil {
		return nil, err
	}
	t.args = args
	v, err := t.createSession()
	if err != nil {
		return nil, err
	}
	x, ok := v.(*session)
	if !ok {
		return nil, fmt.Errorf("stripesim: a session was made as %T", v)
	}
	return x, nil
}

// stormOfEvents is 250 events in one second: as many codes of another program
// on the same account expire at once. No money is in them.
func stormOfEvents(s *Sim, o DrillOptions) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return "", err
	}
	t := s.begin(s.accounts[s.main])
	x, err := t.strangersSale()
	if err != nil {
		return "", err
	}
	for n := range cmp.Or(o.Count, 250) {
		if n > 0 {
			if x, err = t.another(x, 0); err != nil {
				return "", err
			}
		}
		if _, err := t.expire(x); err != nil {
			return "", err
		}
	}
	return x.ID, t.commit()
}
