package reconcile

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	books "willcall/backend/closing"
	"willcall/backend/ledger"
	"willcall/backend/stripesim"
)

// checkSeats holds the seats of the house against who has them: nobody has a
// seat twice, and only paid money has tickets. It counts the orders themselves.
func (s *simulation) checkSeats() {
	s.view(func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		if err != nil {
			return err
		}
		orders, _, err := tx.Orders(ledger.OrderQuery{Limit: 10_000})
		if err != nil {
			return err
		}
		posters, err := tx.Posters()
		if err != nil {
			return err
		}
		for _, q := range c.Quotas {
			held, admitted, apart := 0, 0, 0
			for _, o := range orders {
				if o.Hold.State == boxoffice.Held {
					held += claimed(o.Hold.Claims, q.ID)
				}
				for _, t := range o.Valid() {
					if q.Covers(t.PerformanceID, t.TicketTypeID) {
						admitted++
					}
				}
			}
			for _, p := range posters {
				if p.State != boxoffice.PosterClosed && p.State != boxoffice.PosterRefused {
					apart += claimed(p.Claims, q.ID) * p.Left()
				}
			}
			if held+admitted+apart > q.Size || held != q.Held || admitted != q.Sold || apart != q.Allotted {
				s.failf("of %s's %d seats %d are held, %d tickets are valid and %d are set apart; the book counts %d, %d and %d",
					q.ID, q.Size, held, admitted, apart, q.Held, q.Sold, q.Allotted)
			}
		}
		for _, o := range orders {
			if len(o.Tickets) > 0 && o.Tenders[0].State != boxoffice.TenderPaid {
				s.failf("order %s has tickets, and its tender is %s", o.ID, o.Tenders[0].State)
			}
		}
		return nil
	})
}

func claimed(claims []boxoffice.Claim, quotaID string) (seats int) {
	for _, c := range claims {
		if c.QuotaID == quotaID {
			seats += c.Seats
		}
	}
	return seats
}

// code is something at Stripe that somebody could pay.
type code struct {
	ID        string            `json:"id"`
	Status    string            `json:"status"`
	Reference string            `json:"client_reference_id"`
	Link      string            `json:"payment_link"`
	Intent    string            `json:"payment_intent"`
	Metadata  map[string]string `json:"metadata"`
}

// ask asks the simulated Stripe itself, beside all faults and the network.
func (s *simulation) ask(method, path, form string, into any) (status int) {
	s.knobs.Lock()
	defer s.knobs.Unlock()
	s.sim.SetFaults()
	defer func() { s.sim.SetFaults(s.faults...) }()
	lag := s.quirks
	lag.ListLag = 0
	_ = s.sim.Quirk(lag)
	defer func() { _ = s.sim.Quirk(s.quirks) }()
	r := httptest.NewRequestWithContext(s.Context(), method, "http://stripe.test/v1/"+path, strings.NewReader(form))
	r.SetBasicAuth("sk_test_4eC39HqLyjWDarjt", "")
	r.Header.Set("Stripe-Version", stripesim.APIVersion)
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.sim.Handler().ServeHTTP(w, r)
	if into != nil && w.Code == http.StatusOK {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			s.failf("%s: %v", path, err)
		}
	}
	return w.Code
}

// codes are all sessions, or all payment intents, in some state; "" is any.
func (s *simulation) codes(path, status string) (found []code) {
	for after := ""; ; {
		var page struct {
			Data []code `json:"data"`
			More bool   `json:"has_more"`
		}
		query := path + "?limit=100"
		if after != "" {
			query += "&starting_after=" + after
		}
		if s.ask(http.MethodGet, query, "", &page) != http.StatusOK {
			s.failf("%s cannot be listed", path)
			return found
		}
		for _, c := range page.Data {
			if after = c.ID; status == "" || c.Status == status {
				found = append(found, c)
			}
		}
		if !page.More {
			return found
		}
	}
}

// checkCodes holds what can be paid against the seats: whatever is for an order
// of this book, its order holds its seats; no poster that is closed has a page
// left.
func (s *simulation) checkCodes() {
	open := s.codes("checkout/sessions", "open")
	open = append(open, s.codes("payment_intents", "requires_payment_method")...)
	s.view(func(tx *ledger.Tx) error {
		for _, c := range open {
			if c.Metadata["stranger"] != "" {
				continue // no till made it
			}
			if c.Link != "" {
				p, ok, err := tx.PosterByLink(c.Link)
				if err != nil || ok && p.State == boxoffice.PosterClosed {
					s.failf("%s can be paid, and its poster %s is closed (%v)", c.ID, p.ID, err)
				}
				continue
			}
			id := c.Metadata[boxoffice.MetadataOrder]
			if isPayment(c.ID) && c.Metadata[boxoffice.MetadataKind] != string(boxoffice.CardTender) {
				continue // a session tells of it
			}
			o, ok, err := tx.Order(id)
			if err == nil && ok && o.Hold.State == boxoffice.Sold && o.Tenders[0].SessionID != c.ID {
				continue // paid by a page that somebody made by hand; whoever pays again is noticed
			}
			if err != nil || !ok || o.Hold.State != boxoffice.Held {
				s.failf("%s can be paid, and the seats of its order %q are %q (%v)", c.ID, id, o.Hold.State, err)
			}
		}
		return nil
	})
}

