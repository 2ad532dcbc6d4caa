package api

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/closing"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

const today = "from=2026-03-05T00:00:00Z&to=2026-03-05T12:00:00Z"

// closingRoutes are closes of the house, of which no statement was read.
func closingRoutes() []row {
	read := func(name, body string, status int, code string) row {
		return row{name: "read " + name, method: "POST", path: "/api/closing/read", header: map[string]string{"Content-Type": isJSON}, body: body, status: status, code: code}
	}
	wrong := func(query string) row {
		return row{name: "close " + query, path: "/api/closing?" + query, status: 400, code: "invalid_request"}
	}
	file := func(kind, query string) row {
		return row{name: kind + " of " + query, path: "/api/closing." + kind + "?" + query, status: 400, code: "invalid_request"}
	}
	return []row{
		{name: "a close", path: "/api/closing?" + today, status: 200, has: []string{
			`"from":"2026-03-05T00:00:00Z","to":"2026-03-05T12:00:00Z"`, `"agree":0,"of":1,"differ":0,"unread":1,"complete":false`,
			`"missing":[{"from":"2026-03-05T00:00:00Z","to":"2026-03-05T12:00:00Z"}],"differences":[]`,
		}, hasNot: []string{`"payout"`}},
		{name: "a close that ends in days", path: "/api/closing?from=2026-03-05T00:00:00Z&to=2026-03-07T00:00:00Z", status: 200, has: []string{`"to":"2026-03-05T12:00:00Z"`}},
		{name: "a close in a zone", path: "/api/closing?from=2026-03-05T01:00:00%2B01:00&to=2026-03-05T12:00:00Z", status: 200, has: []string{`"from":"2026-03-05T00:00:00Z"`}},
		{name: "a payout that there is not", path: "/api/closing?payout=po_x", status: 404, code: "not_found", has: []string{"no payout po_x"}},
		{name: "payouts, none", path: "/api/payouts?" + today, status: 200, has: []string{`{"payouts":[]}`}},
		{name: "payouts of no time", path: "/api/payouts", status: 422, code: "invalid_request"},
		{name: "payouts backwards", path: "/api/payouts?to=2026-03-05T00:00:00Z&from=2026-03-05T12:00:00Z", status: 400, code: "invalid_request"},
		wrong(""), wrong("from=2026-03-05T00:00:00Z"), wrong("to=2026-03-05T00:00:00Z"), wrong("to=2026-03-05T00:00:00Z&from=2026-03-05T12:00:00Z"),
		wrong("from=2020-03-05T00:00:00Z&to=2026-03-05T00:00:00Z"), wrong("from=2026-03-06T00:00:00Z&to=2026-03-07T00:00:00Z"),
		{name: "close of words", path: "/api/closing?from=yesterday&to=now", status: 422, code: "invalid_request"},
		read("without Stripe", `{"from":"2026-03-05T00:00:00Z","to":"2026-03-05T12:00:00Z"}`, 409, "not_connected"),
		read("nothing", `{}`, 422, "invalid_request"),
		read("backwards", `{"from":"2026-03-05T12:00:00Z","to":"2026-03-05T00:00:00Z"}`, 400, "invalid_request"),
		read("a quarter and more", `{"from":"2025-12-01T00:00:00Z","to":"2026-03-05T00:00:00Z"}`, 400, "invalid_request"),
		{name: "CSV", path: "/api/closing.csv?" + today, status: 200, is: "text/csv; charset=utf-8", has: []string{"\ufefftime_utc,", "payment,unread,,{paid.code},24.00,,EUR,"}},
		{name: "PDF", path: "/api/closing.pdf?" + today, status: 200, is: "application/pdf", has: []string{"%PDF-1."}},
		{name: "CSV of a payout that there is not", path: "/api/closing.csv?payout=po_x", status: 404, code: "not_found"},
		{name: "PDF of a payout that there is not", path: "/api/closing.pdf?payout=po_x", status: 404, code: "not_found"},
		file("csv", ""), file("pdf", ""), file("csv", "from=today&to=now"), file("pdf", today+"&zone=Mars/Base"), file("csv", today+"&zone=../etc"),
	}
}

