package stripesim

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// endpoint is one thing that the API does.
type endpoint struct {
	pattern string // of the standard library's mux
	accepts fields
	run     func(*tx) (any, error)
}

// endpoints is all that the simulator answers under /v1/.
func endpoints() []endpoint {
	nothing := fields{}
	return []endpoint{
		{"POST /v1/products", productCreateFields(), (*tx).createProduct},
		{"POST /v1/products/{id}", productUpdateFields(), (*tx).updateProduct},
		{"GET /v1/products/{id}", nothing, (*tx).getProduct},
		{"DELETE /v1/products/{id}", nothing, (*tx).deleteProduct},
		{"GET /v1/products", productListFields(), (*tx).listProducts},
		{"POST /v1/prices", priceCreateFields(), (*tx).createPrice},
		{"POST /v1/prices/{price}", priceUpdateFields(), (*tx).updatePrice},
		{"GET /v1/prices/{price}", nothing, (*tx).getPrice},
		{"GET /v1/prices", priceListFields(), (*tx).listPrices},
		{"POST /v1/tax_rates", taxRateCreateFields(), (*tx).createTaxRate},
		{"POST /v1/tax_rates/{tax_rate}", taxRateUpdateFields(), (*tx).updateTaxRate},
		{"GET /v1/tax_rates/{tax_rate}", nothing, (*tx).getTaxRate},
		{"GET /v1/tax_rates", taxRateListFields(), (*tx).listTaxRates},
		{"GET /v1/payment_method_configurations/{configuration}", nothing, (*tx).getMethodConfiguration},
		{"GET /v1/payment_method_configurations", methodConfigurationListFields(), (*tx).listMethodConfigurations},
		{"POST /v1/payment_links", linkCreateFields(), (*tx).createLink},
		{"POST /v1/payment_links/{payment_link}", linkUpdateFields(), (*tx).updateLink},
		{"GET /v1/payment_links/{payment_link}", nothing, (*tx).getLink},
		{"GET /v1/payment_links", linkListFields(), (*tx).listLinks},
		{"GET /v1/payment_links/{payment_link}/line_items", listFields(), (*tx).listLinkLines},
		{"POST /v1/checkout/sessions", sessionCreateFields(), (*tx).createSession},
		{"GET /v1/checkout/sessions/{session}", nothing, (*tx).getSession},
		{"GET /v1/checkout/sessions", sessionListFields(), (*tx).listSessions},
		{"POST /v1/checkout/sessions/{session}/expire", nothing, (*tx).expireSession},
		{"GET /v1/checkout/sessions/{session}/line_items", listFields(), (*tx).listLineItems},
		{"GET /v1/payment_intents/{intent}", fields{"client_secret": text(5000)}, (*tx).getIntent},
		{"POST /v1/payment_intents", intentCreateFields(), (*tx).createIntent},
		{"POST /v1/payment_intents/{intent}", intentUpdateFields(), (*tx).updateIntent},
		{"POST /v1/payment_intents/{intent}/confirm", confirmFields(), (*tx).confirmIntent},
		{"POST /v1/payment_intents/{intent}/cancel", intentCancelFields(), (*tx).cancelByMerchant},
		{"GET /v1/payment_intents", intentListFields(), (*tx).listIntents},
		{"GET /v1/charges/{charge}", nothing, (*tx).getCharge},
		{"GET /v1/charges", chargeListFields(), (*tx).listCharges},
		{"POST /v1/refunds", refundCreateFields(), (*tx).createRefund},
		{"POST /v1/refunds/{refund}", fields{"metadata": metadata()}, (*tx).updateRefund},
		{"POST /v1/refunds/{refund}/cancel", nothing, (*tx).cancelRefund},
		{"GET /v1/refunds/{refund}", nothing, (*tx).getRefund},
		{"GET /v1/refunds", refundListFields(), (*tx).listRefunds},
		{"GET /v1/balance", nothing, (*tx).getBalance},
		{"GET /v1/balance_transactions/{id}", nothing, (*tx).getTransaction},
		{"GET /v1/balance_transactions", transactionListFields(), (*tx).listTransactions},
		{"GET /v1/events/{id}", nothing, (*tx).getEvent},
		{"GET /v1/events", eventListFields(), (*tx).listEvents},
		{"GET /v1/payouts/{payout}", nothing, (*tx).getPayout},
		{"GET /v1/payouts", payoutListFields(), (*tx).listPayouts},
		{"POST /v1/disputes/{dispute}", disputeUpdateFields(), (*tx).updateDispute},
		{"POST /v1/disputes/{dispute}/close", nothing, (*tx).acceptDispute},
		{"GET /v1/disputes/{dispute}", nothing, (*tx).getDispute},
		{"GET /v1/disputes", disputeListFields(), (*tx).listDisputes},
		{"GET /v1/account", nothing, (*tx).getAccount},
		{"GET /v1/accounts/{account}", nothing, (*tx).getAccountByID},
	}
}

