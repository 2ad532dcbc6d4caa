package reconcile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"willcall/backend/stripesim"
)

// TestScripts plays every testdata/*.txt: what the cashier, the buyer, the
// network and Stripe do, and what must be in the book. A line is
//
//	sell A 2 adult [by card]  → what the cashier is told
//	cancel A                  → what the cashier is told
//	check A                   → what the cashier is told
//	refund A all | ticket 1 | 12.00   → what the cashier is told
//	void A ticket 1 | none    → what the cashier is told
//	late paid_twice refund | keep | seat 2 adult → what is told at the late-money desk
//	buyer A pays | pays by card <number> | pays by debit | pays in usd | opens 3-D Secure
//	buyer A pays in the second of the cancel | pays an old code | pays for one more
//	buyer A pays the first code         (a page that was open before the order was paid by another)
//	buyer A disputes | inquires
//	bank A pays | refuses     (a debit, days later)
//	bank A refunds | keeps the refund [of 12.00]    (the newest that it was to give the buyer)
//	bank A decides for the till | for the buyer
//	dashboard A refunds all | 12.00 [pending]
//	card A visa | declined | asks   (typed at the till; the last is 3-D Secure)
//	post P 3 adult            → what the organizer is told: a poster with three seats
//	close P                   → what the organizer is told
//	visit V P                 → what the visitor is told: V stands before Pay
//	visitor V pays | pays by debit
//	another till refunds first   (what the next refund of the newest payment is for)
//	stranger pays             (at another program of the same account)
//	show gala at 5000.00 ISK  (is on sale from now on, with four seats)
//	stripe ends the pages of closed links | stops at the limit
//	stripe [also] <method> <path> <fault> [times]   ("never mind" clears)
//	stripe tells late 5m | tells twice | tells out of turn | tells 250 at once | tells as ever
//	stripe speaks 2017-08-15 | answers in 200ms | takes 25 a second
//	line unplugged | plugged
//	clock 5h ahead | 5h behind | right    (the laptop's)
//	key withdrawn | new
//	till stops | starts | opens | looks | offers debits | is updated | is for real
//	wait <duration>
//	A = <status> <tender> <tickets>
//	A admits <valid tickets>
//	A back = nothing | refund 12.00 EUR succeeded, dispute 24.00 EUR won, …
//	P is <state>, <sold> of <seats>, <orders> arrived
//	A went <kinds of entry>
//	house = <left> left <held> held <sold> sold
//	kept = nothing | <reason> <amount>, …
//	waiting likewise          (for somebody at the late-money desk)
//	money = nothing | 48.00 EUR in, 24.00 EUR out
//	sessions = <number at Stripe>
//	reads < <number since the till started>, writes likewise
//
// A line that ends in "at till 2" is a second laptop's, with the same book. A
// visitor V stands for the order that came by the poster, too.
//
// After each script the book must be sound, and have every cent that Stripe
// took or gave back once, and nothing else.
func TestScripts(t *testing.T) {
	t.Parallel()
	playAll(t, "testdata/*.txt")
}

// playAll plays the scripts that a pattern names.
func playAll(t *testing.T, pattern string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
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
				truth, err := s.sim.Truth()
				if err != nil {
					s.Fatal(err)
				}
				agrees(s, s.book, truth)
			})
		})
	}
}

// player follows a script.
type player struct {
	*scene
	ids       map[string]string // name in the script → order id, poster's, or session of a visitor
	at        string
	decisions int
	other     *scene // the second till
	faults    []stripesim.Fault
}

func (p *player) is(got, want string) {
	p.Helper()
	if got != want {
		p.Errorf("%s\n\tit is %q", p.at, got)
	}
}

// must ends the script at a line that cannot be played.
func (p *player) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatalf("%s\n\t%v", p.at, err)
	}
}

func (p *player) line(text string) {
	p.Helper()
	text, told, _ := strings.Cut(text, " → ")
	if first, ok := strings.CutSuffix(text, " at till 2"); ok {
		own := p.scene
		p.scene = p.second()
		defer func() { p.scene = own }()
		text = first
	}
	words := strings.Fields(text)
	switch words[0] {
	case "post", "close", "visit", "visitor", "card":
		p.is(p.wall(words), told)
	case "sell", "cancel", "check", "refund", "void", "late":
		p.is(said(p.cashier(words)), told)
	case "buyer":
		p.buyer(words[1], strings.Join(words[2:], " "))
	case "bank":
		p.bank(words[1], strings.Join(words[2:], " "))
	case "dashboard":
		p.dashboard(words[1], words[3:])
	case "another": // till
		p.drill("refunded_first", "")
	case "stranger":
		p.drill("stranger_pays", "")
	case "show":
		p.show(words)
	case "stripe":
		p.stripe(words[1:])
	case "line":
		p.scene.line.unplugged.Store(words[1] == "unplugged")
	case "clock":
		p.laptopClock(words[1:])
	case "key":
		p.changeKey(words[1])
	case "till":
		p.till(words[1], words[2:])
	case "wait":
		d, err := time.ParseDuration(words[1])
		p.must(err)
		time.Sleep(d)
	default:
		p.expect(words, text)
	}
}
