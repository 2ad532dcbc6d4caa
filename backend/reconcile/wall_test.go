package reconcile

import (
	"errors"
	"fmt"
	"strconv"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/stripesim"
)

// wall plays the lines of a script that are about posters, their visitors and
// typed cards, and returns what is told.
func (p *player) wall(words []string) string {
	p.Helper()
	switch words[0] {
	case "post":
		seats, err := strconv.Atoi(words[2])
		if err != nil {
			p.Fatal(p.at, err)
		}
		made, err := p.desk.MakePoster(p.Context(), desk.PosterRequest{
			Key: "poster-" + words[1], PerformanceID: testkit.Performance, TicketTypeID: "type-" + words[3], Allotment: seats,
		})
		if made.ID != "" {
			p.ids[words[1]] = made.ID
		}
		return said(err)
	case "close":
		_, err := p.desk.ClosePoster(p.Context(), p.ids[words[1]])
		return said(err)
	case "visit":
		session, err := p.sim.Visit(p.poster(p.ids[words[2]]).LinkID, stripesim.Visitor{})
		p.ids[words[1]] = session
		return turnedAway(err)
	case "visitor":
		return turnedAway(p.sim.Pay(p.ids[words[1]], stripesim.Payment{Name: "Ana", Delayed: len(words) > 3}))
	default:
		p.card(words)
		return ""
	}
}

// turnedAway is what a visitor is told.
func turnedAway(err error) string {
	if refused, ok := errors.AsType[*stripesim.Refused](err); ok {
		return refused.Status
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// card types a card for the order, as its page would.
func (p *player) card(words []string) {
	p.Helper()
	method := map[string]string{"visa": "pm_card_visa", "declined": "pm_card_visa_chargeDeclined", "asks": "pm_card_authenticationRequired"}[words[2]]
	p.sales++
	key := fmt.Sprintf("confirm-%d", p.sales)
	_, err := p.client.ConfirmPayment(p.Context(), key, p.session(p.ids[words[1]]), method, "https://127.0.0.1:4382/pay.html")
	if (err != nil) != (words[2] == "declined") {
		p.Errorf("%s\n\t%v", p.at, err)
	}
}

func (s *scene) poster(id string) (found boxoffice.Poster) {
	s.Helper()
	s.view(func(tx *ledger.Tx) (err error) {
		found, _, err = tx.Poster(id)
		return err
	})
	return found
}

// posterNow is how a poster of the script is.
func (p *player) posterNow(name string) string {
	p.Helper()
	now := p.poster(p.ids[name])
	arrived := 0
	for _, o := range p.orders() {
		if o.PosterID != now.ID {
			continue
		}
		arrived++
		if o.Status() != boxoffice.Paid || len(o.Tickets) != 1 || o.BuyerName != "Ana" || o.Tenders[0].Card.Last4 != "4242" {
			p.Errorf("%s\n\tit brought %+v", p.at, o)
		}
	}
	return fmt.Sprintf("%s, %d of %d, %d arrived", now.State, now.Arrived, now.Allotment, arrived)
}
