package stripesim

import (
	"embed"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed page
var pageFiles embed.FS

// pages are what a buyer's phone shows. All their addresses are relative, so
// that they also work in a frame and behind a proxy under another prefix.
func (s *Sim) pages(mux *http.ServeMux) {
	templates := template.Must(template.ParseFS(pageFiles, "page/*.html"))
	mux.HandleFunc("GET /c/pay/{session}", func(w http.ResponseWriter, r *http.Request) { s.showPage(w, r, templates) })
	mux.HandleFunc("POST /c/pay/{session}/pay", s.postPay)
	mux.HandleFunc("POST /c/pay/{session}/authenticate", s.postAuthenticate)
	s.linkPages(mux, templates)
	s.bankPages(mux, templates)
	mux.HandleFunc("GET /c/receipts/{charge}", func(w http.ResponseWriter, r *http.Request) { s.showReceipt(w, r, templates) })
	for _, name := range []string{"page.css", "page.js"} {
		mux.HandleFunc("GET /c/assets/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeFileFS(w, r, pageFiles, "page/"+name)
		})
	}
}

// pageView is what the templates show.
type pageView struct {
	State     string // link, inactive, pay, challenge, paid, done, processing, expired, left, unknown
	ID        string
	Merchant  string
	Total     string
	Lines     []lineView
	Email     string // fixed by the merchant
	Prefilled string // that the buyer can change
	Message   string // merchant's words above the button, or below the thanks
	Error     string // why the last attempt failed
	Verb      string
	Tax       string // what exclusive taxes add, or ""
	Methods   []methodView
	Way       string // name of the method whose own page this is, or "" for a card's bank
	Fields    []customField
	Cards     []cardView
	Expiry    string // MM / YY, three years ahead
	SuccessTo string
	CancelTo  string
}

type lineView struct {
	ID       string // on a payment link
	Name     string
	Quantity int64
	Each     string
	Amount   string
	Least    int64
	Most     int64 // 0 where the quantity stands
}

type cardView struct{ Label, Number string }

// methodView is a way to pay; Value is what the page's script sends for it.
type methodView struct{ Value, Label string }

// Has tells whether the page offers a way to pay.
func (v pageView) Has(value string) bool {
	return slices.ContainsFunc(v.Methods, func(m methodView) bool { return m.Value == value })
}

// Redirects tells whether any way to pay has a page of its own.
func (v pageView) Redirects() bool {
	return slices.ContainsFunc(v.Methods, func(m methodView) bool { return findWay(m.Value).redirect })
}

func (s *Sim) showPage(w http.ResponseWriter, r *http.Request, templates *template.Template) {
	v := pageView{State: "unknown", Merchant: "Stripe"}
	err := s.buy(r.PathValue("session"), func(t *tx, found *session) error {
		v = t.page(found, r.URL.Query().Has("left"), r.URL.Query().Has("done"))
		return nil
	})
	status := http.StatusOK
	if err != nil {
		status = statusOf(err)
	}
	s.render(w, templates, "checkout.html", status, v)
}

func (s *Sim) render(w http.ResponseWriter, templates *template.Template, name string, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	if err := templates.ExecuteTemplate(w, name, v); err != nil {
		s.log.Error("simulated Stripe's page failed", "page", name, "error", err)
	}
}

// page decides what the buyer sees. It is read-only.
func (t *tx) page(s *session, left, done bool) pageView {
	today := time.Unix(t.now, 0).UTC()
	v := pageView{
		State: "pay", ID: s.ID, Merchant: t.acct.profile.Name, Total: shopPrice(s.AmountTotal, s.Currency), Verb: verb(s.SubmitType),
		Prefilled: s.Prefilled, Expiry: today.AddDate(3, 0, 0).Format("01 / 06"), Fields: s.CustomFields,
	}
	if s.SuccessURL != nil {
		v.SuccessTo = strings.ReplaceAll(*s.SuccessURL, "{CHECKOUT_SESSION_ID}", s.ID)
	}
	if s.CancelURL != nil {
		v.CancelTo = *s.CancelURL
	}
	if s.CustomerEmail != nil {
		v.Email = *s.CustomerEmail
	}
	for _, w := range ways() {
		if value := w.name; offers(s, w.name) {
			if w.delayed {
				value = "bank"
			}
			v.Methods = append(v.Methods, methodView{Value: value, Label: w.label})
		}
	}
	if extra := s.AmountTotal - s.AmountSubtotal; extra > 0 {
		v.Tax = shopPrice(extra, s.Currency)
	}
	for _, l := range s.Lines {
		v.Lines = append(v.Lines, lineView{Name: l.Description, Quantity: l.Quantity, Each: shopPrice(l.Amount/l.Quantity, s.Currency), Amount: shopPrice(l.Amount, s.Currency)})
	}
	v.Cards = shownCards()
	if m := s.CustomText.Submit; m != nil {
		v.Message = m.Message
	}
	t.pageState(s, &v, left, done)
	return v
}

// shownCards are the test cards that a page offers.
func shownCards() []cardView {
	var out []cardView
	for _, c := range testCards() {
		if c.label != "" {
			out = append(out, cardView{c.label, grouped(c.number)})
		}
	}
	return out
}

