package backend

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/stripesim"
)

// person uses the till, the buyer's page or the Dashboard over and over. One
// who was not answered asks the same again, as a screen does.
type person struct {
	*load
	name string
	dice *rand.Rand
	n    int // of what they do
}

// people begin to use the program; stop returns when all are done with what
// they were doing.
func (l *load) people() (stop func()) {
	leave := make(chan struct{})
	var all sync.WaitGroup
	come := func(name string, rest time.Duration, do func(*person)) {
		all.Go(func() {
			p := &person{load: l, name: name, dice: l.dice(name)}
			for {
				select {
				case <-leave:
					return
				case <-time.After(rest/2 + time.Duration(p.dice.Int64N(int64(rest)))):
				}
				if !l.night.Load() {
					p.n++
					do(p)
				}
			}
		})
	}
	for i := range 4 {
		come(fmt.Sprintf("cashier-%d", i), 120*time.Millisecond, (*person).sell)
	}
	for i := range 2 {
		come(fmt.Sprintf("buyer-at-the-wall-%d", i), 150*time.Millisecond, (*person).buyAtTheWall)
	}
	come("screen", 80*time.Millisecond, (*person).look)
	come("dashboard", 250*time.Millisecond, (*person).refundInDashboard)
	come("stranger", 400*time.Millisecond, (*person).payForNothing)
	come("treasurer", 300*time.Millisecond, (*person).decide)
	come("backup", 900*time.Millisecond, (*person).copyFolder)
	return func() { close(leave); all.Wait() }
}

// ask asks until the till answers with something that is an answer: not that it
// was killed, nor that Stripe cannot be asked. That Stripe says no is an answer.
func (p *person) ask(method, path, key, body string) (status int, text []byte) {
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(20 * time.Millisecond) {
		p.asked.Add(1)
		status, text, err := send(p.Context(), method, p.address()+path, key, body)
		if err != nil || status == http.StatusServiceUnavailable {
			continue
		}
		if status >= http.StatusInternalServerError && status != http.StatusBadGateway {
			p.Errorf("%s: %s %s: %d %s", p.name, method, path, status, text)
		}
		return status, text
	}
	p.Errorf("%s: %s %s was not answered in a minute", p.name, method, path)
	return 0, nil
}

// order asks for something whose answer is an order.
func (p *person) order(method, path, key, body string) (o api.Order, status int) {
	status, text := p.ask(method, path, key, body)
	if status == http.StatusOK || status == http.StatusCreated {
		if err := json.Unmarshal(text, &o); err != nil {
			p.Error(err)
		}
	}
	return o, status
}

func (p *person) key(what string) string {
	return fmt.Sprintf("%s-%s-%d-%06d", what, p.name, p.seed, p.n)
}

// sell sells, and then does what comes next in a foyer.
func (p *person) sell() {
	kind := p.stalls
	if p.dice.IntN(3) == 0 {
		kind = p.box
	}
	key := p.key("sale")
	body := fmt.Sprintf(`{"lineItems":[{"performanceId":%q,"ticketTypeId":%q,"quantity":%d}]}`, p.performance, kind, 1+p.dice.IntN(2))
	o, status := p.order(http.MethodPost, "/api/orders", key, body)
	switch status {
	case http.StatusCreated:
	case http.StatusConflict:
		p.soldOut.Add(1)
		return
	case http.StatusBadGateway:
		return // a day went by before the order had a code; it has ended
	default:
		p.Errorf("%s: the sale was answered %d", p.name, status)
		return
	}
	p.mu.Lock()
	p.answered[key] = sold{o.ID, body}
	p.mu.Unlock()
	switch p.dice.IntN(8) {
	case 0: // nobody pays
	case 1:
		p.cancel(o)
	case 2: // the buyer pays while the cashier cancels
		var paying sync.WaitGroup
		paying.Go(func() { p.pay(o) })
		p.cancel(o)
		paying.Wait()
	case 3:
		p.pay(o)
		p.refund(o)
	case 4:
		p.pay(o)
		p.sellAgain(key)
	default:
		p.pay(o)
	}
}

// sellAgain taps once more with a key that was answered: the same order comes,
// or word that it ended, since a day went by before it had a code.
func (p *person) sellAgain(key string) {
	p.mu.Lock()
	was := p.answered[key]
	p.mu.Unlock()
	o, status := p.order(http.MethodPost, "/api/orders", key, was.body)
	if status == http.StatusBadGateway {
		o, _ = p.order(http.MethodGet, "/api/orders/"+was.order, "", "")
		if o.Status == boxoffice.Failed {
			return
		}
	}
	if status != http.StatusCreated || o.ID != was.order {
		p.Errorf("%s: %s was answered with order %s, and again with %d %s", p.name, key, was.order, status, o.ID)
	}
}

// pay pays the code on the buyer's phone, as soon as there is one.
func (p *person) pay(o api.Order) {
	for o.Status == boxoffice.AwaitingPayment && o.Tenders[0].SessionID == "" {
		time.Sleep(20 * time.Millisecond)
		o, _ = p.order(http.MethodGet, "/api/orders/"+o.ID, "", "")
	}
	if o.Status == boxoffice.AwaitingPayment {
		p.payCode(o.Tenders[0].SessionID)
	}
}

func (p *person) payCode(session string) {
	err := p.s.sim.Pay(session, stripesim.Payment{Email: p.name + "@example.org"})
	_, refused := errors.AsType[*stripesim.Refused](err)
	switch {
	case err == nil:
		p.paid.Add(1)
	case !refused: // closed meanwhile, or the day is over
		p.Errorf("%s cannot pay %s: %v", p.name, session, err)
	}
}

