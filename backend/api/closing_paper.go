package api

import (
	"fmt"
	"strconv"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/closing"
	"willcall/backend/money"
	"willcall/backend/paper"
)

// mostOnPaper is how many differences are printed; the CSV has them all.
const mostOnPaper = 100

// day and moment are how paper tells times.
const (
	day    = "2 January 2006"
	moment = "2 January 2006, 15:04:05"
)

// closingPaper is the close in words, as it is printed.
func (s *server) closingPaper(a closingAsked) paper.Closing {
	now := s.Now().In(a.zone)
	c := paper.Closing{
		Title: closingTitle(a),
		Lines: []string{
			fmt.Sprintf("%s to %s (%s)", a.From.In(a.zone).Format(moment), a.To.In(a.zone).Format(moment), a.zone),
			bookWords(s.BookName) + ", till " + s.Register,
			"Made by Willcall on " + now.Format(moment),
		},
		Tables: totalsTables(a.Report), Sign: []string{"Treasurer: name, date, signature", "Second person: name, date, signature"}, Page: "Page",
		Training: s.Mode == boxoffice.Training, Made: now.UTC(), Fonts: s.Fonts(),
		Words: paper.Words{Training: "Training", TrainingNote: "For practice: no real money, no real tickets."},
	}
	if a.Payout != nil {
		c.Lines = append(c.Lines, "Stripe calls the payout: "+a.Payout.Status)
	}
	c.Verdict, c.Advice, c.Agrees = a.verdict(now)
	for _, t := range []paper.Table{otherTable(a.Report), payoutTable(a), differenceTable(a)} {
		if len(t.Rows) > 0 {
			c.Tables = append(c.Tables, t)
		}
	}
	return c
}

func closingTitle(a closingAsked) string {
	from, to := a.From.In(a.zone).Format(day), a.To.In(a.zone).Format(day)
	switch {
	case a.Payout != nil:
		return "Close of payout " + a.Payout.ID
	case from == to:
		return "Close of " + from
	default:
		return "Close of " + from + " to " + to
	}
}

func bookWords(b BookName) string {
	switch b {
	case BookTraining:
		return "Training book: no real money"
	case BookTest:
		return "Test book: Stripe’s test mode, no real money"
	default:
		return "Live book: real money"
	}
}

// verdict is what matters, and what follows from it.
func (a closingAsked) verdict(now time.Time) (said, advice string, agrees bool) {
	r, zone := a.Report, a.zone
	said = fmt.Sprintf("%d of %d agree", r.Agree, r.Of)
	switch {
	case r.Differ > 0:
		return said, counted(r.Differ, "difference is", "differences are") + " listed below, each with its reason and what to do." + unreadWords(r, zone), false
	case a.Payout != nil && a.Payout.Automatic && !a.Payout.Reconciled:
		return said, "Stripe has not finished the list of this payout; it does so within days. Nothing need be done until then.", false
	case lastMinutes(r, now):
		return said, "Stripe’s books were read up to " + r.Missing[0].From.In(zone).Format(moment) + ", and there is no difference. What came after that is in the next close.", true
	case !r.Complete:
		return said, "There is no difference in what was read." + unreadWords(r, zone), false
	case r.Of == 0 && len(r.Currencies) > 0:
		return "Nothing to match", "No sale moved money in this time. What Stripe moved itself is listed below.", true
	case r.Of == 0:
		return "Nothing moved", "Neither this book nor Stripe has any movement of money in this time.", true
	default:
		return said, "Each movement of money is once in this book, once in Stripe’s list, and once in Stripe’s balance.", true
	}
}

// lastMinutes reports whether nothing but the end of a close that was made on the
// spot is unread: Stripe's lists are trusted a little later only.
func lastMinutes(r closing.Report, now time.Time) bool {
	if r.Unread > 0 || len(r.Missing) != 1 {
		return false
	}
	last := r.Missing[0]
	return last.To.Equal(r.To) && last.From.After(r.From) && now.Sub(last.From) < 15*time.Minute
}

