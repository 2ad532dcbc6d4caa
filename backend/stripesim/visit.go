package stripesim

import (
	"errors"
	"html/template"
	"maps"
	"net/http"
	"strings"
)

// Assumptions are what Stripe does where its documentation is silent. The zero
// value is the worse for the merchant each time.
type Assumptions struct {
	// LimitIsAtomic: no payment of a link's session succeeds once the link's
	// completed_sessions limit is reached. Otherwise sessions that were open
	// by then can still be paid, one too many.
	LimitIsAtomic bool `json:"limit_is_atomic"`
	// ClosingEndsSessions: the open sessions of a link expire when it stops
	// being active. Otherwise they can be paid until they expire by time.
	ClosingEndsSessions bool `json:"closing_ends_sessions"`
	// WonReturnsFee: a dispute that is won brings back its fee, as it did
	// until 2025. Otherwise Stripe keeps it.
	WonReturnsFee bool `json:"won_returns_fee"`
	// DebitsBookOnSuccess: a debit moves the balance when its bank says yes, as
	// some ways to pay did until 2024. Otherwise it does when it is sent to the
	// bank, and back if that says no.
	// Source: support.stripe.com/questions/changes-to-balance-transaction-behavior-for-debit-payment-methods.
	DebitsBookOnSuccess bool `json:"debits_book_on_success"`
	// KeysAreShared: an idempotency key is the account's, so that whichever API
	// key asks again is given the first answer. Otherwise each API key, and each
	// platform, has its own.
	KeysAreShared bool `json:"keys_are_shared"`
}

// Assume replaces the assumptions for all that happens from now on.
func (s *Sim) Assume(a Assumptions) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.assumed = a
}

// postAssumptions is Assume: {"limit_is_atomic": true}; what is left out is
// assumed no more.
func (s *Sim) postAssumptions(r *http.Request) (any, error) {
	var a Assumptions
	if err := readJSON(r, &a); err != nil {
		return nil, err
	}
	s.Assume(a)
	return a, nil
}

// Visitor is somebody who opens a payment link.
type Visitor struct {
	Reference  string           // client_reference_id of the URL; a bad one is dropped, as at Stripe
	Email      string           // prefilled_email of the URL
	Quantities map[string]int64 // for lines whose quantity is adjustable, by the line's id
}

// Visit opens a session on a payment link, by name: the link's id (plink…) or the
// last part of its URL, and returns the session's id. It is *Refused where the
// link takes no more visitors.
func (s *Sim) Visit(name string, v Visitor) (session string, err error) {
	err = s.onLink(name, func(t *tx, l *link) error {
		made, err := t.visit(l, v)
		if err == nil {
			session = made.ID
		}
		return err
	})
	return session, err
}

// onLink runs do on a payment link, whoever's it is, and commits.
func (s *Sim) onLink(name string, do func(*tx, *link) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return err
	}
	for _, a := range s.accounts {
		for _, l := range a.links.byID {
			if l.ID == name || l.Token == name {
				t := s.begin(a)
				if err := do(t, l); err != nil {
					return err
				}
				return t.commit()
			}
		}
	}
	return notFound("payment_link", name, "payment_link")
}

// maxReference is how long a client_reference_id can be.
const maxReference = 200

// visit opens a session of the visitor's own.
func (t *tx) visit(l *link, v Visitor) (*session, error) {
	if !t.sells(l) {
		return nil, &Refused{Status: "inactive", Message: l.closedMessage()}
	}
	s := t.blankSession(nil)
	s.PaymentLink, s.Metadata, s.Intent, s.Currency = &l.ID, maps.Clone(l.Metadata), l.Intent, l.Currency
	s.CustomText, s.CustomFields, s.SubmitType = l.CustomText, l.CustomFields, &l.SubmitType
	s.BillingAddressCollection, s.PaymentMethodCollection = &l.BillingAddressCollection, l.PaymentMethodCollection
	s.AllowPromotionCodes = &l.AllowPromotionCodes
	if v.Reference != "" && len(v.Reference) <= maxReference && strings.Trim(v.Reference, alphabet+"-_") == "" {
		s.ClientReferenceID = &v.Reference
	}
	if emailAddress(v.Email) {
		s.Prefilled = v.Email
	}
	if r := l.AfterCompletion.Redirect; r != nil {
		s.SuccessURL = &r.URL
	} else {
		s.Thanks = l.AfterCompletion.HostedConfirmation.CustomMessage
	}
	if s.PaymentMethodTypes = l.PaymentMethodTypes; s.PaymentMethodTypes == nil {
		s.PaymentMethodTypes = t.acct.offers(l.Currency)
		s.PaymentMethodConfigurationDetail = &methodConfig{ID: t.acct.profile.MethodConfig}
	}
	for _, was := range l.Lines {
		now := was
		now.ID, now.Adjustable = newID("li_1", 23), nil
		if q, chosen := v.Quantities[was.ID]; chosen && was.Adjustable != nil {
			q = min(max(q, was.Adjustable.Minimum), was.Adjustable.Maximum)
			p, _ := t.price(was.Price)
			if err := now.order(p, q, "Checkout Session", "line_items"); err != nil {
				return nil, err
			}
		}
		if now.Quantity > 0 {
			s.Lines = append(s.Lines, now)
		}
	}
	come, err := addUp(s.Lines, s.Currency, "Checkout Session")
	if err != nil {
		return nil, err
	}
	s.charge(come)
	put(&t.wrote.Sessions, s)
	return s, nil
}

