package reconcile

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"willcall/backend/stripesim"
)

// stripe plays what Stripe and the network do, beside what a buyer sees.
func (p *player) stripe(words []string) {
	p.Helper()
	switch words[0] {
	case "never": // mind
		p.faults = nil
		p.sim.SetFaults()
	case "ends":
		p.sim.Assume(stripesim.Assumptions{ClosingEndsSessions: true})
	case "stops":
		p.sim.Assume(stripesim.Assumptions{LimitIsAtomic: true})
	case "answers":
		p.knob("/_sim/latency", `{"latency": "`+words[2]+`"}`)
	case "takes":
		rate, err := strconv.Atoi(words[1])
		p.must(err)
		p.sim.Limit(stripesim.Limits{PerSecond: rate, PerEndpoint: rate})
	case "tells", "speaks":
		if words[1] == "250" {
			p.drill("event_storm", "")
			return
		}
		p.must(p.sim.Quirk(p.quirk(words)))
	case "also":
		p.fault(words[1:])
	default:
		p.faults = nil
		p.fault(words)
	}
}

// fault sets one, as in "POST /v1/checkout/sessions drop_after 1".
func (p *player) fault(words []string) {
	p.Helper()
	f := stripesim.Fault{Method: words[0], Path: words[1], Kind: words[2]}
	if status, err := strconv.Atoi(words[2]); err == nil {
		f.Kind, f.Status = stripesim.FaultStatus, status
	}
	switch f.Kind {
	case stripesim.FaultDelay:
		f.Delay = 15 * time.Second
	case stripesim.FaultDate:
		f.Delay = 3 * time.Hour
	}
	if len(words) > 3 {
		times, err := strconv.Atoi(words[3])
		p.must(err)
		f.Times = times
	}
	if f.Method == "ANY" {
		f.Method = ""
	}
	p.faults = append(p.faults, f)
	p.sim.SetFaults(p.faults...)
}

// knob turns one of the simulator's controls.
func (p *player) knob(path, body string) {
	p.Helper()
	r := httptest.NewRequestWithContext(p.Context(), http.MethodPost, "http://127.0.0.1"+path, strings.NewReader(body))
	answer := httptest.NewRecorder()
	if p.sim.Handler().ServeHTTP(answer, r); answer.Code != http.StatusOK {
		p.Fatalf("%s\n\t%s", p.at, answer.Body)
	}
}

// TestTheLineBreaksLikeOne: what the scripts call a fault reaches the client
// as the failure that it is over a real socket.
func TestTheLineBreaksLikeOne(t *testing.T) {
	for kind, want := range map[string]string{
		stripesim.FaultHTML: "not_stripe", stripesim.FaultEmpty: "not_stripe", stripesim.FaultGarbage: "not_stripe",
		stripesim.FaultShort: "not_stripe", stripesim.FaultPortal: "not_stripe",
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