// accepted are the endpoint's parameters with expand, which all of them take
// but those that delete.
func (e endpoint) accepted() fields {
	if strings.HasPrefix(e.pattern, http.MethodDelete+" ") {
		return e.accepts
	}
	return e.accepts.with(fields{"expand": array(0, text(5000))})
}

func (s *Sim) routes() http.Handler {
	mux := http.NewServeMux()
	for _, e := range endpoints() {
		mux.HandleFunc(e.pattern, func(w http.ResponseWriter, r *http.Request) { s.serveAPI(w, r, e) })
	}
	mux.HandleFunc("/v1/", s.unknownURL)
	s.pages(mux)
	s.elements(mux)
	s.oauth(mux)
	s.controls(mux)
	return s.withFaults(mux)
}

// call is one API request on its way.
type call struct {
	id       string // req_…
	key      string // Idempotency-Key of a write, or ""
	account  *account
	caller   *apiKey
	endpoint endpoint
	http     *http.Request
	args     *form
}

// answer is what a call is told.
type answer struct {
	status   int
	body     []byte
	retry    *bool
	reason   string // why a 429
	after    string // Retry-After
	replayed bool
	original string // request id of the first answer under the key
}

// serveAPI is the way of every request: admission, parameters, the key's
// first answer, the work, the commit, the answer.
func (s *Sim) serveAPI(w http.ResponseWriter, r *http.Request, e endpoint) {
	c := &call{id: newID("req_", 14), endpoint: e, http: r}
	if r.Method == http.MethodPost {
		c.key = r.Header.Get("Idempotency-Key")
	}
	a, err := s.serve(c)
	if err != nil {
		if r.Context().Err() != nil {
			return // the client has gone
		}
		a = s.failure(c, err)
	}
	s.write(w, r, c, a)
}

func (s *Sim) unknownURL(w http.ResponseWriter, r *http.Request) {
	c := &call{id: newID("req_", 14), http: r}
	s.write(w, r, c, s.failure(c, newError(http.StatusNotFound, invalidRequest, "", "",
		"Unrecognized request URL ("+r.Method+": "+r.URL.Path+"). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs or we can help at https://support.stripe.com/.")))
}

func (s *Sim) serve(c *call) (*answer, error) {
	now := s.time()
	if e := s.faults.refusal(c.http, now, false); e != nil {
		return nil, e
	}
	if err := s.prepare(c); err != nil {
		return nil, err
	}
	if e := s.limits.admit(c.account.book(), c.endpoint.pattern, now); e != nil {
		return nil, e
	}
	if first, kept, err := s.reserve(c); kept || err != nil {
		return first, err
	}
	defer s.release(c)
	if !wait(c.http.Context(), s.delay()/2) {
		return nil, c.http.Context().Err()
	}
	return s.perform(c)
}

// prepare admits the request and holds its parameters against the table.
// Stripe keeps no answer under the key for what fails here.
func (s *Sim) prepare(c *call) error {
	s.mu.Lock()
	a, key, err := s.admit(c.http, c.endpoint.pattern)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	c.account, c.caller = a, key
	if c.args, err = readForm(c.http); err != nil {
		return err
	}
	return c.endpoint.accepted().check(c.args)
}

