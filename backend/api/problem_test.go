package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// statuses is the map from codes to HTTP once more, written down on purpose: a
// new code must be thought about.
func statuses() map[boxoffice.Code]int {
	return map[boxoffice.Code]int{
		"invalid_request": 400, "idempotency_key_missing": 400, "webhook_refused": 400,
		"pin_needed":     401,
		"foreign_origin": 403, "foreign_host": 403, "pin_wrong": 403, "bad_passphrase": 403,
		"unknown_order": 404, "unknown_ticket": 404, "no_code": 404, "not_found": 404, "unknown_event": 404, "unknown_poster": 404, "unknown_discrepancy": 404,
		"sold_out": 409, "not_cancelable": 409, "idempotency_mismatch": 409, "book_locked": 409, "not_connected": 409, "other_account": 409,
		"wrong_mode": 409, "stale_edit": 409, "in_use": 409, "not_on_sale": 409, "not_at_stripe": 409, "charges_disabled": 409, "not_refundable": 409, "ticket_refunded": 409, "money_moved": 409, "already_resolved": 409, "not_possible": 409,
		"drill_refused":    409,
		"refund_too_large": 422, "bad_amount": 422, "who_missing": 422,
		"bad_key": 422, "key_permissions": 422, "oauth_state": 422, "oauth_refused": 422, "bad_platform": 422, "bad_pin": 422,
		"bad_catalogue": 422, "bad_price": 422, "bad_poster": 422,
		"vault_locked": 423, "pin_wait": 429, "vault_unusable": 500,
		"empty_order": 422, "unknown_performance": 422, "unknown_ticket_type": 422, "bad_quantity": 422,
		"mixed_currency": 422, "amount_too_small": 422, "amount_too_large": 422, "bad_email": 422,
		"internal": 500, "book_corrupt": 500, "book_unusable": 500, "ticket_key": 500, "address_taken": 500,
		"stripe_refused": 502, "stripe_key": 502, "stripe_permission": 502,
		"stripe_busy": 503, "stripe_unreachable": 503,
		"disk_full": 507,
	}
}

// Every code that boxoffice declares is in its list, in the schema, and has its
// own HTTP status; and there is no other.
func TestEveryCodeIsKnown(t *testing.T) {
	declared := declaredCodes(t)
	if diff := difference(declared, boxoffice.Codes()); len(diff) > 0 {
		t.Errorf("declared and listed differ: %q", diff)
	}
	var inSchema []boxoffice.Code
	for _, v := range Code("").Schema(nil).Enum {
		inSchema = append(inSchema, boxoffice.Code(v.(string)))
	}
	if diff := difference(declared, inSchema); len(diff) > 0 {
		t.Errorf("declared and in the schema differ: %q", diff)
	}
	var mapped []boxoffice.Code
	for c, want := range statuses() {
		mapped = append(mapped, c)
		if got := statusOf(c); got != want {
			t.Errorf("%s is answered with %d, want %d", c, got, want)
		}
	}
	if diff := difference(declared, mapped); len(diff) > 0 {
		t.Errorf("declared and mapped differ: %q", diff)
	}
}

// declaredCodes reads boxoffice's constants of type Code from its source.
func declaredCodes(t *testing.T) (codes []boxoffice.Code) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../boxoffice/error.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if name, isName := specType(spec); ok && isName && name == "Code" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, boxoffice.Code(text))
		}
		return true
	})
	if len(codes) < 20 {
		t.Fatalf("only %d codes are declared", len(codes))
	}
	return codes
}

func specType(spec *ast.ValueSpec) (string, bool) {
	if spec == nil {
		return "", false
	}
	name, ok := spec.Type.(*ast.Ident)
	if !ok {
		return "", false
	}
	return name.Name, true
}

// difference is what only one of the two has.
func difference(a, b []boxoffice.Code) (only []boxoffice.Code) {
	for _, pair := range [][2][]boxoffice.Code{{a, b}, {b, a}} {
		for _, c := range pair[0] {
			if !slices.Contains(pair[1], c) {
				only = append(only, c)
			}
		}
	}
	return only
}

// secret stands for what must be in the log and on no screen.
const secret = "sk_live_51H: open /home/anna/book.db: input/output error"

