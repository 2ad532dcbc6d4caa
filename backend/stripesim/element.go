package stripesim

import (
	"crypto/subtle"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

//go:embed element
var elementFiles embed.FS

// elementFrame is the Content-Security-Policy of the frame in which a card is
// typed: it talks to the simulator alone, and only a page on this machine can
// have it inside.
const elementFrame = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
	"frame-ancestors http://127.0.0.1:* https://127.0.0.1:* http://localhost:* https://localhost:*"

// elements serves the stand-in for Stripe.js, for pages of the merchant's own:
// element/stripe.js is loaded by the page, element/frame.html is the frame
// that it opens, and the frame alone sends what is typed to the simulator.
func (s *Sim) elements(mux *http.ServeMux) {
	templates := template.Must(template.ParseFS(elementFiles, "element/frame.html"))
	for _, name := range []string{"stripe.js", "frame.js", "frame.css"} {
		mux.HandleFunc("GET /elements/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-cache")
			w.Header().Set("X-Content-Type-Options", "nosniff")
			http.ServeFileFS(w, r, elementFiles, "element/"+name)
		})
	}
	mux.HandleFunc("GET /elements/frame", func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", elementFrame)
		h.Set("Referrer-Policy", "no-referrer")
		if err := templates.ExecuteTemplate(w, "frame.html", map[string]any{"Cards": shownCards()}); err != nil {
			s.log.Error("simulated Stripe's card form failed", "error", err)
		}
	})
	for step, do := range map[string]func(*tx, *intent, elementCall) error{
		"":              func(*tx, *intent, elementCall) error { return nil },
		"/confirm":      (*tx).confirmTyped,
		"/authenticate": (*tx).authenticateTyped,
	} {
		mux.HandleFunc("POST /elements/intents/{intent}"+step, s.fromOurPages(func(w http.ResponseWriter, r *http.Request) { s.serveElement(w, r, do) }))
		mux.HandleFunc("OPTIONS /elements/intents/{intent}"+step, s.fromOurPages(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	}
}

// fromOurPages lets pages on this machine call, and no others.
func (s *Sim) fromOurPages(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		if origin := r.Header.Get("Origin"); origin != "" {
			u, err := url.Parse(origin)
			if err != nil || u.Host == "" || !loopback(u.Host) {
				writeJSON(w, http.StatusForbidden, map[string]any{"error": map[string]string{"type": invalidRequest, "message": "The simulated Stripe.js answers pages on this machine only."}})
				return
			}
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Allow-Methods", "POST")
			h.Set("Access-Control-Allow-Headers", "Content-Type")
			h.Set("Access-Control-Allow-Private-Network", "true")
		}
		next(w, r)
	}
}

// elementCall is what Stripe.js sends. It is never logged.
type elementCall struct {
	Key          string    `json:"key"`     // pk_…
	Account      string    `json:"account"` // stripeAccount, "" for the key's own
	ClientSecret string    `json:"client_secret"`
	Number       string    `json:"number"`
	Expiry       string    `json:"expiry"`
	CVC          string    `json:"cvc"`
	Outcome      Challenge `json:"outcome"` // the answer to the bank
}

// serveElement answers {"paymentIntent": …} or {"error": …}, as confirmPayment
// passes it on.
func (s *Sim) serveElement(w http.ResponseWriter, r *http.Request, do func(*tx, *intent, elementCall) error) {
	var c elementCall
	if !readPageJSON(w, r, &c) {
		return
	}
	shown, err := s.element(r.PathValue("intent"), c, do)
	if err == nil {
		writeJSON(w, http.StatusOK, map[string]any{"paymentIntent": shown})
		return
	}
	e := (*apiError)(nil)
	if !errors.As(err, &e) {
		s.log.Error("simulated Stripe.js failed", "error", err)
		e = unknownError()
	}
	told := map[string]any{"type": e.Type, "message": e.Message}
	for name, value := range map[string]string{"code": e.Code, "decline_code": e.DeclineCode, "param": e.Param, "charge": e.Charge, "doc_url": e.DocURL} {
		if value != "" {
			told[name] = value
		}
	}
	if shown != nil {
		told["payment_intent"] = shown
	}
	writeJSON(w, e.Status, map[string]any{"error": told})
}