// sells tells whether a visitor can buy: the link is active, and so is all
// that it sells.
func (t *tx) sells(l *link) bool {
	for _, x := range l.Lines {
		if _, err := t.activePrice(x.Price, ""); err != nil {
			return false
		}
	}
	return l.Active
}

// closedMessage is what visitors of a closed link read.
func (l *link) closedMessage() string {
	if l.InactiveMessage != nil {
		return *l.InactiveMessage
	}
	return "This link is no longer active."
}

// turnedAway ends a session whose link has had all its sales, where the limit
// is assumed to be atomic.
func (t *tx) turnedAway(s *session) (bool, error) {
	if !t.sim.assumed.LimitIsAtomic || s.PaymentLink == nil || s.Status != open {
		return false, nil
	}
	if l, ok := t.link(*s.PaymentLink); !ok || !l.full() {
		return false, nil
	}
	_, err := t.expire(s)
	return true, err
}

// linkPages are what a phone shows that has opened a payment link.
func (s *Sim) linkPages(mux *http.ServeMux, templates *template.Template) {
	mux.HandleFunc("GET /c/link/{token}", func(w http.ResponseWriter, r *http.Request) {
		v := pageView{State: "unknown", Merchant: "Stripe"}
		status := http.StatusOK
		if err := s.onLink(r.PathValue("token"), func(t *tx, l *link) error {
			v = t.linkPage(l)
			return nil
		}); err != nil {
			status = statusOf(err)
		}
		s.render(w, templates, "checkout.html", status, v)
	})
	mux.HandleFunc("POST /c/link/{token}/start", s.postStart)
}

// linkPage is what a visitor sees before there is a session.
func (t *tx) linkPage(l *link) pageView {
	v := pageView{State: "link", ID: l.Token, Merchant: t.acct.profile.Name, Verb: verb(&l.SubmitType)}
	if !t.sells(l) {
		v.State, v.Message = "inactive", l.closedMessage()
		return v
	}
	come, err := addUp(l.Lines, l.Currency, "Payment Link")
	if err == nil {
		v.Total = shopPrice(come.total, l.Currency)
	}
	for _, x := range l.Lines {
		shown := lineView{ID: x.ID, Name: x.Description, Quantity: x.Quantity, Each: shopPrice(x.Amount/x.Quantity, l.Currency), Amount: shopPrice(x.Amount, l.Currency)}
		if x.Adjustable != nil {
			shown.Least, shown.Most = x.Adjustable.Minimum, x.Adjustable.Maximum
		}
		v.Lines = append(v.Lines, shown)
	}
	return v
}

// postStart is the visitor's first tap: {"reference", "email", "quantities":
// {line: number}}. It answers with the session to go on with.
func (s *Sim) postStart(w http.ResponseWriter, r *http.Request) {
	var v Visitor
	if !readPageJSON(w, r, &v) {
		return
	}
	id, err := s.Visit(r.PathValue("token"), v)
	if refused := (*Refused)(nil); errors.As(err, &refused) {
		writeJSON(w, http.StatusOK, result{Status: refused.Status, Message: refused.Message})
		return
	}
	if e := (*apiError)(nil); errors.As(err, &e) && e.Status == http.StatusBadRequest {
		writeJSON(w, http.StatusOK, result{Status: "declined", Message: e.Message})
		return
	}
	s.tell(w, result{Status: open, Session: id}, err)
}
