package reconcile

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/stripesim"
)

// TestScripts plays every testdata/*.txt: what the cashier, the buyer, the
// network and Stripe do, and what must be in the book. A line is
//
//	sell A 2 adult [by card]  → what the cashier is told
//	cancel A                  → what the cashier is told
//	check A                   → what the cashier is told
//	buyer A pays | pays by card <number> | pays by debit | opens 3-D Secure
//	bank A pays | refuses     (a debit, days later)
//	card A visa | declined | asks   (typed at the till; the last is 3-D Secure)
//	post P 3 adult            → what the organizer is told: a poster with three seats
//	close P                   → what the organizer is told
//	visit V P                 → what the visitor is told: V stands before Pay
//	visitor V pays
//	stripe ends the pages of closed links | stops at the limit
//	stripe <method> <path> <fault> [times]   ("never mind" clears)
//	line unplugged | plugged
//	till stops | starts | looks | offers debits
//	wait <duration>
//	A = <status> <tender> <tickets>
//	P is <state>, <sold> of <seats>, <orders> arrived
//	A went <kinds of entry>
//	house = <left> left <held> held <sold> sold
//	kept = nothing | <reason> <amount>, …
//	sessions = <number at Stripe>
//	reads < <number since the till started>, writes likewise
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			play(t, func(s *scene) {
				p := &player{scene: s, ids: map[string]string{}}
				for n, raw := range strings.Split(string(text), "\n") {
					if text, _, _ := strings.Cut(raw, "#"); strings.TrimSpace(text) != "" {
						p.at = fmt.Sprintf("%s:%d: %s", file, n+1, strings.TrimSpace(raw))
						p.line(strings.TrimSpace(text))
					}
				}
			})
		})
	}
}

// player follows a script.
type player struct {
	*scene
	ids map[string]string // name in the script → order id
	at  string
}

func (p *player) is(got, want string) {
	p.Helper()
	if got != want {
		p.Errorf("%s\n\tit is %q", p.at, got)
	}
}

func (p *player) line(text string) {
	p.Helper()
	text, told, _ := strings.Cut(text, " → ")
	words := strings.Fields(text)
	id := func() string { return p.ids[words[1]] }
	switch words[0] {
	case "post", "close", "visit", "visitor", "card":
		p.is(p.wall(words), told)
	case "sell":
		n, err := strconv.Atoi(words[2])
		if err != nil {
			p.Fatal(p.at, err)
		}
		before := len(p.orders())
		if len(words) > 4 {
			_, err = p.sellBy(boxoffice.CardTender, n, "type-"+words[3])
		} else {
			_, err = p.sell(n, "type-"+words[3])
		}
		if orders := p.orders(); len(orders) > before {
			p.ids[words[1]] = orders[len(orders)-1].ID
		}
		p.is(said(err), told)
	case "cancel":
		_, err := p.desk.Cancel(p.Context(), id())
		p.is(said(err), told)
	case "check":
		_, err := p.desk.Check(p.Context(), id())
		p.is(said(err), told)
	case "buyer":
		p.buyer(words[2:], id())
	case "bank":
		if err := p.sim.Settle(p.session(id()), words[2] == "pays"); err != nil {
			p.Fatal(p.at, err)
		}
	case "stripe":
		p.fault(words[1:])
	case "line":
		p.scene.line.unplugged.Store(words[1] == "unplugged")
	case "till":
		p.till(words[1])
	case "wait":
		d, err := time.ParseDuration(words[1])
		if err != nil {
			p.Fatal(p.at, err)
		}
		time.Sleep(d)
	default:
		p.expect(words, text)
	}
}

// said is what the cashier is told.
func said(err error) string {
	if err == nil {
		return ""
	}
	return string(boxoffice.ErrorCode(err))
}

func (p *player) buyer(words []string, order string) {
	p.Helper()
	var payment stripesim.Payment
	switch strings.Join(words[:min(3, len(words))], " ") {
	case "pays":
	case "pays by card":
		payment.Card = words[3]
	case "pays by debit":
		payment.Delayed = true
	case "opens 3-D Secure":
		payment.Card, payment.Challenge = "4000002500003155", stripesim.Leave
	default:
		p.Fatal(p.at, ": a buyer cannot do that")
	}
	_ = p.sim.Pay(p.session(order), payment) // what came of it is seen in the book
}

