package reconcile

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// said is what the cashier is told.
func said(err error) string {
	if err == nil {
		return ""
	}
	return string(boxoffice.ErrorCode(err))
}

// cashier plays a line about what is tapped at the till.
func (p *player) cashier(words []string) error {
	p.Helper()
	switch words[0] {
	case "sell":
		return p.sale(words)
	case "cancel":
		_, err := p.desk.Cancel(p.Context(), p.ids[words[1]])
		return err
	case "check":
		_, err := p.desk.Check(p.Context(), p.ids[words[1]])
		return err
	case "refund":
		return p.refund(words)
	case "void":
		o := p.named(words[1])
		ask := desk.VoidAsk{Decision: p.decision(), TicketIDs: p.tickets(o, words[3:])}
		for _, r := range o.Unanswered() {
			ask.RefundID = cmp.Or(ask.RefundID, r.ID)
		}
		_, err := p.desk.Void(o.ID, ask)
		return err
	default:
		return p.late(words)
	}
}

func (p *player) sale(words []string) (err error) {
	p.Helper()
	n, bad := strconv.Atoi(words[2])
	p.must(bad)
	before := len(p.orders())
	if len(words) > 4 {
		_, err = p.sellBy(boxoffice.CardTender, n, "type-"+words[3])
	} else {
		_, err = p.sell(n, "type-"+words[3])
	}
	if orders := p.orders(); len(orders) > before {
		p.ids[words[1]] = orders[len(orders)-1].ID
	}
	return err
}

// decision is one that the cashier makes now.
func (p *player) decision() desk.Decision {
	p.decisions++
	return desk.Decision{Key: fmt.Sprintf("decision-%08d", p.decisions), By: "Eva"}
}

// refund gives back all that is left, what tickets cost, or an amount.
func (p *player) refund(words []string) error {
	p.Helper()
	o := p.named(words[1])
	ask := desk.RefundAsk{Decision: p.decision()}
	switch words[2] {
	case "all":
	case "ticket":
		ask.TicketIDs = p.tickets(o, words[3:])
	default:
		ask.Amount = p.amount(words[2], o.Total.Currency).Minor
	}
	_, err := p.desk.Refund(p.Context(), o.ID, ask)
	return err
}

// tickets are the order's with the numbers.
func (p *player) tickets(o boxoffice.Order, numbers []string) (ids []string) {
	p.Helper()
	for _, word := range numbers {
		n, err := strconv.Atoi(word)
		p.must(err)
		if n > len(o.Tickets) {
			p.Fatalf("%s\n\tit has %d", p.at, len(o.Tickets))
		}
		ids = append(ids, o.Tickets[n-1].ID)
	}
	return ids
}

// amount reads "12.00".
func (p *player) amount(text string, c money.Currency) money.Amount {
	p.Helper()
	minor, err := strconv.ParseInt(strings.Replace(text, ".", "", 1), 10, 64)
	p.must(err)
	a := money.New(minor, c)
	p.is(a.String(), text+" "+strings.ToUpper(string(c)))
	return a
}

// late does something about the oldest money that waits for the reason.
func (p *player) late(words []string) error {
	p.Helper()
	found := p.discrepancies()
	i := slices.IndexFunc(found, func(d boxoffice.Discrepancy) bool { return string(d.Reason) == words[1] && d.Waiting() })
	if i < 0 {
		i = slices.IndexFunc(found, func(d boxoffice.Discrepancy) bool { return string(d.Reason) == words[1] })
	}
	if i < 0 {
		p.Fatalf("%s\n\tthere is no such money", p.at)
	}
	var err error
	switch words[2] {
	case "refund":
		_, err = p.desk.RefundLate(p.Context(), found[i].ID, p.decision())
	case "keep":
		_, err = p.desk.KeepLate(found[i].ID, p.decision())
	default:
		n, bad := strconv.Atoi(words[3])
		p.must(bad)
		lines := []desk.SaleLine{{PerformanceID: testkit.Performance, TicketTypeID: "type-" + words[4], Quantity: n}}
		_, err = p.desk.SeatLate(found[i].ID, lines, p.decision())
	}
	return err
}

// show puts four seats of a new type on sale.
func (p *player) show(words []string) {
	p.Helper()
	price := p.amount(words[3], money.Currency(strings.ToLower(words[4])))
	event := boxoffice.Event{}
	p.view(func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		event = c.Events[0]
		return err
	})
	id := "type-" + words[1]
	event.TicketTypes = append(slices.Clone(event.TicketTypes), boxoffice.TicketType{ID: id, Name: words[1], Price: price})
	testkit.Append(p, p.book, boxoffice.EventChangedFact{Event: event},
		boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: "quota-" + words[1], PerformanceID: testkit.Performance, TicketTypeIDs: []string{id}, Size: 4}})
}

func (p *player) till(does string, how []string) {
	p.Helper()
	switch does + " " + strings.Join(how, " ") {
	case "stops ":
		p.stop()
	case "starts ":
		p.open()
		p.start()
	case "opens ": // and looks only when it is told to
		p.open()
	case "offers debits":
		p.debits = true
		p.must(p.desk.AllowDelayed(true))
	case "is updated":
		p.reword = true
	case "is for real":
		p.real = true
	case "looks ":
		if err := p.r.PollOnce(); err != nil {
			p.Errorf("%s\n\t%v", p.at, err)
		}
	default:
		p.Fatal(p.at, ": a till cannot do that")
	}
}

// second is another laptop with the same book.
func (p *player) second() *scene {
	p.Helper()
	if p.other == nil {
		s := &scene{T: p.T, sim: p.sim, line: p.scene.line, book: p.book, log: p.log, paidAt: map[string]time.Time{}, sales: 1000}
		s.open()
		p.other = s
		p.Cleanup(func() { s.r.Close() })
	}
	return p.other
}

// laptopClock sets the laptop's clock, which Stripe's does not follow.
func (p *player) laptopClock(words []string) {
	p.Helper()
	if words[0] == "right" {
		p.ahead.Store(0)
		return
	}
	by, err := time.ParseDuration(words[0])
	p.must(err)
	if words[1] == "behind" {
		by = -by
	}
	p.ahead.Store(int64(by))
}

// changeKey is the organizer rolling the till's key in the Dashboard, and
// entering the new one.
func (p *player) changeKey(how string) {
	p.Helper()
	var err error
	if how == "withdrawn" {
		if p.key == "" {
			p.key, err = p.sim.RegisterKey(stripesim.Key{Value: firstKey})
			p.must(err)
		}
		p.must(p.sim.RevokeKey(p.key))
		return
	}
	p.key, err = p.sim.RegisterKey(stripesim.Key{})
	p.must(err)
	p.client.Use(stripeapi.Identity{Key: p.key})
}
