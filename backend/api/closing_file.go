package api

import (
	"encoding/csv"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/closing"
	"willcall/backend/money"
)

// closingAsked is a close as a file: the period or payout, and the zone in which
// its times are told.
type closingAsked struct {
	closing.Report
	zone *time.Location
}

// askedClosing reads what a file is asked to be about: ?from and ?to, or
// ?payout, and ?zone, an IANA name, UTC without one.
func (s *server) askedClosing(q url.Values) (a closingAsked, err error) {
	wrong := func(message, next string, err error) error {
		return &boxoffice.Error{Code: boxoffice.CodeInvalid, Message: message, Next: next, Cause: err}
	}
	in := &closingInput{Payout: q.Get("payout")}
	for name, at := range map[string]*time.Time{"from": &in.From, "to": &in.To} {
		if q.Get(name) == "" {
			continue // a payout has none, and a period says so itself
		}
		if *at, err = time.Parse(time.RFC3339, q.Get(name)); err != nil {
			return a, wrong("A time is not written as it must be. Nothing was changed.", "Write from and to as in 2026-03-05T18:30:00Z.", err)
		}
	}
	name := q.Get("zone")
	if name == "Local" {
		name = "UTC" // not the server's
	}
	if a.zone, err = time.LoadLocation(name); err != nil {
		return a, wrong("There is no such time zone. Nothing was changed.", "Name one as in Europe/Vienna.", err)
	}
	a.Report, err = s.report(in)
	return a, err
}

// closingCSV is the close with a line for each movement.
func (s *server) closingCSV(w http.ResponseWriter, r *http.Request) {
	a, err := s.askedClosing(r.URL.Query())
	if err != nil {
		writeProblem(w, s.problem(r.Context(), err))
		return
	}
	s.asFile(w, a, "text/csv; charset=utf-8", ".csv")
	_ = writeCSV(w, a) // a client that left needs no file
}

// closingPDF is the close on paper, to be signed.
func (s *server) closingPDF(w http.ResponseWriter, r *http.Request) {
	a, err := s.askedClosing(r.URL.Query())
	var data []byte
	if err == nil {
		data, err = s.closingPaper(a).PDF()
	}
	if err != nil {
		writeProblem(w, s.problem(r.Context(), err))
		return
	}
	s.asFile(w, a, "application/pdf", ".pdf")
	_, _ = w.Write(data) //nolint:gosec // letters are drawn; a client that left needs no file
}

// asFile says what a file is and how it is called: "willcall-live-closing-2026-03-05.pdf".
func (s *server) asFile(w http.ResponseWriter, a closingAsked, kind, ending string) {
	name := "willcall-" + string(s.BookName) + "-closing-"
	if a.Payout != nil {
		name += strings.Map(func(r rune) rune {
			if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
				return r
			}
			return -1
		}, a.Payout.ID)
	} else {
		from, to := a.From.In(a.zone).Format(time.DateOnly), a.To.In(a.zone).Format(time.DateOnly)
		if name += from; to != from {
			name += "-to-" + to
		}
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="`+name+ending+`"`)
}

// csvColumns are the names over the lines. Amounts are plain decimals in the
// currency beside them; amount, fee and net are the balance's, with its sign.
func csvColumns() []string {
	return []string{
		"time_utc", "time_local", "zone", "kind", "state", "difference", "order", "in_book", "at_stripe", "currency",
		"amount", "fee", "net", "balance_currency", "category", "payout", "payment_intent", "charge", "transaction", "refund", "dispute",
		"late_money", "sold_elsewhere", "reason", "next",
	}
}

// writeCSV writes the movements as RFC 4180 has it, after the mark by which
// spreadsheets know UTF-8.
func writeCSV(w io.Writer, a closingAsked) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(csvColumns()); err != nil {
		return err
	}
	for _, m := range a.Movements {
		if err := out.Write(csvLine(m, a.zone)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvLine(m closing.Movement, zone *time.Location) []string {
	currency := m.AtStripe.Currency
	if currency == "" {
		currency = m.InBook.Currency
	}
	inBook, atStripe := plain(m.InBook), plain(m.AtStripe)
	if m.InBook.Currency != "" && m.AtStripe.Currency != "" && m.InBook.Currency != m.AtStripe.Currency {
		inBook, atStripe = m.InBook.String(), m.AtStripe.String() // they differ in that, too
	}
	var amount, fee, net, balance, category, transaction string
	payout := m.PayoutID
	if t := m.Transaction; t != nil {
		c := t.Amount.Currency
		amount, fee, net, balance = plain(t.Amount), plain(money.New(t.Fee, c)), plain(money.New(t.Amount.Minor-t.Fee, c)), code(c)
		category, transaction = t.Category, t.ID
		if t.PayoutID != "" {
			payout = t.PayoutID
		}
	}
	elsewhere := ""
	if m.Elsewhere {
		elsewhere = "yes"
	}
	words := m.Difference.Words()
	return []string{
		m.At.UTC().Format(time.RFC3339), m.At.In(zone).Format("2006-01-02 15:04:05"), zone.String(),
		string(m.Kind), string(m.State), string(m.Difference), cell(m.OrderCode), inBook, atStripe, code(currency),
		amount, fee, net, balance, cell(category), cell(payout), cell(m.PaymentIntentID), cell(m.ChargeID), cell(transaction), cell(m.RefundID), cell(m.DisputeID),
		cell(m.DiscrepancyID), elsewhere, words.Reason, words.Next,
	}
}

// plain is an amount without its currency: "24.00"; "" for none.
func plain(a money.Amount) string {
	if a.Currency == "" {
		return ""
	}
	number, _, _ := strings.Cut(a.String(), " ")
	return number
}

func code(c money.Currency) string { return strings.ToUpper(string(c)) }

// cell is a text that somebody else wrote, as a cell: never a formula to a
// spreadsheet (owasp.org/www-community/attacks/CSV_Injection).
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}
