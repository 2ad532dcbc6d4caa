package ledger_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// modelRefund is money that goes back, or was to.
type modelRefund struct {
	id     string
	status boxoffice.RefundStatus
	minor  int64
}

// modelLate is money of 24 EUR that came by an order's session. Its action is
// "" while it waits.
type modelLate struct {
	order   string // that it was meant for, if that was known
	action  boxoffice.LateAction
	refund  string // that it is given back by
	refunds []modelRefund
}

func (l modelLate) seated() bool { return l.action == boxoffice.ActSeat }

// seatedOrder is the number of the order that the late money n is seated as.
const seatedOrder = 100

func said() []boxoffice.RefundStatus {
	return []boxoffice.RefundStatus{boxoffice.RefundPending, boxoffice.RefundSucceeded, boxoffice.RefundFailed}
}

// money is whose money a step is about: n is an order's, and below 0 late.
func (s step) money() int {
	switch {
	case s.apart && s.seats == 1:
		return s.n + seatedOrder
	case s.apart:
		return -s.n
	default:
		return s.n
	}
}

// minor is how much a refund is of: a seat, or half of one.
func (s step) minor() int64 { return 1200 * int64(min(s.seats, 2)) }

// refundID is ours, or that of one that was made in the Dashboard.
func (s step) refundID() string {
	if s.refund == 3 && s.kind == boxoffice.KindRefundRecorded {
		return stripeID(s.money(), s.refund)
	}
	return refundID(s.money(), s.refund)
}

func (s step) returnFact(m *model) boxoffice.Fact {
	switch s.kind {
	case boxoffice.KindRefundAsked:
		return refundAsked(s.money(), s.refund, s.minor())
	case boxoffice.KindRefundRecorded:
		if s.refund == 3 {
			return dashboard(s.money(), s.refund, s.status, s.minor())
		}
		return refundSays(s.money(), s.refund, s.status, s.minor())
	case boxoffice.KindRefundRefused:
		return refundRefused(s.money(), s.refund)
	case boxoffice.KindTicketsVoided:
		f := voided(max(s.money(), -s.money()), "", s.seats).(boxoffice.TicketsVoidedFact)
		f.Claims[0].QuotaID = m.orders[max(s.money(), -s.money())].quota
		return f
	case boxoffice.KindDiscrepancy:
		return late(s.n, m.known(s.n))
	default:
		order := m.late[s.n].order
		switch s.refund {
		case 1:
			return kept(s.n, order)
		case 2:
			return givenBack(s.n, order, refundID(-s.n, 1))
		default:
			return seatedAs(s.n, order, s.quota, s.n+seatedOrder, s.seats)
		}
	}
}

// known is the order's id, if the book has it.
func (m *model) known(n int) string {
	if _, ok := m.orders[n]; ok {
		return of(n).OrderID
	}
	return ""
}

func (o modelOrder) valid() int {
	if o.state != "paid" {
		return 0
	}
	return o.seats - len(o.void)
}

// follow is what a list of refunds becomes; false where it cannot.
func follow(list []modelRefund, s step, total int64) ([]modelRefund, bool) {
	list = slices.Clone(list)
	i := slices.IndexFunc(list, func(f modelRefund) bool { return f.id == s.refundID() })
	switch s.kind {
	case boxoffice.KindRefundAsked:
		return append(list, modelRefund{s.refundID(), boxoffice.RefundAsked, s.minor()}), i < 0 && s.minor() <= total-back(list)
	case boxoffice.KindRefundRefused:
		if i < 0 || list[i].status != boxoffice.RefundAsked {
			return list, false
		}
		list[i].status = boxoffice.RefundRefused
		return list, true
	default:
	}
	if i < 0 {
		return append(list, modelRefund{s.refundID(), s.status, s.minor()}), true
	}
	may := map[boxoffice.RefundStatus][]boxoffice.RefundStatus{
		boxoffice.RefundAsked: said(), boxoffice.RefundRefused: said(), boxoffice.RefundPending: said()[1:], boxoffice.RefundSucceeded: said()[2:],
	}
	ok := slices.Contains(may[list[i].status], s.status)
	list[i].status, list[i].minor = s.status, s.minor()
	return list, ok
}

// back is what went back, or was asked to.
func back(list []modelRefund) (sum int64) {
	for _, f := range list {
		if f.status != boxoffice.RefundFailed && f.status != boxoffice.RefundRefused {
			sum += f.minor
		}
	}
	return sum
}

func (m *model) takeRefund(s step) (ok bool) {
	if s.money() > 0 {
		o := m.orders[s.money()]
		if o.state != "paid" {
			return false
		}
		o.refunds, ok = follow(o.refunds, s, o.total)
		m.orders[s.money()] = o
		return ok
	}
	l, found := m.late[s.n]
	if !found || l.seated() || m.orders[s.n].state == "paid" {
		return false
	}
	l.refunds, ok = follow(l.refunds, s, 2400)
	for _, f := range l.refunds {
		if f.id == l.refund && (f.status == boxoffice.RefundFailed || f.status == boxoffice.RefundRefused) {
			l.action, l.refund = "", ""
		}
	}
	m.late[s.n] = l
	return ok
}

