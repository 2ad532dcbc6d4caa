package ledger_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// model is what a box office with a pencil would have on its sheet: seats,
// and where each order stands. It is told what is tried, and says whether the
// book must take it.
type model struct {
	held, sold, apart, size map[string]int // by quota
	orders                  map[int]modelOrder
	posters                 map[int]modelPoster
	late                    map[int]modelLate // by the order whose session it came by
	entries                 uint64
}

// modelPoster is a poster of the quota that its number says.
type modelPoster struct {
	seats, arrived int
	state          string
}

func (p modelPoster) left() int {
	if p.state == "refused" || p.state == "closed" {
		return 0
	}
	return p.seats - p.arrived
}

type modelOrder struct {
	quota         string
	seats         int
	state         string
	cancel, asked bool // the cashier wants it closed; Stripe has been asked for a code and not answered
	total         int64
	void          []int // tickets, by number
	refunds       []modelRefund
}

func newModel() *model {
	return &model{
		held: map[string]int{}, sold: map[string]int{}, apart: map[string]int{}, size: sizes(),
		orders: map[int]modelOrder{}, posters: map[int]modelPoster{}, late: map[int]modelLate{}, entries: uint64(len(testkit.House())),
	}
}

func (m *model) clone() *model {
	return &model{
		held: maps.Clone(m.held), sold: maps.Clone(m.sold), apart: maps.Clone(m.apart), size: maps.Clone(m.size),
		orders: maps.Clone(m.orders), posters: maps.Clone(m.posters), late: maps.Clone(m.late), entries: m.entries,
	}
}

// step is one thing that is tried: a kind of fact, on an order or a poster.
type step struct {
	kind   boxoffice.Kind
	n      int // of the order
	poster int
	quota  string
	seats  int // of an order, or a poster; a quota's size is three times that
	apart  bool
	refund int // of the order, or of late money; what is done about that
	status boxoffice.RefundStatus
}

// quotaOf is the quota of a poster.
func quotaOf(poster int) string { return slices.Sorted(maps.Keys(sizes()))[poster%3] }

func kinds() []boxoffice.Kind {
	return []boxoffice.Kind{
		boxoffice.KindOrderPlaced, boxoffice.KindTenderOpened, boxoffice.KindTenderOpened, boxoffice.KindTenderRefused, boxoffice.KindTenderCancel,
		boxoffice.KindTenderProcessing, boxoffice.KindTenderPaid, boxoffice.KindTenderPaid, boxoffice.KindTenderExpired, boxoffice.KindTenderFailed,
		boxoffice.KindPosterMade, boxoffice.KindPosterOpened, boxoffice.KindPosterRefused, boxoffice.KindPosterCloseAsked, boxoffice.KindPosterClosed,
		boxoffice.KindOrderArrived, boxoffice.KindOrderArrived, boxoffice.KindQuotaChanged,
		boxoffice.KindRefundAsked, boxoffice.KindRefundAsked, boxoffice.KindRefundRecorded, boxoffice.KindRefundRecorded, boxoffice.KindRefundRefused,
		boxoffice.KindTicketsVoided, boxoffice.KindTicketsVoided, boxoffice.KindDiscrepancy, boxoffice.KindDiscrepancyResolved, boxoffice.KindDiscrepancyResolved,
	}
}

func sizes() map[string]int {
	return map[string]int{"quota-house": testkit.Seats, "quota-balcony": 2, "quota-yen": 5}
}

// fact is the step as the book is told it, when it is as m has it.
func (s step) fact(m *model) boxoffice.Fact {
	switch s.kind {
	case boxoffice.KindRefundAsked, boxoffice.KindRefundRecorded, boxoffice.KindRefundRefused, boxoffice.KindTicketsVoided,
		boxoffice.KindDiscrepancy, boxoffice.KindDiscrepancyResolved:
		return s.returnFact(m)
	case boxoffice.KindOrderPlaced:
		return placedIn(s.quota, s.n, s.seats)
	case boxoffice.KindTenderOpened:
		return opened(s.n)
	case boxoffice.KindTenderRefused:
		return refused(s.n)
	case boxoffice.KindTenderCancel:
		return cancelAsked(s.n)
	case boxoffice.KindTenderProcessing:
		return processing(s.n)
	case boxoffice.KindTenderPaid:
		return paidFor(s.n, m.orders[s.n].seats)
	case boxoffice.KindTenderExpired:
		return expired(s.n)
	case boxoffice.KindTenderFailed:
		return failed(s.n)
	case boxoffice.KindPosterMade:
		return madeIn(quotaOf(s.poster), s.poster, s.seats)
	case boxoffice.KindPosterOpened:
		return linked(s.poster)
	case boxoffice.KindPosterRefused:
		return linkRefused(s.poster)
	case boxoffice.KindPosterCloseAsked:
		return closeAsked(s.poster)
	case boxoffice.KindPosterClosed:
		return linkClosed(s.poster)
	case boxoffice.KindOrderArrived:
		f := arrivedIn(quotaOf(s.poster), s.poster, s.n, s.apart)
		f.Order.Tickets = ticketsOf(s.n, 1)
		return f
	default:
		return boxoffice.QuotaChangedFact{QuotaID: s.quota, TicketTypeIDs: []string{testkit.Adult, testkit.Child}, Size: 3 * s.seats}
	}
}