func (t *tx) pageState(s *session, v *pageView, left, done bool) {
	switch {
	case s.Status == expired:
		v.State = expired
	case s.Status == complete && s.PaymentStatus == unpaid:
		v.State = processing
	case s.Status == complete && done:
		v.State = "done"
		if m := s.CustomText.AfterSubmit; m != nil {
			v.Message = m.Message
		}
		if s.Thanks != nil {
			v.Message = *s.Thanks
		}
	case s.Status == complete:
		v.State = paid
	case left:
		v.State = "left"
	case s.PaymentIntent != nil:
		i, _ := t.intent(*s.PaymentIntent)
		if i.challenged() {
			v.State = "challenge"
			if i.Waiting.Type != card {
				v.Way = findWay(i.Waiting.Type).label
			}
		} else if i.LastPaymentError != nil {
			v.Error = i.LastPaymentError.Message
		}
	}
}

func verb(submitType *string) string {
	if submitType == nil {
		return "Pay"
	}
	return map[string]string{"book": "Book", "donate": "Donate"}[*submitType] + map[string]string{"pay": "Pay", "auto": "Pay"}[*submitType]
}

// shopPrice writes an amount as a shop does: €24.00, or 24.00 SEK.
func shopPrice(minor int64, currency string) string {
	sign := map[string]string{"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥"}[currency]
	if sign == "" {
		return display(minor, currency)
	}
	return sign + strings.TrimSuffix(display(minor, currency), " "+strings.ToUpper(currency))
}

func grouped(number string) string {
	var parts []string
	for len(number) > 4 {
		parts, number = append(parts, number[:4]), number[4:]
	}
	return strings.Join(append(parts, number), " ")
}

// postPay is the Pay button: {"email", "name", "method": "bank" or Stripe's
// name of another, "card", "expiry": "MM / YY", "cvc", "fields": {key: answer}}.
func (s *Sim) postPay(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Email, Name, Method, Card, Expiry, CVC string
		Fields                                 map[string]string
	}
	if !readPageJSON(w, r, &body) {
		return
	}
	p := Payment{Card: body.Card, Email: strings.TrimSpace(body.Email), Name: body.Name, Fields: body.Fields, Delayed: body.Method == "bank"}
	if !p.Delayed {
		p.Method = body.Method
	}
	p.ExpMonth, p.ExpYear = readExpiry(body.Expiry)
	res, err := s.submit(r.PathValue("session"), p)
	s.tell(w, res, err)
}

// readExpiry takes "12 / 29" or "12/2029" apart; what is no number is 0.
func readExpiry(typed string) (month, year int64) {
	m, y, _ := strings.Cut(strings.ReplaceAll(typed, " ", ""), "/")
	month, _ = strconv.ParseInt(m, 10, 64)
	if year, _ = strconv.ParseInt(y, 10, 64); year > 0 && year < 100 {
		year += 2000
	}
	return month, year
}

// postAuthenticate is the bank's page: {"outcome": "complete" or "fail"}.
func (s *Sim) postAuthenticate(w http.ResponseWriter, r *http.Request) {
	var body struct{ Outcome Challenge }
	if !readPageJSON(w, r, &body) {
		return
	}
	if body.Outcome != Complete && body.Outcome != Fail {
		writeJSON(w, http.StatusBadRequest, result{Status: "error", Message: "The outcome is complete or fail."})
		return
	}
	res, err := s.authenticate(r.PathValue("session"), body.Outcome == Complete)
	s.tell(w, res, err)
}

// readPageJSON insists on JSON, which no foreign page can send unasked.
func readPageJSON(w http.ResponseWriter, r *http.Request, v any) bool {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
		writeJSON(w, http.StatusUnsupportedMediaType, result{Status: "error", Message: "This address takes application/json."})
		return false
	}
	if err := readJSON(r, v); err != nil {
		writeJSON(w, http.StatusBadRequest, result{Status: "error", Message: err.Error()})
		return false
	}
	return true
}

func (s *Sim) tell(w http.ResponseWriter, res result, err error) {
	if err != nil {
		s.log.Error("simulated buyer's tap failed", "error", err)
		status := http.StatusInternalServerError
		if e := (*apiError)(nil); errors.As(err, &e) {
			status = e.Status
		}
		writeJSON(w, status, result{Status: "error", Message: "Something went wrong. Nothing was charged; please try again."})
		return
	}
	writeJSON(w, http.StatusOK, res)
}

// receiptView is what a receipt shows.
type receiptView struct {
	Merchant, Total, Date, Method, ID string
}

func (s *Sim) showReceipt(w http.ResponseWriter, r *http.Request, templates *template.Template) {
	s.mu.Lock()
	var v receiptView
	for _, a := range s.accounts {
		if c, ok := a.charges.byID[r.PathValue("charge")]; ok && c.Paid {
			v = receiptView{Merchant: a.profile.Name, Total: shopPrice(c.Amount, c.Currency), Date: time.Unix(c.Created, 0).UTC().Format("2 January 2006, 15:04 UTC"), Method: c.PaymentMethodDetails.label(), ID: c.ID}
		}
	}
	s.mu.Unlock()
	if v.ID == "" {
		s.render(w, templates, "checkout.html", http.StatusNotFound, pageView{State: "unknown", Merchant: "Stripe"})
		return
	}
	s.render(w, templates, "receipt.html", http.StatusOK, v)
}

// label is how a receipt names the way of paying.
func (d methodDetails) label() string {
	if d.Card != nil {
		return strings.ToUpper(d.Card.Brand[:1]) + d.Card.Brand[1:] + " ending in " + d.Card.Last4
	}
	if w := findWay(d.Type); !w.delayed {
		return w.label
	}
	return "Bank debit"
}
