package stripesim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Payment is what a buyer does on the page of a session. The zero value pays
// with the card 4242 4242 4242 4242.
type Payment struct {
	Method    string            // Stripe's name of the way to pay ("paypal"); "" is a card
	Card      string            // number; "" is 4242 4242 4242 4242
	Email     string            // "" is the session's customer_email, else buyer@example.com
	Name      string            // the buyer's; "" is not told
	Fields    map[string]string // answers to the session's custom fields, by their keys
	Convert   string            // a currency of the buyer's own ("usd") to pay in instead; "" is the session's
	Delayed   bool              // pay by the bank debit of the currency, which settles later
	Challenge Challenge         // what to do if the bank asks for 3-D Secure
	ExpMonth  int64             // 1 to 12; 0 is December
	ExpYear   int64             // four digits; 0 is three years ahead
}

// Challenge is a buyer's answer to 3-D Secure.
type Challenge string

// Answers to 3-D Secure.
const (
	Complete Challenge = "complete" // the default
	Fail     Challenge = "fail"
	Leave    Challenge = "leave" // the page is left open; the payment stays undecided
)

// Refused is the error of Pay when no money was, or will be, taken.
type Refused struct {
	Status  string // declined, expired, requires_action
	Code    string // Stripe's decline or error code, "" if none
	Message string // what the buyer reads
}

func (r *Refused) Error() string { return "stripesim: " + r.Status + ": " + r.Message }

// result is what the buyer's page is told.
type result struct {
	Status  string `json:"status"` // succeeded, requires_action, declined, processing, expired
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	Session string `json:"session,omitempty"` // that a payment link has opened
	Next    string `json:"next,omitempty"`    // address of the merchant's page to go on with
}

// Pay does what a buyer does on the page of the session. It returns nil when
// the session is complete (paid, or with a delayed method processing), and
// *Refused when it is not.
func (s *Sim) Pay(sessionID string, p Payment) error {
	r, err := s.submit(sessionID, p)
	if err == nil && r.Status == requiresAction && p.Challenge != Leave {
		r, err = s.authenticate(sessionID, p.Challenge != Fail)
	}
	if err != nil {
		return err
	}
	if r.Status != succeeded && r.Status != processing {
		return &Refused{Status: r.Status, Code: r.Code, Message: r.Message}
	}
	return nil
}

// Settle brings a delayed payment to its end, as the bank does days later.
func (s *Sim) Settle(sessionID string, ok bool) error {
	return s.buy(sessionID, func(t *tx, old *session) error {
		if old.PaymentIntent == nil {
			return fmt.Errorf("stripesim: %s was never confirmed by a buyer, there is nothing to settle", old.ID)
		}
		i, _ := t.intent(*old.PaymentIntent)
		if i.Status != processing {
			return fmt.Errorf("stripesim: the payment of %s is %s, there is nothing to settle", old.ID, i.Status)
		}
		return t.settle(old, i, ok)
	})
}

// buy runs do on a session, whoever's it is, and commits.
func (s *Sim) buy(sessionID string, do func(*tx, *session) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return err
	}
	for _, a := range s.accounts {
		if old, ok := a.sessions.byID[sessionID]; ok {
			t := s.begin(a)
			if err := do(t, old); err != nil {
				return err
			}
			return t.commit()
		}
	}
	return notFound("checkout.session", sessionID, "session")
}

// submit is the Pay button.
func (s *Sim) submit(sessionID string, p Payment) (r result, err error) {
	err = s.buy(sessionID, func(t *tx, old *session) error {
		r, err = t.submit(old, p)
		return err
	})
	return r, err
}

// authenticate is the bank's 3-D Secure page.
func (s *Sim) authenticate(sessionID string, ok bool) (r result, err error) {
	err = s.buy(sessionID, func(t *tx, old *session) error {
		r, err = t.authenticate(old, ok)
		return err
	})
	return r, err
}