// fault sets one, as in "POST /v1/checkout/sessions drop_after 1", or clears
// all with "never mind".
func (p *player) fault(words []string) {
	p.Helper()
	switch words[0] {
	case "never":
		p.sim.SetFaults()
		return
	case "ends":
		p.sim.Assume(stripesim.Assumptions{ClosingEndsSessions: true})
		return
	case "stops":
		p.sim.Assume(stripesim.Assumptions{LimitIsAtomic: true})
		return
	}
	f := stripesim.Fault{Method: words[0], Path: words[1], Kind: words[2]}
	if status, err := strconv.Atoi(words[2]); err == nil {
		f.Kind, f.Status = stripesim.FaultStatus, status
	}
	if f.Kind == stripesim.FaultDelay {
		f.Delay = 15 * time.Second
	}
	if len(words) > 3 {
		times, err := strconv.Atoi(words[3])
		if err != nil {
			p.Fatal(p.at, err)
		}
		f.Times = times
	}
	if f.Method == "ANY" {
		f.Method = ""
	}
	p.sim.SetFaults(f)
}

func (p *player) till(does string) {
	p.Helper()
	switch does {
	case "stops":
		p.stop()
	case "starts":
		p.open()
		p.start()
	case "offers":
		p.debits = true
	case "looks":
		if err := p.r.PollOnce(); err != nil {
			p.Errorf("%s\n\t%v", p.at, err)
		}
	default:
		p.Fatal(p.at, ": a till cannot do that")
	}
}

// expect holds the book against a line.
func (p *player) expect(words []string, text string) {
	p.Helper()
	_, want, _ := strings.Cut(text, "= ")
	switch {
	case words[0] == "house":
		q := testkit.Quota(p, p.book, "quota-house")
		p.is(fmt.Sprintf("%d left %d held %d sold", q.Available(), q.Held, q.Sold), want)
	case words[0] == "kept":
		var kept []string
		for _, d := range p.discrepancies() {
			kept = append(kept, string(d.Reason)+" "+d.Amount.String())
		}
		if len(kept) == 0 {
			kept = []string{"nothing"}
		}
		slices.Sort(kept)
		p.is(strings.Join(kept, ", "), want)
	case words[0] == "sessions":
		p.is(strconv.Itoa(p.made()), want)
	case words[0] == "reads", words[0] == "writes":
		n := p.client.Usage().Reads
		if words[0] == "writes" {
			n = p.client.Usage().Writes
		}
		if most, err := strconv.ParseInt(words[2], 10, 64); err != nil || n >= most {
			p.Errorf("%s\n\tit is %d", p.at, n)
		}
	case words[1] == "went":
		var kinds []string
		p.view(func(tx *ledger.Tx) error {
			entries, err := tx.OrderEntries(p.ids[words[0]])
			for _, e := range entries {
				kinds = append(kinds, string(e.Kind))
			}
			return err
		})
		p.is(strings.Join(kinds, " "), strings.Join(words[2:], " "))
	case words[1] == "is":
		_, want, _ := strings.Cut(text, " is ")
		p.is(p.posterNow(words[0]), want)
	case words[1] == "=":
		o := p.order(p.ids[words[0]])
		p.is(fmt.Sprintf("%s %s %d", o.Status(), o.Tenders[0].State, len(o.Tickets)), want)
	default:
		p.Fatal(p.at, ": there is no such line")
	}
}

// TestTheLineBreaksLikeOne: what the scripts call a fault reaches the client
// as the failure that it is over a real socket.
func TestTheLineBreaksLikeOne(t *testing.T) {
	for kind, want := range map[string]string{
		stripesim.FaultHTML: "not_stripe", stripesim.FaultEmpty: "not_stripe", stripesim.FaultGarbage: "not_stripe",
		stripesim.FaultCut: "lost", stripesim.FaultDropBefore: "lost", stripesim.FaultDropAfter: "lost",
		stripesim.FaultHang: "lost", "unplugged": "unsent",
	} {
		play(t, func(s *scene) {
			if kind == "unplugged" {
				s.line.unplugged.Store(true)
			} else {
				s.sim.SetFaults(stripesim.Fault{Method: http.MethodGet, Kind: kind})
			}
			_, err := s.client.Livemode(s.Context())
			if err == nil || !strings.Contains(err.Error(), "stripe: "+want+" ") {
				t.Errorf("%s: %v, want %s", kind, err, want)
			}
		})
	}
}
