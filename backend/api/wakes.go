package api

import (
	_ "embed"
	"errors"
	"html/template"
	"io"
	"net/http"
	"time"

	"willcall/backend/boxoffice"
)

// CallbackPath is where Stripe sends the organizer's browser after consent.
const CallbackPath = "/oauth/callback"

// webhookPath is where Stripe may wake the till, through a tunnel.
const webhookPath = "/webhooks/stripe"

// maxHint is the most of a webhook that is read, in bytes. Stripe's events are
// far below it.
const maxHint = 256 << 10

// hintPatience is how long the rest of a webhook may take: whoever sends it
// slowly, and it may be anybody, would keep the book from being put away.
const hintPatience = 5 * time.Second

//go:embed callback.html
var callbackPage string

// callback takes what Stripe answered to the request for consent, and tells
// the organizer, who sees this page in the system's browser.
func (s *server) callback(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet { // HEAD only looks, and a code is good for once
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		return
	}
	err := s.Connector.FinishOAuth(r.Context(), r.URL.Query())
	said := struct {
		Title, Detail, Next string
		Training            bool
	}{"Connected", "Willcall can sell on this Stripe account now.", "Close this page and go back to Willcall.", s.Mode == boxoffice.Training}
	status := http.StatusOK
	if err != nil {
		p := s.problemFor(r.Context(), err)
		said.Title, said.Detail, said.Next, status = "Not connected", p.Detail, p.Next, p.Status
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address has the code in it
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_ = template.Must(template.New("").Parse(callbackPage)).Execute(w, said) // a client that left needs no page
}

// webhook takes a hint that something happened at Stripe. It is answered at
// once, and changes nothing but when Stripe is asked next.
func (s *server) webhook(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(hintPatience)) // the window has none, and sends no webhooks
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxHint))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		w.WriteHeader(http.StatusRequestTimeout)
		return
	}
	if err := s.Connector.Hint(payload, r.Header.Get("Stripe-Signature")); err != nil {
		writeProblem(w, s.problem(r.Context(), err))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
