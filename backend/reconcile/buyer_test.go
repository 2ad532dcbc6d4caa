package reconcile

import (
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripesim"
)

// named is the order of a name in the script; a visitor's is the one that came
// by the poster.
func (p *player) named(name string) (o boxoffice.Order) {
	p.Helper()
	id := p.ids[name]
	if !strings.HasPrefix(id, "cs_") {
		return p.order(id)
	}
	for _, o := range p.orders() {
		if _, ok := o.TenderBySession(id); ok {
			return o
		}
	}
	p.Errorf("%s\n\tthe book has no order of the visitor", p.at)
	return o
}

// firstOf stands before a name under which the session of its first page is kept.
const firstOf = "first of "

// page is the page that the buyer of a name has open.
func (p *player) page(name string) string {
	p.Helper()
	if id := p.ids[name]; strings.HasPrefix(id, "cs_") {
		return id
	}
	o := p.named(name)
	if len(o.Tenders) == 0 || o.Tenders[0].SessionID == "" {
		p.Fatalf("%s\n\t%s has no code", p.at, name)
	}
	if p.ids[firstOf+name] == "" {
		p.ids[firstOf+name] = o.Tenders[0].SessionID
	}
	return o.Tenders[0].SessionID
}

// buyer plays what a buyer does on their own phone, or at their bank. What came
// of paying is seen in the book.
func (p *player) buyer(name, does string) {
	p.Helper()
	var payment stripesim.Payment
	switch does {
	case "pays", "pays the first code":
	case "pays by debit":
		payment.Delayed = true
	case "opens 3-D Secure":
		payment.Card, payment.Challenge = "4000002500003155", stripesim.Leave
	case "pays in the second of the cancel":
		p.drill("pays_too_late", p.page(name))
		return
	case "pays an old code":
		p.drill("old_code_paid", p.page(name))
		return
	case "pays for one more":
		p.drill("wrong_amount", p.page(name))
		return
	case "disputes", "inquires":
		_, err := p.sim.Dispute(p.intent(name), stripesim.DisputeOptions{Inquiry: does == "inquires"})
		p.must(err)
		return
	default:
		if card, ok := strings.CutPrefix(does, "pays by card "); ok {
			payment.Card = card
		} else if currency, ok := strings.CutPrefix(does, "pays in "); ok {
			payment.Convert = currency
		} else {
			p.Fatal(p.at, ": a buyer cannot do that")
		}
	}
	page := p.page(name)
	if does == "pays the first code" {
		page = p.ids[firstOf+name]
	}
	_ = p.sim.Pay(page, payment)
}

func (p *player) drill(name, object string) {
	p.Helper()
	_, err := p.sim.RunDrill(name, stripesim.DrillOptions{Object: object})
	p.must(err)
}

// intent is the payment by which the money of a name came, as Stripe has it.
func (p *player) intent(name string) string {
	p.Helper()
	truth, err := p.sim.Truth()
	p.must(err)
	page := p.page(name)
	for _, paid := range truth.Payments {
		if paid.SessionID == page || paid.IntentID == page {
			return paid.IntentID
		}
	}
	for _, d := range p.discrepancies() {
		if d.OrderID == p.ids[name] { // paid for it by another page
			return d.PaymentIntentID
		}
	}
	p.Fatalf("%s\n\tStripe took no money of %s", p.at, name)
	return ""
}

// bank plays the bank's word, which comes days or weeks later.
func (p *player) bank(name, does string) {
	p.Helper()
	does, amount, _ := strings.Cut(does, " of ")
	switch does {
	case "pays", "refuses":
		p.must(p.sim.Settle(p.page(name), does == "pays"))
	case "refunds", "keeps the refund":
		truth, err := p.sim.Truth()
		p.must(err)
		newest := ""
		for _, r := range truth.Refunds {
			of := money.New(r.Amount, p.named(name).Total.Currency).String()
			if r.IntentID == p.intent(name) && (r.Status == "succeeded" || r.Status == "pending") && strings.HasPrefix(of, amount) {
				newest = r.ID
			}
		}
		p.must(p.sim.SettleRefund(newest, does == "refunds"))
	case "decides for the till", "decides for the buyer":
		truth, err := p.sim.Truth()
		p.must(err)
		for _, d := range truth.Disputes {
			if d.IntentID == p.intent(name) {
				p.must(p.sim.CloseDispute(d.ID, does == "decides for the till"))
			}
		}
	default:
		p.Fatal(p.at, ": a bank cannot do that")
	}
}

// dashboard gives money back by hand: "all", or "12.00", or either "pending".
func (p *player) dashboard(name string, words []string) {
	p.Helper()
	o := stripesim.RefundOptions{Reason: "requested_by_customer"}
	if len(words) > 1 {
		o.Status = words[1]
	}
	amount := int64(0)
	if words[0] != "all" {
		amount = p.amount(words[0], p.named(name).Total.Currency).Minor
	}
	_, err := p.sim.RefundInDashboard(p.intent(name), amount, o)
	p.must(err)
}

// quirk changes Stripe's ways.
func (p *player) quirk(words []string) (q stripesim.Quirks) {
	p.Helper()
	switch strings.Join(words[:2], " ") {
	case "tells late":
		d, err := time.ParseDuration(words[2])
		p.must(err)
		q.LateEvents = d
	case "tells twice":
		q.DoubleEvents = true
	case "tells out":
		q.Reordered = true
	case "tells as": // ever
	default:
		q.PayloadVersion = words[1] // speaks
	}
	return q
}