// settle lets time pass until nothing is open any more, and then holds the book
// against the truth.
func (s *simulation) settle() {
	s.people.Wait()
	s.buyers.Wait()
	s.calm()
	for n := 0; ; n++ {
		s.banksDecide()
		s.lateMoneyEnds(n)
		time.Sleep(20 * time.Minute)
		left := s.unsettled()
		if n > 6 && left == "" {
			break
		}
		if n > 3*30 {
			s.failf("a day and more after all was well: %s", left)
			return
		}
	}
	s.people.Wait()
	s.checkCodes()
	s.checkSeats()
	s.checkBook("after all has settled")
	s.checkBudget()
	s.checkStatement()
	s.checkReplay()
	if report, err := s.book.Verify(s.path[:strings.LastIndexByte(s.path, '/')]); err != nil || len(report.Problems) > 0 {
		s.failf("the book is not sound: %v %q", err, report.Problems)
	}
}

// unsettled says what the book still waits for.
func (s *simulation) unsettled() (left string) {
	s.view(func(tx *ledger.Tx) error {
		intents, err := tx.Intents()
		for _, i := range intents {
			left = "intent " + i.Key + " is not answered"
		}
		if err != nil {
			return err
		}
		if tx.DisputesUnread() {
			left = "disputes that the key might not read wait for the nightly sweep"
		}
		awaiting, err := tx.Awaiting()
		for _, o := range awaiting {
			left = "order " + o.ID + " awaits its payment"
		}
		return err
	})
	return left
}

func (s *simulation) checkBook(when string) {
	truth, err := s.sim.Truth()
	if err != nil {
		s.failf("there is no truth: %v", err)
		return
	}
	before := len(s.wrong)
	agrees(s, s.book, truth)
	if len(s.wrong) > before {
		s.logf("%s", when)
	}
}

// checkBudget holds what was read against what Stripe allots.
func (s *simulation) checkBudget() {
	if h, err := s.r.Health(); err != nil || h.Budget.Used > h.Budget.Allotted {
		s.failf("of %d reads that Stripe allots %d were used (%v)", h.Budget.Allotted, h.Budget.Used, err)
	}
}

// checkStatement reads Stripe's own books of the whole time; the close must
// match every movement with this book.
func (s *simulation) checkStatement() {
	from, to := simulationBegins(), time.Now()
	if err := s.r.ReadStatement(s.Context(), from.Add(-time.Hour), to); err != nil {
		s.failf("Stripe's books cannot be read: %v", err)
		return
	}
	s.view(func(tx *ledger.Tx) error {
		report, err := books.Period(tx, from, to.Add(-settled-time.Second))
		if err != nil {
			return err
		}
		if report.Agree != report.Of || !report.Complete {
			s.failf("the close says %d of %d agree, complete %v, missing %v", report.Agree, report.Of, report.Complete, report.Missing)
			for _, m := range report.Differences() {
				s.failf("the close: %s %s of %s%s: book %v, Stripe %v", m.Difference, m.Kind, m.PaymentIntentID, m.PayoutID, m.InBook, m.AtStripe)
			}
		}
		return nil
	})
}

// simulationBegins is when every bubble's time begins.
func simulationBegins() time.Time { return time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC) }

// checkReplay looks at everything again in every way there is: no entry may
// come of it.
func (s *simulation) checkReplay() {
	before := s.entries()
	begin, now := simulationBegins(), s.client.Now()
	s.r.Close() // or its own polls would be among them
	s.people.Wait()
	again := s.r
	s.openAgain()
	defer func() { s.r.Close(); s.r = again }()
	for _, way := range []struct {
		name string
		look func() error
	}{
		{"catching up with it all", func() error { return s.r.catchUp(begin, now) }},
		{"the sweep of it all", func() error { return s.r.sweep(begin, now) }},
		{"a poll of it all", func() error {
			if err := s.book.Update(func(tx *ledger.Tx) error { return tx.SetCursor(now.Add(-20 * 24 * time.Hour)) }); err != nil {
				return err
			}
			return s.r.PollOnce()
		}},
	} {
		if err := way.look(); err != nil {
			s.failf("%s: %v", way.name, err)
		}
		after := s.entries()
		if len(after) != len(before) {
			s.failf("%s brought %v", way.name, after[len(before):])
			before = after
		}
	}
}

// entries are the entries that something has happened by: not that Stripe's
// books were read, and not that a code was closed which only a list of everything
// shows, since nobody had paid it. The book refuses to ask for that twice.
func (s *simulation) entries() (kinds []string) {
	s.view(func(tx *ledger.Tx) error {
		return tx.Entries(0, func(e ledger.Entry) (bool, error) {
			switch e.Kind {
			case boxoffice.KindStatementRead, boxoffice.KindCodeCloseAsked, boxoffice.KindCodeClosed:
			default:
				kinds = append(kinds, string(e.Kind)+" "+string(e.Data))
			}
			return true, nil
		})
	})
	return kinds
}