// The cause of an error goes to the log, whole, and into no answer.
func TestCausesAreForTheLog(t *testing.T) {
	s := newScene(t)
	for code := range statuses() {
		for name, err := range map[string]error{
			"explained": &boxoffice.Error{Code: code, Message: "It happened.", Next: "Do this.", Cause: errors.New(secret)},
			"wrapped":   fmt.Errorf("%s: %w", secret, &boxoffice.Error{Code: code, Message: "It happened.", Next: "Do this."}),
			"joined":    errors.Join(&boxoffice.Error{Code: code, Message: "It happened.", Next: "Do this."}, errors.New(secret)),
			"bare":      errors.New(secret),
		} {
			s.log.Reset()
			w := httptest.NewRecorder()
			writeProblem(w, (&server{s.opt}).problem(t.Context(), err))
			a := answer{w.Code, w.Header(), w.Body.String()}
			p := a.problem(t)
			if want := map[bool]boxoffice.Code{true: code, false: "internal"}[name != "bare"]; string(p.Code) != string(want) {
				t.Errorf("%s %s is answered as %s", name, code, p.Code)
			}
			if strings.Contains(a.body, "sk_live") || strings.Contains(a.body, "/home") {
				t.Errorf("%s %s: %s", name, code, a.body)
			}
			if !strings.Contains(s.log.String(), "sk_live_51H") || !strings.Contains(s.log.String(), string(p.Code)) {
				t.Errorf("%s %s: the log says %q", name, code, s.log)
			}
		}
	}
	if s.log.Reset(); (&server{s.opt}).problem(t.Context(), nil) != nil || s.log.Len() > 0 {
		t.Error("no error is a problem")
	}
}

// An error that nobody explained is written as one of Willcall's own.
func TestWriteProblemOfAnything(t *testing.T) {
	w := httptest.NewRecorder()
	writeProblem(w, errors.New(secret))
	a := answer{w.Code, w.Header(), w.Body.String()}
	if p := a.problem(t); p.Code != "internal" || strings.Contains(a.body, "sk_live") {
		t.Errorf("%s", a.body)
	}
	p := Problem{Code: "sold_out", Detail: "Gone."}
	if got := p.Error(); got != "sold_out: Gone." {
		t.Errorf("in a log, a problem is %q", got)
	}
}

// A book that cannot be read any more is told as a mistake of Willcall's, on
// every route that reads it, without bbolt's words.
func TestAnswersWithoutABook(t *testing.T) {
	s := newScene(t)
	h := s.house()
	book, err := ledger.Open(t.TempDir()+"/closed.db", ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	s.opt.Book = book
	for _, path := range []string{"/api/status", "/api/catalogue", "/api/orders", "/api/orders?q=a", "/api/late-money", "/api/reconciliation", "/api/orders/{open.id}", "/api/tickets/{ticket}/code.svg"} {
		s.log.Reset()
		row{name: path, path: path, status: 500, code: "internal", has: []string{"What is in the book is safe"}, hasNot: []string{"database", "bolt", "not open"}}.checkIn(s, h)
		if !strings.Contains(s.log.String(), "not open") {
			t.Errorf("%s: the log does not say why: %q", path, s.log)
		}
	}
}

// A panic anywhere is a problem, logged with its stack, and the till goes on.
func TestPanicsBecomeProblems(t *testing.T) {
	s := newScene(t)
	h := s.house()
	s.opt.Stripe = func() Stripe { panic(secret) }
	row{name: "in a handler of huma's", path: "/api/status", status: 500, code: "internal", hasNot: []string{"sk_live", "goroutine"}}.checkIn(s, h)
	if log := s.log.String(); !strings.Contains(log, "a handler panicked") || !strings.Contains(log, "sk_live") || !strings.Contains(log, "goroutine") {
		t.Errorf("the log says %q", log)
	}
	s.opt.Desk = nil
	row{name: "in a handler of our own", path: "/api/orders/{open.id}/code.svg", status: 500, code: "internal", hasNot: []string{"nil pointer"}}.checkIn(s, h)
	row{name: "and afterwards", path: "/api/catalogue", status: 200, has: []string{"Hamlet"}}.checkIn(s, h)
}

// A handler that gives a connection up on purpose is let do so.
func TestAbortIsNoPanic(t *testing.T) {
	s := newScene(t)
	gone := (&server{s.opt}).logged(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, http.ErrAbortHandler) || s.log.Len() > 0 {
			t.Errorf("an abort was swallowed, or logged: %q", s.log)
		}
	}()
	gone.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
}

// Each request is logged once, without what it carried.
func TestRequestsAreLogged(t *testing.T) {
	s := newScene(t)
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/api/orders?card=4242", strings.NewReader(sale))
	r.Header.Set("Idempotency-Key", "key-of-this-sale")
	s.ask(r)
	log := s.log.String()
	if strings.Count(log, "api: answered") != 1 || !strings.Contains(log, "method=POST path=/api/orders took=") || strings.Contains(log, "4242") {
		t.Errorf("the log says %q", log)
	}
}

// What huma finds wrong is told part by part.
func TestProblemsNameTheParts(t *testing.T) {
	s := newScene(t)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/orders", strings.NewReader(`{"lineItems":[{"quantity":"two"}],"discount":1}`))
	r.Header.Set("Idempotency-Key", "key-of-this-sale")
	p := s.ask(r).problem(t)
	where := map[string]bool{}
	for _, e := range p.Errors {
		where[e.Location] = true
	}
	for _, l := range []string{"body.lineItems[0].quantity", "body.lineItems[0]", "body.discount"} {
		if !where[l] {
			text, _ := json.Marshal(p)
			t.Errorf("nothing is said of %s: %s", l, text)
		}
	}
	if !strings.Contains(p.Detail, "Nothing was changed.") {
		t.Errorf("the detail is %q", p.Detail)
	}
}
