package stripesim

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// testMethods are Stripe's ready-made payment methods, and the test card that
// each stands for. Source: docs.stripe.com/testing, "PaymentMethods".
func testMethods() map[string]string {
	return map[string]string{
		"pm_card_visa":                "4242424242424242",
		"pm_card_visa_debit":          "4000056655665556",
		"pm_card_mastercard":          "5555555555554444",
		"pm_card_amex":                "378282246310005",
		"pm_card_de":                  "4000002760000016",
		"pm_card_visa_chargeDeclined": "4000000000000002",
		"pm_card_chargeDeclined":      "4000000000000002",
		"pm_card_visa_chargeDeclinedInsufficientFunds":                  "4000000000009995",
		"pm_card_chargeDeclinedInsufficientFunds":                       "4000000000009995",
		"pm_card_visa_chargeDeclinedLostCard":                           "4000000000009987",
		"pm_card_visa_chargeDeclinedStolenCard":                         "4000000000009979",
		"pm_card_chargeDeclinedExpiredCard":                             "4000000000000069",
		"pm_card_chargeDeclinedIncorrectCvc":                            "4000000000000127",
		"pm_card_chargeDeclinedProcessingError":                         "4000000000000119",
		"pm_card_authenticationRequired":                                "4000002760003184",
		"pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": "4000008400001629",
		"pm_card_threeDSecure2Required":                                 "4000002500003155",
	}
}

func confirmFields() fields {
	return fields{
		"client_secret": text(5000), "payment_method": text(5000), "receipt_email": text(0).clearable(), "return_url": text(0), "use_stripe_sdk": boolean(),
	}
}

// confirmIntent asks the bank for the money. A refusal is a 402 and stays in
// the books. Source: docs.stripe.com/api/payment_intents/confirm; the wordings
// of refusals by state are not verified.
func (t *tx) confirmIntent() (any, error) {
	a := t.args
	old, err := t.pathIntent()
	if err != nil {
		return nil, err
	}
	if err := checkConfirmable(old); err != nil {
		return nil, err
	}
	id := a.text("payment_method")
	if id == "" {
		return nil, unexpectedState(old, "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.")
	}
	number, ok := testMethods()[id]
	if !ok {
		return nil, missing("PaymentMethod", id, "payment_method")
	}
	back := a.maybe("return_url")
	if back != nil && !webAddress(*back) {
		return nil, badRequest("url_invalid", "return_url", "Not a valid URL")
	}
	if m := old.AutomaticPaymentMethods; back == nil && m != nil && m.AllowRedirects == "always" && t.caller.Kind != KeyPublishable {
		return nil, badRequest("", "", "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.")
	}
	i := *old
	if a.has("receipt_email") {
		i.ReceiptEmail = a.maybe("receipt_email")
	}
	m := &method{ID: newID("pm_1", 23), Type: card, Number: number}
	_ = t.readExpiry(m) // fills in what a ready-made card leaves out
	if i.ReceiptEmail != nil {
		m.Email = *i.ReceiptEmail
	}
	if err := t.confirm(&i, m, back); err != nil {
		return nil, err
	}
	return t.confirmed(i.ID)
}

// confirmed is the intent after the bank was asked, or its refusal.
func (t *tx) confirmed(id string) (*intent, error) {
	i, _ := t.intent(id)
	if r := i.LastPaymentError; r != nil {
		e := newError(http.StatusPaymentRequired, r.Type, r.Code, "", r.Message)
		e.DeclineCode, e.Charge, e.PaymentIntent, e.stays = r.DeclineCode, r.Charge, &i.paymentIntent, true
		return nil, e
	}
	return i, nil
}

// checkConfirmable refuses what cannot be paid any more, or not this way.
func checkConfirmable(i *intent) error {
	switch {
	case i.Session != "":
		return unexpectedState(i, "You cannot confirm this PaymentIntent because it was created by a Checkout Session. Its buyer confirms it on the session's page.")
	case i.Status == succeeded:
		return unexpectedState(i, "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.")
	case !i.undecided():
		return unexpectedState(i, "You cannot confirm this PaymentIntent because it has a status of %s. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.", i.Status)
	case !slices.Contains(i.PaymentMethodTypes, card):
		return badRequest("", "payment_method", "The PaymentMethod provided (card) is not allowed for this PaymentIntent. Please attach a PaymentMethod of one of the following types: %s.", orList(i.PaymentMethodTypes))
	}
	return nil
}