func unreadWords(r closing.Report, zone *time.Location) string {
	switch {
	case r.Complete:
		return ""
	case len(r.Missing) == 0:
		return fmt.Sprintf(" Stripe’s books were not read for %s yet. Read them, and close again.", counted(r.Unread, "movement", "movements"))
	default:
		first, more := r.Missing[0], ""
		if n := len(r.Missing) - 1; n > 0 {
			more = " and for " + counted(n, "time", "times") + " after that"
		}
		return fmt.Sprintf(" Stripe’s books were not read from %s to %s%s. Read them, and close again.",
			first.From.In(zone).Format(moment), first.To.In(zone).Format(moment), more)
	}
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// totalsTables are one table for each currency of the balance.
func totalsTables(r closing.Report) (tables []paper.Table) {
	for _, t := range r.Currencies {
		amount := func(minor int64) string { return plain(money.New(minor, t.Currency)) }
		table := paper.Table{
			Title: "Stripe’s balance in " + code(t.Currency),
			Columns: []paper.Column{
				{Name: "What", Share: 5}, {Name: "Movements", Share: 2, Number: true}, {Name: code(t.Currency), Share: 3, Number: true},
			},
			Rows: [][]string{{"Payments", strconv.Itoa(t.Payments), amount(t.Gross)}},
			Note: "Net is payments − fees − refunds − disputes + other.",
		}
		for _, c := range t.Converted {
			table.Rows = append(table.Rows, []string{"of which paid as " + c.Charged.String(), "", amount(c.Gross)})
		}
		table.Rows = append(table.Rows,
			[]string{"Stripe’s fees", "", amount(-t.Fees)},
			[]string{"Refunds", strconv.Itoa(t.Refunds), amount(-t.Refunded)},
			[]string{"Disputes", strconv.Itoa(t.Disputes), amount(-t.Disputed)},
			[]string{"Other", "", amount(t.Other)},
			[]string{"Net", "", amount(t.Net)},
			[]string{"Paid out to the bank", strconv.Itoa(t.Payouts), amount(t.PaidOut)},
		)
		tables = append(tables, table)
	}
	return tables
}

func otherTable(r closing.Report) paper.Table {
	t := paper.Table{
		Title:   "Other movements of the balance",
		Columns: []paper.Column{{Name: "Category", Share: 5}, {Name: "Movements", Share: 2, Number: true}, {Name: "Amount", Share: 3, Number: true}},
	}
	for _, o := range r.Others {
		t.Rows = append(t.Rows, []string{o.Category, strconv.Itoa(o.Count), o.Amount.String()})
	}
	return t
}

func payoutTable(a closingAsked) paper.Table {
	t := paper.Table{
		Title:   "Payouts",
		Columns: []paper.Column{{Name: "Made", Share: 4}, {Name: "Payout", Share: 5}, {Name: "State", Share: 4}, {Name: "Amount", Share: 3, Number: true}},
	}
	for _, m := range a.Movements {
		if m.Kind == closing.Payout || m.Kind == closing.PayoutReturned {
			t.Rows = append(t.Rows, []string{m.At.In(a.zone).Format(moment), m.PayoutID, payoutState(m), payoutAmount(m)})
		}
	}
	return t
}

// payoutAmount is what went to the bank, or came back: nothing yet where the
// books have no return.
func payoutAmount(m closing.Movement) string {
	amount := m.InBook
	if amount.Currency == "" {
		amount = m.AtStripe
	}
	if m.Kind == closing.PayoutReturned {
		if m.Transaction == nil {
			return "–"
		}
		amount.Minor = -amount.Minor
	}
	return amount.String()
}

// payoutState is Stripe's word for the payout, and whether the books agree about it.
func payoutState(m closing.Movement) string {
	switch {
	case m.Kind == closing.PayoutReturned && m.State == closing.Unread:
		return "return not read yet"
	case m.Kind == closing.PayoutReturned && m.Transaction == nil:
		return "not come back, " + string(m.State)
	case m.Kind == closing.PayoutReturned:
		return "came back, " + string(m.State)
	case m.PayoutStatus == "":
		return string(m.State)
	default:
		return m.PayoutStatus + ", " + string(m.State)
	}
}

func differenceTable(a closingAsked) paper.Table {
	t := paper.Table{
		Title: "Differences",
		Columns: []paper.Column{
			{Name: "When", Share: 3}, {Name: "What, and what to do", Share: 8}, {Name: "Which", Share: 5}, {Name: "In this book", Share: 3, Number: true}, {Name: "At Stripe", Share: 3, Number: true},
		},
	}
	for _, m := range a.Differences() {
		if len(t.Rows) == mostOnPaper {
			t.Note = fmt.Sprintf("And %s; the CSV file has them all.", counted(a.Differ-mostOnPaper, "difference more", "differences more"))
			break
		}
		words := m.Difference.Words()
		t.Rows = append(t.Rows, []string{m.At.In(a.zone).Format(moment), words.Reason + " " + words.Next, which(m), known(m.InBook), known(m.AtStripe)})
	}
	return t
}

// which names a movement for whoever looks it up.
func which(m closing.Movement) string {
	name := ""
	for _, id := range []string{m.PayoutID, m.DisputeID, m.RefundID, m.ChargeID, m.PaymentIntentID} {
		if id != "" {
			name = id
			break
		}
	}
	if name == "" && m.Transaction != nil {
		name = m.Transaction.ID
	}
	if m.OrderCode != "" {
		return "Order " + m.OrderCode + ", " + name
	}
	return name
}

func known(a money.Amount) string {
	if a.Currency == "" {
		return "none"
	}
	return a.String()
}
