package stripeapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// sent is a request as it went over the wire.
type sent struct {
	method, path, form string // the query of a GET, the body of a POST
	key                string
}

// recording keeps what goes out, and answers with next.
func recording(out *[]sent, next tripper) func(*stripeapi.Options) {
	return func(o *stripeapi.Options) {
		o.Transport = tripper(func(r *http.Request) (*http.Response, error) {
			s := sent{method: r.Method, path: r.URL.Path, form: r.URL.RawQuery, key: r.Header.Get("Idempotency-Key")}
			if r.Method == http.MethodPost {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					return nil, err
				}
				s.form = string(body)
				r.Body = io.NopCloser(strings.NewReader(s.form))
			}
			*out = append(*out, s)
			return next(r)
		})
	}
}

// deaf answers nothing.
func deaf(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

// wantsNothing is a Stripe that leaves every intent in the book.
type wantsNothing struct{}

func (wantsNothing) Send(context.Context, string)             {}
func (wantsNothing) Check(context.Context, string) error      { return nil }
func (wantsNothing) Clock(context.Context) (time.Time, error) { return noon, nil }
func (wantsNothing) Asker() string                            { return "" }
func (wantsNothing) Mirror()                                  {}
func (wantsNothing) Wake()                                    {}
func (wantsNothing) Products(context.Context) ([]boxoffice.Importable, error) {
	return nil, nil
}

func (wantsNothing) house(kinds []boxoffice.TicketType) []boxoffice.Fact {
	e := boxoffice.Event{
		ID: "evt-2", Name: scripts(250), Place: scripts(250), TimeZone: "Pacific/Auckland", TicketTypes: kinds,
		Performances: []boxoffice.Performance{{ID: "perf-2", StartsAt: noon}},
	}
	q := boxoffice.Quota{ID: "quota-2", PerformanceID: "perf-2", Size: 100_000}
	for _, k := range kinds {
		q.TicketTypeIDs = append(q.TicketTypeIDs, k.ID)
	}
	return []boxoffice.Fact{boxoffice.EventAddedFact{Event: e}, boxoffice.QuotaAddedFact{Quota: q}}
}

// scripts is a name of n characters that no single byte holds.
func scripts(n int) string {
	const text = "Žižkův Größenwahn, 冬の夜ばなし 🎭 الليلة الثانية عشرة — Двенадцатая ночь & 100 % “Lear” + [1]; "
	return string([]rune(strings.Repeat(text, n))[:n])
}

// asked is what the desk would ask Stripe for, for the sale.
func asked(t *testing.T, kinds []boxoffice.TicketType, s desk.Sale) boxoffice.SessionRequest {
	t.Helper()
	book := testkit.Book(t, ledger.Options{})
	testkit.Append(t, book, wantsNothing{}.house(kinds)...)
	d := desk.New(desk.Options{
		Book: book, Stripe: wantsNothing{}, IDs: testkit.IDs(1), Now: func() time.Time { return noon },
		ReturnURL: "http://127.0.0.1:4381/c/done",
	})
	s.Key = "sale-00000001"
	o, err := d.Sell(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	var intent boxoffice.Intent
	err = book.View(func(tx *ledger.Tx) (err error) {
		intent, _, err = tx.Intent(ledger.CreateKey(o.Tenders[0].ID))
		return err
	})
	if err != nil || intent.Create == nil {
		t.Fatalf("the book has no intent: %v", err)
	}
	return *intent.Create
}

// sales are the smallest and the largest that a till can ask for.
func sales(t *testing.T) map[string]boxoffice.SessionRequest {
	t.Helper()
	kind := func(i int, minor int64, c money.Currency) boxoffice.TicketType {
		return boxoffice.TicketType{ID: fmt.Sprintf("type-%d", i), Name: scripts(250), Price: money.New(minor, c)}
	}
	line := func(i, quantity int) desk.SaleLine {
		return desk.SaleLine{PerformanceID: "perf-2", TicketTypeID: fmt.Sprintf("type-%d", i), Quantity: quantity}
	}
	var hundred []boxoffice.TicketType
	var lines []desk.SaleLine
	for i := range 100 {
		hundred = append(hundred, kind(i, 100+int64(i), "eur"))
		lines = append(lines, line(i, 1+i%100))
	}
	one := []desk.SaleLine{line(0, 1)}
	email := strings.Repeat("a", 64) + "@" + strings.Repeat(strings.Repeat("b", 62)+".", 3) // and three more: 254
	all := map[string]boxoffice.SessionRequest{
		"one ticket":                  asked(t, []boxoffice.TicketType{kind(0, 50, "eur")}, desk.Sale{LineItems: one}),
		"the longest e-mail address":  asked(t, []boxoffice.TicketType{kind(0, 50, "eur")}, desk.Sale{LineItems: one, BuyerEmail: email[:250] + ".com"}),
		"an e-mail address with a +":  asked(t, []boxoffice.TicketType{kind(0, 50, "eur")}, desk.Sale{LineItems: one, BuyerEmail: "jiří+till&1@příklad.example"}),
		"a hundred kinds":             asked(t, hundred, desk.Sale{LineItems: lines}),
		"the most that Stripe takes":  asked(t, []boxoffice.TicketType{kind(0, money.MaxMinor, "eur")}, desk.Sale{LineItems: one}),
		"a currency without decimals": asked(t, []boxoffice.TicketType{kind(0, 3000, "jpy")}, desk.Sale{LineItems: []desk.SaleLine{line(0, 100)}}),
		"written by hand":             request(),
	}
	many, longest := all["a hundred kinds"].LineItems, all["the longest e-mail address"].BuyerEmail
	if len(many) != 100 || utf8.RuneCountInString(many[99].Name) < 250 || len(longest) != 254 {
		t.Fatalf("the extremes are not extreme: %d lines, %d characters of e-mail", len(many), len(longest))
	}
	return all
}

// TestRequestsKeepStripesDocument: every name, type, enum and length of every
// request that Willcall sends.
func TestRequestsKeepStripesDocument(t *testing.T) {
	var out []sent
	c := client("http://stripe.invalid", recording(&out, deaf))
	for name, r := range sales(t) {
		out = nil
		_, _ = c.CreateSession(t.Context(), "tdr-1-create", r)
		if err := keeps(t, out[0].method, out[0].path, out[0].form); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		form, err := url.ParseQuery(out[0].form)
		if err != nil {
			t.Fatal(err)
		}
		last := len(r.LineItems) - 1
		for param, want := range map[string]string{
			"mode": "payment", "client_reference_id": r.Reference, "customer_email": r.BuyerEmail,
			"expires_at": fmt.Sprint(r.ExpiresAt.Unix()), "success_url": r.SuccessURL, "cancel_url": r.CancelURL,
			"metadata[willcall_tender]":                                                r.Metadata[boxoffice.MetadataTender],
			"payment_intent_data[metadata][willcall_tender]":                           r.Metadata[boxoffice.MetadataTender],
			fmt.Sprintf("line_items[%d][price_data][product_data][name]", last):        r.LineItems[last].Name,
			fmt.Sprintf("line_items[%d][price_data][product_data][description]", last): r.LineItems[last].Description,
			fmt.Sprintf("line_items[%d][price_data][currency]", last):                  string(r.LineItems[last].UnitPrice.Currency),
			fmt.Sprintf("line_items[%d][price_data][unit_amount]", last):               fmt.Sprint(r.LineItems[last].UnitPrice.Minor),
			fmt.Sprintf("line_items[%d][quantity]", last):                              fmt.Sprint(r.LineItems[last].Quantity),
		} {
			if form.Get(param) != want || form.Has(param) != (want != "") {
				t.Errorf("%s: %s is %.80q, want %.80q", name, param, form.Get(param), want)
			}
		}
	}
	out = nil
	_ = everything(t.Context(), c)
	_, _ = c.Sessions(t.Context(), noon, noon, "cs_test_1")
	_, _ = c.Events(t.Context(), stripeapi.SessionEvents(), noon, noon, "evt_1")
	for _, s := range out {
		if err := keeps(t, s.method, s.path, s.form); err != nil {
			t.Errorf("%s %s?%s: %v", s.method, s.path, s.form, err)
		}
		if (s.key == "") != (s.method == http.MethodGet) {
			t.Errorf("%s %s has the idempotency key %q", s.method, s.path, s.key)
		}
	}
	if want := 8 + len(calls()); len(out) != want {
		t.Errorf("%d requests went out, want %d", len(out), want)
	}
}

// spoilt changes one thing of a good request.
type spoilt struct {
	name   string
	param  string
	value  string
	strict bool // stripe-mock sees it too
}

func spoiltCreates() []spoilt {
	return []spoilt{
		{"a parameter that Stripe has not", "paid_cash", "1", true},
		{"such a one below another", "line_items[0][seat]", "A1", false},
		{"a mode that there is not", "mode", "cash", true},
		{"a number that is none", "expires_at", "tomorrow", true},
		{"an amount that is none", "line_items[0][price_data][unit_amount]", "24.00", true},
		{"a reference that is too long", "client_reference_id", strings.Repeat("x", 201), false},
		{"a name that is too long", "line_items[0][price_data][product_data][name]", strings.Repeat("ä", 5001), false},
		{"a description that is too long", "line_items[0][price_data][product_data][description]", strings.Repeat("ä", 40001), false},
		{"an address that is too long", "success_url", "https://" + strings.Repeat("x", 5000), false},
		{"a metadata value that is too long", "metadata[willcall_code]", strings.Repeat("x", 501), false},
		{"a metadata key with brackets", "metadata[a][b]", "1", true},
		{"a hole in the line items", "line_items[7][quantity]", "1", false},
	}
}

// spoil returns the form with the value in the parameter, or without it for no
// value.
func (s spoilt) spoil(t *testing.T, form string) string {
	t.Helper()
	values, err := url.ParseQuery(form)
	if err != nil {
		t.Fatal(err)
	}
	if values.Set(s.param, s.value); s.value == "" {
		values.Del(s.param)
	}
	return values.Encode()
}

// TestTheDocumentRefusesWhatIsSpoilt is the control: the check sees each fault.
func TestTheDocumentRefusesWhatIsSpoilt(t *testing.T) {
	var out []sent
	c := client("http://stripe.invalid", recording(&out, deaf))
	_, _ = c.CreateSession(t.Context(), "tdr-1-create", request())
	_, _ = c.Events(t.Context(), stripeapi.SessionEvents(), noon, noon, "")
	for _, s := range spoiltCreates() {
		if err := keeps(t, out[0].method, out[0].path, s.spoil(t, out[0].form)); err == nil {
			t.Errorf("%s was let through", s.name)
		}
	}
	for _, s := range []spoilt{
		{name: "more than a page", param: "limit", value: "101"},
		{name: "a filter that there is not", param: "reference", value: "ord-1"},
		{name: "a range with a wrong end", param: "created[until]", value: "1"},
	} {
		if err := keeps(t, out[1].method, out[1].path, s.spoil(t, out[1].form)); err == nil {
			t.Errorf("%s was let through", s.name)
		}
	}
	many := out[1].form
	for i := range 21 {
		many += fmt.Sprintf("&types[%d]=charge.succeeded", i+4)
	}
	if err := keeps(t, out[1].method, out[1].path, many); err == nil {
		t.Error("more than 20 types were let through")
	}
}

// TestTheSameRequestIsTheSameBytes: Stripe holds the parameters of a key's
// second request against those of its first.
func TestTheSameRequestIsTheSameBytes(t *testing.T) {
	var out []sent
	for range 20 {
		c := client("http://stripe.invalid", recording(&out, deaf)) // a restart in between
		_, _ = c.CreateSession(t.Context(), "tdr-1-create", request())
	}
	for _, s := range out {
		if s != out[0] {
			t.Fatalf("sent\n%+v, and then\n%+v", out[0], s)
		}
	}
	if out[0].key != "tdr-1-create" || len(out) != 20 {
		t.Errorf("%d requests with the key %q", len(out), out[0].key)
	}
}