// statement is what Stripe has of the order's payment, and of one that nobody
// knows, half of which went back; and a payout of both.
func statement(o boxoffice.Order) boxoffice.StatementReadFact {
	at := testkit.NewClock().Now()
	t := o.Tenders[0]
	move := func(id, category, source string, minor, fee int64, payout string) boxoffice.BalanceTransaction {
		return boxoffice.BalanceTransaction{ID: id, Type: category, Category: category, SourceID: source, Amount: money.New(minor, "eur"), Fee: fee, Net: minor - fee, CreatedAt: at, PayoutID: payout}
	}
	return boxoffice.StatementReadFact{
		Charges: []boxoffice.Charge{
			{ID: t.ChargeID, PaymentIntentID: t.PaymentIntentID, Amount: t.Amount, CreatedAt: at, TransactionID: "txn_1"},
			{ID: "ch_2", PaymentIntentID: "pi_2", Amount: money.New(900, "eur"), CreatedAt: at, TransactionID: "txn_2"},
		},
		Transactions: []boxoffice.BalanceTransaction{
			move("txn_1", "charge", t.ChargeID, t.Amount.Minor, 61, "po_1"), move("txn_2", "charge", "ch_2", 900, 38, "po_1"), move("txn_3", "refund", "re_1", -450, 0, ""),
			move("txn_4", "=cmd|' /C calc'!A1", "", -100, 0, ""), move("txn_5", "payout", "po_1", -t.Amount.Minor-900+99, 0, "po_1"),
		},
		Payouts: []boxoffice.Payout{{
			ID: "po_1", Amount: money.New(t.Amount.Minor+900-99, "eur"), Status: "paid", CreatedAt: at, ArrivesAt: at.Add(48 * time.Hour),
			Automatic: true, Reconciled: true, Matched: true, TransactionID: "txn_5",
		}},
		Covered: &boxoffice.Span{From: at.Add(-24 * time.Hour), To: at},
	}
}

// readHouse is a house whose statement can be read.
func (s *scene) readHouse() house {
	s.Helper()
	h := s.house()
	s.opt.ReadStatement = func(_ context.Context, from, to time.Time) error {
		s.office.asked = append(s.office.asked, fmt.Sprint("read ", from.Format(time.RFC3339), " ", to.Format(time.RFC3339)))
		if err := s.office.fails["read"]; err != nil {
			return err
		}
		testkit.Append(s, s.book, statement(h.paid))
		return nil
	}
	return h
}