func (p *person) cancel(o api.Order) {
	canceled, status := p.order(http.MethodPost, "/api/orders/"+o.ID+"/cancel", "", "")
	switch {
	case status == http.StatusOK && canceled.Status == boxoffice.Canceled:
		p.canceled.Add(1)
	case status != http.StatusOK && status != http.StatusConflict:
		p.Errorf("%s: canceling was answered %d", p.name, status)
	}
}

// refund gives an order back at the till: all of it, or some cents.
func (p *person) refund(o api.Order) {
	paid, status := p.order(http.MethodPost, "/api/orders/"+o.ID+"/check", "", "")
	if status != http.StatusOK || paid.Status != boxoffice.Paid {
		return // its day was over before it was paid
	}
	body := `{"by":"Anna"}`
	if p.dice.IntN(2) == 0 {
		body = fmt.Sprintf(`{"by":"Anna","amount":%d}`, 1+p.dice.IntN(900))
	}
	// Again with the same key: it must be one refund.
	for range 1 + p.dice.IntN(2) {
		switch _, status := p.order(http.MethodPost, "/api/orders/"+o.ID+"/refund", p.key("refund"), body); status {
		case http.StatusOK:
			p.refunds.Add(1)
		case http.StatusConflict, http.StatusUnprocessableEntity, http.StatusBadGateway: // the Dashboard was first
		default:
			p.Errorf("%s: the refund was answered %d", p.name, status)
		}
	}
}

func (p *person) buyAtTheWall() {
	session, err := p.s.sim.Visit(p.link(), stripesim.Visitor{})
	if err != nil {
		p.Errorf("%s cannot open the poster's page: %v", p.name, err)
		return
	}
	if p.dice.IntN(6) > 0 {
		p.payCode(session)
	}
}

// look is the till's screen.
func (p *person) look() {
	path := []string{"/api/orders?limit=30", "/api/reconciliation", "/api/status", "/api/late-money"}[p.dice.IntN(4)]
	if status, text := p.ask(http.MethodGet, path, "", ""); status != http.StatusOK {
		p.Errorf("%s: %s was answered %d %s", p.name, path, status, text)
	}
	if p.n%20 == 0 { // somebody asks for news
		p.ask(http.MethodPost, "/api/reconciliation/poll", "", "")
	}
}

// refundInDashboard gives something back that the till hears of afterwards.
func (p *person) refundInDashboard() {
	truth, err := p.s.sim.Truth()
	if err != nil || len(truth.Payments) == 0 {
		return
	}
	paid := truth.Payments[max(0, len(truth.Payments)-1-p.dice.IntN(40))]
	amount := int64(0)
	if p.dice.IntN(2) == 0 {
		amount = 1 + p.dice.Int64N(paid.Amount/4)
	}
	if _, err := p.s.sim.RefundInDashboard(paid.ChargeID, amount, stripesim.RefundOptions{}); err == nil {
		p.refunds.Add(1)
	}
}

// payForNothing pays a code that says it is this book's, and is not in it.
func (p *person) payForNothing() {
	form := "mode=payment&success_url=http%3A%2F%2F127.0.0.1%2Fdone&client_reference_id=ord-" + p.key("nobody") +
		"&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=2400&line_items[0][price_data][product_data][name]=Stalls"
	r, err := http.NewRequestWithContext(p.Context(), http.MethodPost, p.s.url+"/v1/checkout/sessions", strings.NewReader(form))
	if err != nil {
		p.Error(err)
		return
	}
	r.Header.Set("Authorization", "Bearer "+trainingKey)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		p.Error(err)
		return
	}
	defer got.Body.Close()
	var made struct{ ID string }
	if err := json.NewDecoder(got.Body).Decode(&made); err != nil || made.ID == "" {
		p.Errorf("%s: no code was made: %s %v", p.name, got.Status, err)
		return
	}
	p.payCode(made.ID)
}

// decide does something about money without a place.
func (p *person) decide() {
	_, text := p.ask(http.MethodGet, "/api/late-money", "", "")
	var list struct{ Items []api.LateMoney }
	if err := json.Unmarshal(text, &list); err != nil || len(list.Items) == 0 {
		return
	}
	item := list.Items[p.dice.IntN(len(list.Items))]
	if len(item.Actions) == 0 {
		return
	}
	action, body := item.Actions[p.dice.IntN(len(item.Actions))], `{"by":"Berta"}`
	if action == "seat" {
		body = fmt.Sprintf(`{"by":"Berta","lines":[{"performanceId":%q,"ticketTypeId":%q,"quantity":1}]}`, p.performance, p.stalls)
	}
	switch status, text := p.ask(http.MethodPost, "/api/late-money/"+item.ID+"/"+action, p.key("late"), body); status {
	case http.StatusOK:
		p.decided.Add(1)
	case http.StatusConflict, http.StatusUnprocessableEntity, http.StatusBadGateway: // it went back in the Dashboard
	default:
		p.Errorf("%s: %s was answered %d %s", p.name, action, status, text)
	}
}

// copyFolder copies the data folder file by file while the program writes, as a
// backup program does.
func (p *person) copyFolder() {
	p.mu.Lock()
	enough := len(p.copies) >= 12
	p.mu.Unlock()
	if enough {
		return
	}
	to := filepath.Join(p.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(p.program.data)); err != nil {
		return // a file that was there a moment ago; such a copy nobody keeps
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.copies = append(p.copies, to)
}