// element does one call on the intent that the client secret opens, and shows
// the intent as it is then.
func (s *Sim) element(id string, c elementCall, do func(*tx, *intent, elementCall) error) (map[string]any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, err := s.keyOf(c.Key)
	if err != nil {
		return nil, err
	}
	if key.Kind != KeyPublishable {
		return nil, newError(http.StatusForbidden, invalidRequest, "", "", "You must use a publishable key in a browser, never a secret one.")
	}
	a, err := s.booksFor(key, c.Account, false)
	if err != nil {
		return nil, err
	}
	i, ok := a.intents.byID[id]
	if !ok || subtle.ConstantTimeCompare([]byte(i.ClientSecret), []byte(c.ClientSecret)) != 1 {
		return nil, notFound("payment_intent", id, "intent")
	}
	t := s.begin(a)
	t.caller = key
	failure := do(t, i, c)
	e := (*apiError)(nil)
	if failure == nil || errors.As(failure, &e) && e.stays {
		if err := t.commit(); err != nil {
			return nil, err
		}
	}
	shown, err := publicIntent(a, a.intents.byID[id])
	return shown, errors.Join(failure, err)
}

// confirmTyped is the merchant's Pay button, with what the buyer typed.
func (t *tx) confirmTyped(old *intent, c elementCall) error {
	if err := t.canCharge("POST /v1/payment_intents/{intent}/confirm"); err != nil {
		return err
	}
	if err := checkConfirmable(old); err != nil {
		return err
	}
	m := &method{ID: newID("pm_1", 23), Type: card}
	found, refused := findCard(c.Number)
	if refused == nil {
		m.Number = found.number
		m.ExpMonth, m.ExpYear = readExpiry(c.Expiry)
		refused = t.readExpiry(m)
	}
	if refused == nil && (len(c.CVC) < 3 || len(c.CVC) > 4 || strings.Trim(c.CVC, "0123456789") != "") {
		refused = &refusal{"incomplete_cvc", "", "Your card's security code is incomplete."}
	}
	if refused != nil { // seen before any bank is asked: nothing is kept of it
		e := newError(http.StatusPaymentRequired, "card_error", refused.code, "", refused.message)
		e.DeclineCode = refused.decline
		return e
	}
	if old.ReceiptEmail != nil {
		m.Email = *old.ReceiptEmail
	}
	i := *old
	if err := t.confirm(&i, m, nil); err != nil {
		return err
	}
	_, err := t.confirmed(i.ID)
	return err
}

// authenticateTyped is the buyer's answer to the bank's question in the frame.
func (t *tx) authenticateTyped(i *intent, c elementCall) error {
	if c.Outcome != Complete && c.Outcome != Fail {
		return badRequest("", "outcome", "The outcome is complete or fail.")
	}
	if i.Session != "" || !i.challenged() {
		return unexpectedState(i, "This PaymentIntent waits for no answer to a bank: it has a status of %s.", i.Status)
	}
	if _, err := t.answerBank(nil, i, c.Outcome == Complete); err != nil {
		return err
	}
	_, err := t.confirmed(i.ID)
	return err
}

// publicIntent is what a page may see of an intent: no metadata, no fee, no
// charge. Source: docs.stripe.com/api/payment_intents/object, "retrievable with publishable key".
func publicIntent(a *account, i *intent) (map[string]any, error) {
	whole, err := render(&i.paymentIntent)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	for _, name := range []string{
		"id", "object", "amount", "amount_details", "automatic_payment_methods", "canceled_at", "cancellation_reason", "capture_method",
		"client_secret", "confirmation_method", "created", "currency", "description", "last_payment_error", "next_action", "payment_method",
		"payment_method_types", "processing", "receipt_email", "setup_future_usage", "shipping", "status",
	} {
		out[name] = whole[name]
	}
	out["livemode"] = a.live
	return out, nil
}