func TestReadAndClose(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.readHouse()
	a := s.send("POST", "/api/closing/read", `{"from":"2026-03-05T00:00:00Z","to":"2026-03-06T00:00:00Z"}`)
	var got Closing
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != 200 {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	if diff := cmp.Diff([]string{"read 2026-03-05T00:00:00Z 2026-03-05T12:00:00Z"}, s.office.asked); diff != "" {
		t.Error(diff)
	}
	at := testkit.NewClock().Now()
	lost := new(money.New(900, "eur"))
	reason := func(d closing.Difference) closing.Words { return d.Words() }
	want := Closing{
		From: at.Add(-12 * time.Hour), To: at, Agree: 2, Of: 4, Differ: 2, Complete: true, Missing: []ClosingSpan{},
		Currencies: []ClosingTotals{{
			Currency: "eur", Payments: 2, Gross: 3300, Converted: []ClosingConverted{}, Fees: 99, Refunds: 1, Refunded: 450, Other: -100,
			Net: 3300 - 99 - 450 - 100, Payouts: 1, PaidOut: 3201,
		}},
		Others: []OtherMovements{{Category: "=cmd|' /C calc'!A1", Count: 1, Amount: money.New(-100, "eur")}},
		Differences: []ClosingDifferent{
			{Kind: "missing_in_book", Movement: "payment", At: at, AtStripe: lost, PaymentIntentID: "pi_2", ChargeID: "ch_2", TransactionID: "txn_2",
				Reason: reason(closing.MissingInBook).Reason, Next: reason(closing.MissingInBook).Next},
			{Kind: "refund_missing_in_book", Movement: "refund", At: at, AtStripe: new(money.New(450, "eur")), RefundID: "re_1", TransactionID: "txn_3",
				Reason: reason(closing.RefundMissingInBook).Reason, Next: reason(closing.RefundMissingInBook).Next},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for path, parts := range map[string][]string{
		"/api/closing?payout=po_1": {`"agree":2,"of":3,"differ":1,"unread":0,"complete":true`, `"payout":{"id":"po_1","amount":{"minor":3201,"currency":"eur"},"status":"paid"`},
		"/api/payouts?" + today:    {`{"payouts":[{"id":"po_1"`, `"automatic":true,"matched":true`},
	} {
		for _, part := range parts {
			if body := s.get(path, 200); !strings.Contains(body, part) {
				t.Errorf("%s: there is no %s in %s", path, part, body)
			}
		}
	}
	s.office.fails["read"] = &boxoffice.Error{Code: boxoffice.CodeStripeBusy, Message: "Stripe is busy. Nothing was changed.", Next: "Try again."}
	if p := s.send("POST", "/api/closing/read", `{"from":"2026-03-05T00:00:00Z","to":"2026-03-06T00:00:00Z"}`).problem(t); p.Code != "stripe_busy" {
		t.Errorf("Stripe is busy, and the till says %s", p.Code)
	}
}

// The CSV reads back as it was written, and holds no formula.
func TestClosingCSV(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.readHouse()
	testkit.Append(t, s.book, statement(h.paid))
	a := s.send("GET", "/api/closing.csv?zone=Europe/Vienna&"+today, "")
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="willcall-training-closing-2026-03-05.csv"` {
		t.Errorf("it is called %s", got)
	}
	text, marked := strings.CutPrefix(a.body, "\ufeff")
	if !marked || strings.Count(text, "\r\n") != 6 || strings.Count(text, "\n") != 6 {
		t.Errorf("it is no CSV of six lines: %q", a.body)
	}
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range lines[1:] {
		cells := map[string]string{}
		for i, name := range lines[0] {
			cells[name] = line[i]
			if n := strings.TrimPrefix(line[i], "-"); strings.ContainsAny(line[i][:min(1, len(line[i]))], "=+-@") && strings.Trim(n, "0123456789.") != "" {
				t.Errorf("%s is a formula to a spreadsheet: %s", name, line[i])
			}
		}
		if cells["time_utc"] != "2026-03-05T12:00:00Z" || cells["time_local"] != "2026-03-05 13:00:00" || cells["zone"] != "Europe/Vienna" {
			t.Errorf("it is told of %v", cells)
		}
		if cells["difference"] != "" && (cells["reason"] == "" || cells["next"] == "") {
			t.Errorf("nobody is told what to do about %s", cells["difference"])
		}
		part := []string{}
		for _, name := range []string{"kind", "state", "difference", "order", "in_book", "at_stripe", "amount", "fee", "net", "balance_currency", "category", "payout"} {
			part = append(part, cells[name])
		}
		got = append(got, strings.Join(part, " | "))
	}
	want := []string{
		"payment | agrees |  | " + h.paid.Code + " | 24.00 | 24.00 | 24.00 | 0.61 | 23.39 | EUR | charge | po_1",
		"payment | differs | missing_in_book |  |  | 9.00 | 9.00 | 0.38 | 8.62 | EUR | charge | po_1",
		"payout | agrees |  |  | 32.01 | 32.01 | -32.01 | 0.00 | -32.01 | EUR | payout | po_1",
		"refund | differs | refund_missing_in_book |  |  | 4.50 | -4.50 | 0.00 | -4.50 | EUR | refund | ",
		"other | listed |  |  |  | 1.00 | -1.00 | 0.00 | -1.00 | EUR | '=cmd|' /C calc'!A1 | ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A payment that failed after all is told on the screen, in the CSV and on paper.
func TestAFailedPaymentIsTold(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.house().paid
	read := statement(o)
	failed := read.Transactions[0]
	failed.ID, failed.Category, failed.PayoutID = "txn_6", "charge_failure", ""
	failed.Amount.Minor, failed.Fee, failed.Net = -2400, -61, -2339
	read.Charges, read.Transactions, read.Payouts = read.Charges[:1], []boxoffice.BalanceTransaction{read.Transactions[0], failed}, nil
	testkit.Append(t, s.book, read)
	for path, part := range map[string]string{
		"/api/closing?":     `"kind":"payment_failed","movement":"charge_failure","at":"2026-03-05T12:00:00Z","inBook":{"minor":2400,"currency":"eur"},"atStripe":{"minor":0,"currency":"eur"}`,
		"/api/closing.csv?": "charge_failure,differs,payment_failed," + o.Code + ",24.00,0.00,EUR,-24.00,-0.61,-23.39,EUR,charge_failure,",
	} {
		if body := s.get(path+today, 200); !strings.Contains(body, part) {
			t.Errorf("%s: there is no %s in %s", path, part, body)
		}
	}
	srv := &server{Options: s.opt}
	r, err := srv.report(&closingInput{From: failed.CreatedAt, To: failed.CreatedAt})
	page := fmt.Sprint(srv.closingPaper(closingAsked{Report: r, zone: time.UTC}).Tables)
	for _, part := range []string{closing.PaymentFailed.Words().Reason, "[charge_failure 1 -24.00 EUR]", "Order " + o.Code + ", " + read.Charges[0].ID + " 24.00 EUR 0.00 EUR"} {
		if err != nil || !strings.Contains(page, part) {
			t.Errorf("paper does not say %q: %s (%v)", part, page, err)
		}
	}
}

func TestCSVAmountsAndCells(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]money.Amount{
		"24.00": money.New(2400, "eur"), "-0.05": money.New(-5, "usd"), "3000": money.New(3000, "jpy"), "1.230": money.New(1230, "kwd"), "": {},
	} {
		if got := plain(a); got != want {
			t.Errorf("%v is written %q, want %q", a, got, want)
		}
	}
	for text, want := range map[string]string{"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "K7QF3M": "K7QF3M", "": "", "a=b": "a=b"} {
		if got := cell(text); got != want {
			t.Errorf("%q is written %q", text, got)
		}
	}
	line := csvLine(closing.Movement{InBook: money.New(2400, "eur"), AtStripe: money.New(2400, "chf")}, time.UTC)
	if line[7] != "24.00 EUR" || line[8] != "24.00 CHF" {
		t.Errorf("amounts in two currencies are written %s and %s", line[7], line[8])
	}
}

func TestClosingFileNames(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.readHouse()
	testkit.Append(t, s.book, statement(h.paid), boxoffice.StatementReadFact{Payouts: []boxoffice.Payout{{ID: "po_\"\r\nSet-Cookie: a=b", Amount: money.New(1, "eur"), CreatedAt: testkit.NewClock().Now()}}})
	for query, want := range map[string]string{
		"csv?" + today:                                 "willcall-training-closing-2026-03-05.csv",
		"pdf?" + today:                                 "willcall-training-closing-2026-03-05.pdf",
		"pdf?zone=Pacific/Auckland&" + today:           "willcall-training-closing-2026-03-05-to-2026-03-06.pdf",
		"pdf?payout=po_1":                              "willcall-training-closing-po_1.pdf",
		"csv?payout=po_%22%0D%0ASet-Cookie%3A%20a%3Db": "willcall-training-closing-po_SetCookieab.csv",
	} {
		a := s.send("GET", "/api/closing."+query, "")
		if got := a.header.Get("Content-Disposition"); a.status != 200 || got != `attachment; filename="`+want+`"` || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, it is called %s (%s)", query, a.status, got, a.header)
		}
	}
}

// Paper says what the screen says, and to whom it belongs.
func TestClosingOnPaper(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	srv := &server{Options: s.opt}
	at := testkit.NewClock().Now()
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	lost := closing.Movement{Kind: closing.Payment, State: closing.Differs, Difference: closing.MissingAtStripe, At: at, InBook: money.New(2400, "eur"), OrderCode: "K7QF3M", PaymentIntentID: "pi_1"}
	good := closing.Report{From: at.Add(-time.Hour), To: at, Of: 412, Agree: 412, Complete: true, Currencies: []closing.Totals{{
		Currency: "eur", Payments: 410, Gross: 988800, Fees: 25010, Refunds: 2, Refunded: 4800, Disputes: 1, Disputed: 2400, Other: -200, Net: 956390, Payouts: 1, PaidOut: 900000,
		Converted: []closing.Converted{{Charged: money.New(5000, "usd"), Gross: 4600}},
	}}}
	bad := closing.Report{From: at, To: at, Of: 3, Agree: 1, Differ: 1, Unread: 1, Movements: []closing.Movement{lost}, Missing: []boxoffice.Span{{From: at, To: at}, {From: at, To: at}}}
	many := closing.Report{From: at, To: at, Of: 150, Differ: 150, Complete: true}
	for range 150 {
		many.Movements = append(many.Movements, lost)
	}
	payout := closing.Report{From: at, To: at, Of: 1, Agree: 1, Complete: true, Payout: &boxoffice.Payout{ID: "po_1"}, Movements: []closing.Movement{
		{Kind: closing.Payout, State: closing.Agrees, At: at, PayoutID: "po_1", InBook: money.New(100, "eur"), AtStripe: money.New(100, "eur")},
		{Kind: closing.PayoutReturned, State: closing.Differs, Difference: closing.PayoutMissing, At: at, PayoutID: "po_2", AtStripe: money.New(50, "eur"), Transaction: &boxoffice.BalanceTransaction{ID: "txn_2", Amount: money.New(50, "eur")}},
	}}
	sent := closing.Movement{Kind: closing.Payout, State: closing.Agrees, At: at, PayoutID: "po_1", PayoutStatus: "failed", InBook: money.New(100, "eur"), AtStripe: money.New(100, "eur")}
	missed, returned := sent, sent
	missed.Kind, missed.State, missed.Difference, missed.AtStripe = closing.PayoutReturned, closing.Differs, closing.PayoutNotReturned, money.Amount{}
	returned.Kind, returned.Transaction = closing.PayoutReturned, &boxoffice.BalanceTransaction{ID: "txn_1", Amount: money.New(100, "eur")}
	failed := &boxoffice.Payout{ID: "po_1", Status: "failed"}
	gone := closing.Report{From: at, To: at, Of: 2, Agree: 1, Differ: 1, Complete: true, Payout: failed, Movements: []closing.Movement{sent, missed}}
	unread := missed
	unread.State, unread.Difference = closing.Unread, ""
	early := closing.Report{From: at, To: at, Of: 2, Agree: 1, Unread: 1, Payout: failed, Movements: []closing.Movement{sent, unread}}
	back := closing.Report{From: at, To: at, Of: 2, Agree: 2, Complete: true, Payout: failed, Movements: []closing.Movement{sent, returned}}
	for name, test := range map[string]struct {
		report closing.Report
		agrees bool
		says   []string
		rows   int // of the last table
	}{
		"all agree": {good, true, []string{
			"Close of 5 March 2026", "5 March 2026, 12:00:00 to 5 March 2026, 13:00:00 (Europe/Vienna)", "Training book: no real money, till till-1", "412 of 412 agree",
			"Payments|410|9888.00", "of which paid as 50.00 USD||46.00", "Stripe’s fees||-250.10", "Refunds|2|-48.00", "Disputes|1|-24.00", "Other||-2.00", "Net||9563.90", "Paid out to the bank|1|9000.00",
		}, 8},
		"one differs": {bad, false, []string{
			"1 of 3 agree", "1 difference is listed below", "were not read from 5 March 2026, 13:00:00", "and for 1 time after that", "Order K7QF3M, pi_1|24.00 EUR|none", closing.MissingAtStripe.Words().Next,
		}, 1},
		"many differ": {many, false, []string{"0 of 150 agree", "150 differences are listed", "50 differences more"}, 100},
		"a payout":    {payout, true, []string{"Close of payout po_1", "po_1|agrees|1.00 EUR", "po_2|came back, differs|-0.50 EUR"}, 1},
		"a payout that failed": {gone, false, []string{
			"Stripe calls the payout: failed", "po_1|failed, agrees|1.00 EUR", "po_1|not come back, differs|–", closing.PayoutNotReturned.Words().Reason,
		}, 1},
		"a payout that failed just now": {early, false, []string{"po_1|failed, agrees|1.00 EUR", "po_1|return not read yet|–"}, 2},
		"a payout that came back":       {back, true, []string{"po_1|failed, agrees|1.00 EUR", "po_1|came back, agrees|-1.00 EUR"}, 2},
		"nothing at all":                {closing.Report{From: at, To: at, Complete: true}, true, []string{"Nothing moved"}, 0},
		"Stripe's own":                  {closing.Report{From: at, To: at, Complete: true, Currencies: []closing.Totals{{Currency: "eur", Other: -200, Net: -200}}}, true, []string{"Nothing to match", "listed below"}, 7},
		"made on the spot": {closing.Report{From: at.Add(-time.Hour), To: at, Of: 3, Agree: 3, Missing: []boxoffice.Span{{From: at.Add(-2 * time.Minute), To: at}}}, true,
			[]string{"3 of 3 agree", "read up to 5 March 2026, 12:58:00, and there is no difference"}, 0},
		"of long ago, its end unread": {closing.Report{From: at.Add(-time.Hour), To: at, Of: 3, Agree: 3, Missing: []boxoffice.Span{{From: at.Add(-20 * time.Minute), To: at}}}, false,
			[]string{"were not read from"}, 0},
		"a payout on its way": {closing.Report{From: at, To: at, Of: 1, Unread: 1, Payout: &boxoffice.Payout{ID: "po_1", Automatic: true, Status: "in_transit"}, Missing: []boxoffice.Span{{From: at, To: at}}}, false,
			[]string{"has not finished the list", "Stripe calls the payout: in_transit"}, 0},
		"not read": {closing.Report{From: at, To: at, Of: 2, Unread: 2}, false, []string{"There is no difference in what was read.", "not read for 2 movements"}, 0},
	} {
		p := srv.closingPaper(closingAsked{test.report, vienna})
		text := strings.Join(append([]string{p.Title, p.Verdict, p.Advice}, p.Lines...), "\n")
		rows := 0
		for _, table := range p.Tables {
			rows = len(table.Rows)
			text += "\n" + table.Note
			for _, r := range table.Rows {
				text += "\n" + strings.Join(r, "|")
				if len(r) != len(table.Columns) {
					t.Errorf("%s: %v under %v", name, r, table.Columns)
				}
			}
		}
		for _, part := range test.says {
			if !strings.Contains(text, part) {
				t.Errorf("%s: it does not say %q:\n%.2000s", name, part, text)
			}
		}
		if p.Agrees != test.agrees || rows != test.rows || !p.Training || len(p.Sign) == 0 {
			t.Errorf("%s: agrees %v, %d rows in the last table, training %v", name, p.Agrees, rows, p.Training)
		}
		if _, err := p.PDF(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for book, want := range map[BookName]string{BookTraining: "no real money", BookTest: "no real money", BookLive: "Live book: real money"} {
		if got := bookWords(book); !strings.Contains(got, want) {
			t.Errorf("%s is called %s", book, got)
		}
	}
}

// A close of thousands of differences is no answer of megabytes.
func TestDifferencesAreBounded(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	var f boxoffice.StatementReadFact
	for i := range mostDifferences + 7 {
		id := fmt.Sprint("ch_", i)
		f.Charges = append(f.Charges, boxoffice.Charge{ID: id, PaymentIntentID: "pi_" + id, Amount: money.New(100, "eur"), CreatedAt: testkit.NewClock().Now(), TransactionID: "txn_" + id})
	}
	testkit.Append(t, s.book, f)
	var got Closing
	if err := json.Unmarshal([]byte(s.get("/api/closing?"+today, 200)), &got); err != nil || len(got.Differences) != mostDifferences || got.Differ != mostDifferences+7 {
		t.Errorf("%d of %d differences are sent: %v", len(got.Differences), got.Differ, err)
	}
	if lines := strings.Count(s.get("/api/closing.csv?"+today, 200), "\r\n"); lines != mostDifferences+8 {
		t.Errorf("the CSV has %d lines", lines)
	}
	if err := s.book.View(func(tx *ledger.Tx) error {
		_, err := closing.Period(tx, time.Time{}, testkit.NewClock().Now())
		return err
	}); err != nil {
		t.Error(err)
	}
}
