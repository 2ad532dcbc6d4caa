package reconcile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// expect holds the book against a line.
func (p *player) expect(words []string, text string) {
	p.Helper()
	_, want, _ := strings.Cut(text, "= ")
	switch words[0] {
	case "house":
		q := testkit.Quota(p, p.book, "quota-house")
		p.is(fmt.Sprintf("%d left %d held %d sold", q.Available(), q.Held, q.Sold), want)
	case "kept":
		p.is(inWords(p.discrepancies()), want)
	case "waiting":
		var found []boxoffice.Discrepancy
		p.view(func(tx *ledger.Tx) (err error) { found, err = tx.Waiting(); return err })
		p.is(inWords(found), want)
	case "money":
		a, err := accountOf(p.book)
		p.must(err)
		p.is(a.moved(), want)
	case "sessions":
		p.is(strconv.Itoa(p.made()), want)
	case "reads", "writes":
		n := p.client.Usage().Reads
		if words[0] == "writes" {
			n = p.client.Usage().Writes
		}
		if most, err := strconv.ParseInt(words[2], 10, 64); err != nil || n >= most {
			p.Errorf("%s\n\tit is %d", p.at, n)
		}
	default:
		p.expectOf(words, text, want)
	}
}

// inWords is money that is kept, in words.
func inWords(found []boxoffice.Discrepancy) string {
	if len(found) == 0 {
		return "nothing"
	}
	var kept []string
	for _, d := range found {
		kept = append(kept, string(d.Reason)+" "+d.Amount.String())
	}
	slices.Sort(kept)
	return strings.Join(kept, ", ")
}

// expectOf holds an order or a poster against a line.
func (p *player) expectOf(words []string, text, want string) {
	p.Helper()
	switch words[1] {
	case "went":
		var kinds []string
		id := p.named(words[0]).ID
		p.view(func(tx *ledger.Tx) error {
			entries, err := tx.OrderEntries(id)
			for _, e := range entries {
				kinds = append(kinds, string(e.Kind))
			}
			return err
		})
		p.is(strings.Join(kinds, " "), strings.Join(words[2:], " "))
	case "is":
		_, want, _ := strings.Cut(text, " is ")
		p.is(p.posterNow(words[0]), want)
	case "=":
		o := p.named(words[0])
		if len(o.Tenders) == 0 {
			return // named has told
		}
		p.is(fmt.Sprintf("%s %s %d", o.Status(), o.Tenders[0].State, len(o.Tickets)), want)
	case "admits":
		p.is(strconv.Itoa(len(p.named(words[0]).Valid())), words[2])
	case "back":
		p.is(returned(p.named(words[0]).Returns), want)
	default:
		p.Fatal(p.at, ": there is no such line")
	}
}

// returned is what went back of a payment, in words.
func returned(r boxoffice.Returns) string {
	var all []string
	for _, f := range r.Refunds {
		all = append(all, fmt.Sprintf("refund %s %s", f.Amount, f.Status))
	}
	for _, d := range r.Disputes {
		all = append(all, fmt.Sprintf("dispute %s %s", d.Amount, d.Status))
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}