// confirm asks the bank that m belongs to. Back is where the bank's page leads
// in the end, nil where Stripe.js shows it in the merchant's page.
func (t *tx) confirm(i *intent, m *method, back *string) error {
	c, _ := findCard(m.Number)
	var err error
	if c.challenge {
		i.Back = back
		_, err = t.askBank(i, m)
	} else {
		_, err = t.attempt(nil, i, m, c.refused)
	}
	return err
}

// AnswerBank is the buyer's answer to 3-D Secure for a payment intent that was
// confirmed through the API or by Stripe.js. A session's is answered by Pay.
func (s *Sim) AnswerBank(intentID string, answer Challenge) error {
	return s.onIntent(intentID, func(t *tx, i *intent) error {
		if i.Session != "" || !i.challenged() {
			return fmt.Errorf("stripesim: %s is %s, and no bank waits for an answer", i.ID, i.Status)
		}
		_, err := t.answerBank(nil, i, answer == Complete)
		return err
	})
}

// onIntent runs do on a payment intent, whoever's it is, and commits.
func (s *Sim) onIntent(id string, do func(*tx, *intent) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		if i, ok := a.intents.byID[id]; ok {
			t := s.begin(a)
			err := do(t, i)
			if e := (*apiError)(nil); err != nil && (!errors.As(err, &e) || !e.stays) {
				return err
			}
			return errors.Join(err, t.commit())
		}
	}
	return notFound("payment_intent", id, "intent")
}

// bankPages are the bank's page for an intent that was confirmed with a
// return_url.
func (s *Sim) bankPages(mux *http.ServeMux, templates *template.Template) {
	mux.HandleFunc("GET /c/intents/{intent}", func(w http.ResponseWriter, r *http.Request) {
		v, status := pageView{State: "unknown", Merchant: "Stripe"}, http.StatusOK
		if err := s.onIntent(r.PathValue("intent"), func(t *tx, i *intent) error {
			v = t.bankPage(i)
			return nil
		}); err != nil {
			status = statusOf(err)
		}
		s.render(w, templates, "checkout.html", status, v)
	})
	mux.HandleFunc("POST /c/intents/{intent}/authenticate", s.postBankAnswer)
}

func (t *tx) bankPage(i *intent) pageView {
	v := pageView{State: "unknown", ID: i.ID, Merchant: t.acct.profile.Name, Total: shopPrice(i.Amount, i.Currency), Verb: "Pay"}
	switch {
	case i.Session != "":
	case i.challenged():
		v.State = "challenge"
	case i.Status == succeeded:
		v.State = paid
	}
	return v
}

// postBankAnswer takes {"outcome": "complete" or "fail"} and tells where the
// merchant waits.
func (s *Sim) postBankAnswer(w http.ResponseWriter, r *http.Request) {
	var body struct{ Outcome Challenge }
	if !readPageJSON(w, r, &body) {
		return
	}
	var res result
	err := s.onIntent(r.PathValue("intent"), func(t *tx, i *intent) (err error) {
		back := i.Back
		if i.Session != "" || !i.challenged() {
			res = result{Status: "declined", Message: "There is nothing to confirm. Please pay first."}
			return nil
		}
		if res, err = t.answerBank(nil, i, body.Outcome == Complete); err == nil && back != nil {
			res.Next = backTo(*back, i, res.Status)
		}
		return err
	})
	s.tell(w, res, err)
}

// backTo is the merchant's address with what Stripe adds to it.
// Source: docs.stripe.com/payments/accept-a-payment, "return_url".
func backTo(address string, i *intent, outcome string) string {
	if outcome != succeeded {
		outcome = failed
	}
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	q.Set("payment_intent", i.ID)
	q.Set("payment_intent_client_secret", i.ClientSecret)
	q.Set("redirect_status", outcome)
	u.RawQuery = q.Encode()
	return strings.TrimSuffix(u.String(), "?")
}