func (m *model) takeVoid(s step) bool {
	n := max(s.money(), -s.money())
	o := m.orders[n]
	if o.state != "paid" || s.seats > o.seats || slices.Contains(o.void, s.seats) {
		return false
	}
	o.void = append(slices.Clone(o.void), s.seats)
	m.orders[n] = o
	m.sold[o.quota]--
	return true
}

func (m *model) find(s step) {
	l := m.late[s.n]
	l.order = m.known(s.n)
	m.late[s.n] = l
}

func (m *model) resolve(s step) bool {
	l, found := m.late[s.n]
	if !found || l.action != "" {
		return false
	}
	if o := m.orders[s.n]; l.order != "" && (o.state == "open" || o.state == "processing") {
		m.held[o.quota] -= o.seats
		o.state = "failed"
		m.orders[s.n] = o
	}
	l.action = map[int]boxoffice.LateAction{1: boxoffice.ActKeep, 2: boxoffice.ActRefund, 3: boxoffice.ActSeat}[s.refund]
	if s.refund == 2 {
		l.refund = refundID(-s.n, 1)
	}
	m.late[s.n] = l
	if !l.seated() {
		return true
	}
	asked := slices.ContainsFunc(l.refunds, func(f modelRefund) bool { return f.status == boxoffice.RefundAsked })
	if m.known(s.n+seatedOrder) != "" || asked || back(l.refunds) >= 2400 || m.orders[s.n].state == "paid" {
		return false
	}
	m.orders[s.n+seatedOrder] = modelOrder{quota: s.quota, seats: s.seats, state: "paid", total: 2400, refunds: l.refunds}
	m.sold[s.quota] += s.seats
	return m.free(s.quota) >= 0
}

// refundKeys are those of the refunds that Stripe has not answered.
func (m *model) refundKeys() (keys []string) {
	add := func(list []modelRefund) {
		for _, f := range list {
			if f.status == boxoffice.RefundAsked {
				keys = append(keys, ledger.RefundKey(f.id))
			}
		}
	}
	for _, o := range m.orders {
		add(o.refunds)
	}
	for _, l := range m.late {
		add(l.refunds)
	}
	return keys
}

func refundsOf(list []modelRefund) string {
	var text strings.Builder
	for _, f := range list {
		fmt.Fprintf(&text, ", %s %s %d", f.id, f.status, f.minor)
	}
	return text.String()
}

// lateSheet is late money, what waits, and every payment that came in, once.
func (m *model) lateSheet() string {
	var text strings.Builder
	var waits, money []string
	byID := func(a, b int) int { return strings.Compare(lateID(a), lateID(b)) }
	for _, n := range slices.SortedFunc(maps.Keys(m.late), byID) {
		l := m.late[n]
		fmt.Fprintf(&text, "%s %s%s\n", lateID(n), l.action, refundsOf(l.refunds))
		if l.action == "" && back(l.refunds) < 2400 {
			waits = append(waits, lateID(n))
		}
		if !l.seated() && m.orders[n].state != "paid" {
			money = append(money, fmt.Sprintf("pi_%d %s", n, lateID(n)))
		}
	}
	for n, o := range m.orders {
		if o.state == "paid" {
			money = append(money, fmt.Sprintf("pi_%d %s", n%seatedOrder, of(n).OrderID))
		}
	}
	slices.Sort(waits)
	slices.Sort(money)
	fmt.Fprintf(&text, "waiting %v\nmoney %v\n", waits, money)
	return text.String()
}

// lateSheet is what the book says, as a model's.
func lateSheet(tx *ledger.Tx) (string, error) {
	var text strings.Builder
	found, err := tx.Discrepancies()
	if err != nil {
		return "", err
	}
	for _, d := range found {
		var list []modelRefund
		for _, f := range d.Refunds {
			list = append(list, modelRefund{f.ID, f.Status, f.Amount.Minor})
		}
		var action boxoffice.LateAction
		if d.Resolution != nil {
			action = d.Resolution.Action
		}
		fmt.Fprintf(&text, "%s %s%s\n", d.ID, action, refundsOf(list))
	}
	var waits, money []string
	waiting, err := tx.Waiting()
	if err != nil {
		return "", err
	}
	for _, d := range waiting {
		waits = append(waits, d.ID)
	}
	err = tx.MoneyBetween(time.Time{}, testkit.NewClock().Now().AddDate(1, 0, 0), func(id string, m ledger.Money) (bool, error) {
		money = append(money, fmt.Sprintf("%s %s%s", id, m.Of().OrderID, m.Of().DiscrepancyID))
		return true, nil
	})
	slices.Sort(money)
	fmt.Fprintf(&text, "waiting %v\nmoney %v\n", waits, money)
	return text.String(), err
}