// follows says which states a fact may find a tender in, and leaves it in.
func follows(kind boxoffice.Kind) (from []string, to string) {
	switch kind {
	case boxoffice.KindTenderOpened:
		return []string{"starting"}, "open"
	case boxoffice.KindTenderRefused:
		return []string{"starting"}, "refused"
	case boxoffice.KindTenderProcessing:
		return []string{"open"}, "processing"
	case boxoffice.KindTenderPaid:
		return []string{"open", "processing", "expired", "refused", "failed"}, "paid"
	case boxoffice.KindTenderExpired:
		return []string{"open", "processing"}, "expired"
	default:
		return []string{"processing"}, "failed"
	}
}

// take does the step, and reports whether it may be done.
func (m *model) take(s step) bool {
	m.entries++
	o, known := m.orders[s.n]
	switch s.kind {
	case boxoffice.KindRefundAsked, boxoffice.KindRefundRecorded, boxoffice.KindRefundRefused:
		return m.takeRefund(s)
	case boxoffice.KindTicketsVoided:
		return m.takeVoid(s)
	case boxoffice.KindDiscrepancy:
		m.find(s)
		return true
	case boxoffice.KindDiscrepancyResolved:
		return m.resolve(s)
	case boxoffice.KindPosterMade, boxoffice.KindPosterOpened, boxoffice.KindPosterRefused, boxoffice.KindPosterCloseAsked, boxoffice.KindPosterClosed:
		return m.takePoster(s)
	case boxoffice.KindOrderArrived:
		return m.arrive(s)
	case boxoffice.KindQuotaChanged:
		m.size[s.quota] = 3 * s.seats
		return m.free(s.quota) >= 0
	case boxoffice.KindOrderPlaced:
		if known || m.free(s.quota) < s.seats {
			return false
		}
		o = modelOrder{quota: s.quota, seats: s.seats, state: "starting", asked: true, total: 2400 * int64(s.seats)}
		m.held[s.quota] += s.seats
	case boxoffice.KindTenderCancel:
		if !known || o.cancel || !slices.Contains([]string{"starting", "open", "processing"}, o.state) {
			return false
		}
		o.cancel = true
	default:
		from, to := follows(s.kind)
		if !known || !slices.Contains(from, o.state) || m.late[s.n].seated() && (to == "open" || to == "paid") {
			return false
		}
		if !m.move(o, to) {
			return false
		}
		o.state, o.asked = to, false
	}
	m.orders[s.n] = o
	return true
}

// move moves the order's seats, and reports whether there is room.
func (m *model) move(o modelOrder, to string) bool {
	over := []string{"expired", "refused", "failed"}
	if !slices.Contains(over, o.state) {
		m.held[o.quota] -= o.seats
	}
	switch {
	case to == "paid":
		m.sold[o.quota] += o.seats
	case !slices.Contains(over, to):
		m.held[o.quota] += o.seats
	}
	return m.free(o.quota) >= 0
}

func (m *model) free(quota string) int {
	return m.size[quota] - m.held[quota] - m.sold[quota] - m.apart[quota]
}

// takePoster does a step of a poster.
func (m *model) takePoster(s step) bool {
	p, known := m.posters[s.poster]
	quota := quotaOf(s.poster)
	if s.kind == boxoffice.KindPosterMade {
		if known || m.free(quota) < s.seats {
			return false
		}
		m.apart[quota] += s.seats
		m.posters[s.poster] = modelPoster{seats: s.seats, state: "starting"}
		return true
	}
	way := map[boxoffice.Kind][2]string{
		boxoffice.KindPosterOpened: {"starting", "open"}, boxoffice.KindPosterRefused: {"starting", "refused"},
		boxoffice.KindPosterCloseAsked: {"open", "closing"}, boxoffice.KindPosterClosed: {"closing", "closed"},
	}[s.kind]
	if !known || p.state != way[0] {
		return false
	}
	before := p.left()
	p.state = way[1]
	m.apart[quota] += p.left() - before
	m.posters[s.poster] = p
	return true
}