func (t *tx) submit(old *session, p Payment) (result, error) {
	if done, r, err := t.decided(old); done || err != nil {
		return r, err
	}
	s := *old
	refused := s.convert(p.Convert)
	var m *method
	if refused == nil {
		m, refused = t.handOver(&s, p)
	}
	if refused != nil { // seen by the page itself: nothing reaches Stripe
		return result{Status: "declined", Code: refused.code, Message: refused.message}, nil
	}
	if s.CustomFields, refused = answered(s.CustomFields, p.Fields); refused != nil {
		return result{Status: "declined", Code: refused.code, Message: refused.message}, nil
	}
	var i *intent
	if s.PaymentIntent == nil {
		made, err := t.newIntent(&s)
		if err != nil {
			return result{}, err
		}
		i, s.PaymentIntent = made, &made.ID
	} else {
		i, _ = t.intent(*s.PaymentIntent)
	}
	put(&t.wrote.Sessions, &s)
	switch c, _ := findCard(m.Number); {
	case findWay(m.Type).delayed:
		return t.processLater(&s, i, m)
	case c.challenge || findWay(m.Type).redirect:
		return t.askBank(i, m)
	default:
		return t.attempt(&s, i, m, c.refused)
	}
}

// decided answers for a session that takes no payment any more. A second tap
// on Pay lands here, and charges nothing.
func (t *tx) decided(s *session) (bool, result, error) {
	away, err := t.turnedAway(s)
	switch {
	case err != nil:
		return false, result{}, err
	case s.Status == expired || away:
		return true, result{Status: expired, Message: "This payment page has expired. Nothing was charged."}, nil
	case s.Status == complete && s.PaymentStatus == paid:
		return true, result{Status: succeeded, Message: "This is already paid."}, nil
	case s.Status == complete:
		return true, result{Status: processing, Message: "Your bank is still deciding."}, nil
	}
	return false, result{}, nil
}

// handOver checks what the buyer typed.
func (t *tx) handOver(s *session, p Payment) (*method, *refusal) {
	email := p.Email
	if email == "" && s.CustomerEmail != nil {
		email = *s.CustomerEmail
	}
	if email == "" {
		email = "buyer@example.com"
	}
	if !emailAddress(email) {
		return nil, &refusal{"email_invalid", "", "Your email is invalid."}
	}
	m := &method{ID: newID("pm_1", 23), Type: card, Email: email, Name: strings.TrimSpace(p.Name), ExpMonth: p.ExpMonth, ExpYear: p.ExpYear}
	wanted := p.Method
	switch {
	case wanted == "" && !p.Delayed:
		wanted = card
	case p.Delayed:
		wanted = debitOf(s.Currency)
	}
	if !offers(s, wanted) {
		return nil, &refusal{"payment_method_unavailable", "", "This way to pay is not offered here."}
	}
	if m.Type = wanted; m.Type != card {
		return m, nil
	}
	if m.Number = p.Card; m.Number == "" {
		m.Number = "4242424242424242"
	}
	c, refused := findCard(m.Number)
	if refused != nil {
		return nil, refused
	}
	m.Number = c.number
	return m, t.readExpiry(m)
}

// readExpiry checks when a card ends; 0 is three years ahead.
func (t *tx) readExpiry(m *method) *refusal {
	today := time.Unix(t.now, 0).UTC()
	if m.ExpMonth == 0 {
		m.ExpMonth = 12
	}
	if m.ExpYear == 0 {
		m.ExpYear = int64(today.Year()) + 3
	}
	if m.ExpMonth < 1 || m.ExpMonth > 12 || m.ExpYear > int64(today.Year())+50 {
		return &refusal{"invalid_expiry", "", "Your card's expiration date is invalid."}
	}
	if m.ExpYear*12+m.ExpMonth < int64(today.Year())*12+int64(today.Month()) {
		return &refusal{"invalid_expiry", "", "Your card's expiration date is in the past."}
	}
	return nil
}

func offers(s *session, kind string) bool {
	return slices.Contains(s.PaymentMethodTypes, kind)
}

// authenticate is the buyer's answer to the bank. Answering twice is harmless.
func (t *tx) authenticate(s *session, ok bool) (result, error) {
	if done, r, err := t.decided(s); done || err != nil {
		return r, err
	}
	if s.PaymentIntent == nil {
		return result{Status: "declined", Message: "There is nothing to confirm. Please pay first."}, nil
	}
	i, _ := t.intent(*s.PaymentIntent)
	if !i.challenged() {
		return result{Status: "declined", Message: "There is nothing to confirm. Please pay first."}, nil
	}
	return t.answerBank(s, i, ok)
}