// readForm takes the parameters of a GET from its query, of a POST from query
// and body together.
func readForm(r *http.Request) (*form, error) {
	raw := r.URL.RawQuery
	if r.Method == http.MethodPost {
		if kind := r.Header.Get("Content-Type"); kind != "" && !strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
			return nil, badRequest("", "", "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.")
		}
		body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			return nil, newError(http.StatusRequestEntityTooLarge, invalidRequest, "", "", "The request is too large.")
		} else if err != nil {
			return nil, badRequest("", "", "The request's body was cut off.")
		}
		raw += "&" + string(body)
	}
	return parseForm(raw)
}

// perform does the work in one transaction and commits it together with the
// answer that the key will keep.
func (s *Sim) perform(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return nil, err
	}
	t := s.begin(c.account)
	t.args, t.path, t.caller = c.args, c.http.PathValue, c.caller
	t.request, t.lags = eventRequest{ID: &c.id}, s.lagging(c.endpoint.pattern)
	if c.key != "" {
		t.request.IdempotencyKey = &c.key
	}
	a := &answer{status: http.StatusOK, original: c.id}
	body, err := s.run(c, t)
	if err != nil {
		if e := (*apiError)(nil); !errors.As(err, &e) || !e.stays {
			t.wrote = change{Account: c.account.book()} // nothing of a failed request stays
		}
		a = s.failure(c, err)
		a.original = c.id
	} else {
		a.body = body
	}
	if c.key != "" {
		t.wrote.Answer = t.firstAnswer(c, a)
	}
	return a, t.commit()
}

func (s *Sim) run(c *call, t *tx) ([]byte, error) {
	if e := s.faults.refusal(c.http, s.clock().Add(s.skew), true); e != nil {
		return nil, e
	}
	if err := t.provePage(c); err != nil {
		return nil, err
	}
	if err := t.canCharge(c.endpoint.pattern); err != nil {
		return nil, err
	}
	v, err := c.endpoint.run(t)
	if err != nil {
		return nil, err
	}
	if v, err = t.expand(v, c.args.texts("expand")); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(v)
	return c.account.stamp(raw), err
}

// failure is err as an answer. What is not Stripe's own is our fault, and
// logged.
func (s *Sim) failure(c *call, err error) *answer {
	e := (*apiError)(nil)
	if !errors.As(err, &e) {
		s.log.Error("simulated Stripe failed", "request", c.id, "error", err)
		e = unknownError()
	}
	body, err := json.Marshal(map[string]any{"error": e})
	if c.account != nil {
		body = c.account.stamp(body)
	}
	if err != nil {
		s.log.Error("simulated Stripe failed to tell of an error", "request", c.id, "error", err)
	}
	return &answer{status: e.Status, body: body, retry: e.Retry, reason: e.Reason, after: e.RetryAfter}
}

// write sends the answer with the headers that Stripe sends.
func (s *Sim) write(w http.ResponseWriter, r *http.Request, c *call, a *answer) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Request-Id", c.id)
	h.Set("Stripe-Version", APIVersion)
	h.Set("Cache-Control", "no-cache, no-store")
	if id := r.Header.Get("Stripe-Account"); id != "" && a.status != http.StatusForbidden {
		h.Set("Stripe-Account", id)
	}
	if c.key != "" {
		h.Set("Idempotency-Key", c.key)
		if a.original != "" {
			h.Set("Original-Request", a.original)
		}
	}
	if a.replayed {
		h.Set("Idempotent-Replayed", "true")
	}
	if a.retry != nil {
		h.Set("Stripe-Should-Retry", map[bool]string{true: "true", false: "false"}[*a.retry])
	}
	if a.reason != "" {
		h.Set("Stripe-Rate-Limited-Reason", a.reason)
	}
	if a.after != "" {
		h.Set("Retry-After", a.after)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that has gone is no concern of ours
	s.log.Debug("simulated Stripe answered", "method", r.Method, "path", r.URL.Path, "status", a.status, "request", c.id)
}

func (s *Sim) delay() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.latency
}

// wait sleeps for d; it returns false if the client goes first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