// arrive is a sale of one seat at a poster: of those set apart, or another.
func (m *model) arrive(s step) bool {
	p, known := m.posters[s.poster]
	quota := quotaOf(s.poster)
	if _, twice := m.orders[s.n]; twice || !known || m.late[s.n].seated() {
		return false
	}
	if s.apart {
		if p.left() < 1 {
			return false
		}
		p.arrived++
		m.apart[quota]--
		m.posters[s.poster] = p
	}
	m.orders[s.n] = modelOrder{quota: quota, seats: 1, state: "paid", total: 2400}
	m.sold[quota]++
	return m.free(quota) >= 0
}

// String is the sheet as text, in the words of sheet.
func (m *model) String() string {
	var text strings.Builder
	for _, q := range slices.Sorted(maps.Keys(sizes())) {
		fmt.Fprintf(&text, "%s of %d: %d held, %d sold, %d apart\n", q, m.size[q], m.held[q], m.sold[q], m.apart[q])
	}
	var intents, awaiting []string
	for _, n := range slices.Sorted(maps.Keys(m.posters)) {
		p := m.posters[n]
		fmt.Fprintf(&text, "%s: %s, %d of %d arrived\n", ofPoster(n).PosterID, p.state, p.arrived, p.seats)
		switch p.state {
		case "starting":
			intents = append(intents, ledger.LinkKey(ofPoster(n).PosterID))
		case "closing":
			intents = append(intents, ledger.CloseLinkKey(ofPoster(n).PosterID))
		}
	}
	for _, n := range slices.Sorted(maps.Keys(m.orders)) {
		o := m.orders[n]
		fmt.Fprintf(&text, "%s: %s, cancel asked %v, %d valid%s\n", of(n).OrderID, o.state, o.cancel, o.valid(), refundsOf(o.refunds))
		open := slices.Contains([]string{"starting", "open", "processing"}, o.state)
		if open {
			awaiting = append(awaiting, of(n).OrderID)
		}
		if o.asked {
			intents = append(intents, of(n).TenderID+"-create")
		}
		if o.cancel && open {
			intents = append(intents, of(n).TenderID+"-expire")
		}
	}
	intents = append(intents, m.refundKeys()...)
	slices.Sort(intents)
	slices.Sort(awaiting)
	fmt.Fprintf(&text, "intents %v\nawaiting %v\n%d entries\n%s", intents, awaiting, m.entries, m.lateSheet())
	return text.String()
}

// sheet is what the book says, as a model's sheet.
func sheet(tx *ledger.Tx) (string, error) {
	var text strings.Builder
	c, err := tx.Catalogue()
	if err != nil {
		return "", err
	}
	for _, q := range c.Quotas { // sorted by id
		if q.Available() < 0 || q.Held < 0 || q.Sold < 0 {
			return "", fmt.Errorf("the quota %+v is below zero", q)
		}
		fmt.Fprintf(&text, "%s of %d: %d held, %d sold, %d apart\n", q.ID, q.Size, q.Held, q.Sold, q.Allotted)
	}
	posters, err := tx.Posters() // newest first, and the numbers say when
	if err != nil {
		return "", err
	}
	for _, p := range slices.Backward(posters) {
		fmt.Fprintf(&text, "%s: %s, %d of %d arrived\n", p.ID, p.State, p.Arrived, p.Allotment)
	}
	orders, _, err := tx.Orders(ledger.OrderQuery{Limit: 1000})
	if err != nil {
		return "", err
	}
	slices.SortFunc(orders, func(a, b boxoffice.Order) int {
		return strings.Compare(fmt.Sprintf("%12s", a.ID), fmt.Sprintf("%12s", b.ID))
	})
	for _, o := range orders {
		var back []modelRefund
		for _, f := range o.Refunds {
			back = append(back, modelRefund{f.ID, f.Status, f.Amount.Minor})
		}
		fmt.Fprintf(&text, "%s: %s, cancel asked %v, %d valid%s\n", o.ID, o.Tenders[0].State, o.Tenders[0].CancelAsked, len(o.Valid()), refundsOf(back))
	}
	open, err := tx.Intents()
	var intents, awaiting []string
	for _, i := range open {
		intents = append(intents, i.Key)
	}
	waited, awaitErr := tx.Awaiting()
	for _, o := range waited {
		awaiting = append(awaiting, o.ID)
	}
	n, numberErr := tx.Number()
	fmt.Fprintf(&text, "intents %v\nawaiting %v\n%d entries\n", intents, awaiting, n)
	late, lateErr := lateSheet(tx)
	text.WriteString(late)
	return text.String(), errors.Join(err, awaitErr, numberErr, lateErr)
}
