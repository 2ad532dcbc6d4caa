package stripesim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// controls are the knobs for tests and trainers. They answer on a loopback
// address only, and not to a foreign page in a browser.
func (s *Sim) controls(mux *http.ServeMux) {
	knobs := http.NewServeMux()
	knob := func(pattern string, turn func(*http.Request) (any, error)) {
		knobs.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			v, err := turn(r)
			if err != nil {
				writeJSON(w, statusOf(err), map[string]string{"error": err.Error()})
				return
			}
			writeJSON(w, http.StatusOK, v)
		})
	}
	knob("GET /_sim/faults", func(*http.Request) (any, error) { return s.wireFaults(), nil })
	knob("PUT /_sim/faults", s.putFaults)
	knob("DELETE /_sim/faults", func(*http.Request) (any, error) {
		s.SetFaults()
		return s.wireFaults(), nil
	})
	knob("POST /_sim/clock", s.postClock)
	knob("POST /_sim/latency", s.postLatency)
	knob("POST /_sim/limits", s.postLimits)
	s.quirkControls(knob)
	s.drillControls(knob)
	s.accessControls(knob)
	s.webhookControls(knob)
	knob("POST /_sim/methods", s.postMethods)
	knob("POST /_sim/assumptions", s.postAssumptions)
	s.moneyControls(knob)
	knob("POST /_sim/sessions/{id}/settle", s.postSettle)
	knob("GET /_sim/requests", func(*http.Request) (any, error) { return s.Requests(), nil })
	guarded := http.NewCrossOriginProtection().Handler(knobs)
	mux.HandleFunc("/_sim/", func(w http.ResponseWriter, r *http.Request) {
		if !loopback(r.Host) {
			writeJSON(w, http.StatusForbidden, map[string]string{"error": "the simulator's controls answer on a loopback address only"})
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

func loopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(host)
	return host == "localhost" || host == "[::1]" || ip != nil && ip.IsLoopback()
}

func statusOf(err error) int {
	if e := (*apiError)(nil); errors.As(err, &e) {
		return e.Status
	}
	if u := (*Unsuitable)(nil); errors.As(err, &u) {
		return http.StatusConflict
	}
	return http.StatusBadRequest
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that has gone is no concern of ours
}

// wireFault is a Fault as JSON; its delay is text such as "2s".
type wireFault struct {
	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"`
	Times  int    `json:"times"`
	Kind   string `json:"kind"`
	Status int    `json:"status,omitempty"`
	Code   string `json:"code,omitempty"`
	Delay  string `json:"delay,omitempty"`

	RetryAfter string  `json:"retry_after,omitempty"`
	Chance     float64 `json:"chance,omitempty"`
}

// wireFaults is what GET /_sim/faults shows: the faults with what is left of
// their times.
type wireFaults struct {
	Faults []wireFault `json:"faults"`
}

func (s *Sim) wireFaults() wireFaults {
	out := wireFaults{Faults: []wireFault{}}
	for _, f := range s.faults.current("") {
		w := wireFault{Method: f.Method, Path: f.Path, Times: f.Times, Kind: f.Kind, Status: f.Status, Code: f.Code}
		w.Chance = f.Chance
		if f.Delay != 0 {
			w.Delay = f.Delay.String()
		}
		if f.RetryAfter != 0 {
			w.RetryAfter = f.RetryAfter.String()
		}
		out.Faults = append(out.Faults, w)
	}
	return out
}

// putFaults takes {"faults": […]} or the bare array.
func (s *Sim) putFaults(r *http.Request) (any, error) {
	var raw json.RawMessage
	if err := readJSON(r, &raw); err != nil {
		return nil, err
	}
	var body wireFaults
	if err := json.Unmarshal(raw, &body.Faults); err != nil {
		if err := json.Unmarshal(raw, &body); err != nil {
			return nil, fmt.Errorf("the faults cannot be read: %w", err)
		}
	}
	var faults []Fault
	for _, w := range body.Faults {
		f := Fault{Method: w.Method, Path: w.Path, Times: w.Times, Kind: w.Kind, Status: w.Status, Code: w.Code, Chance: w.Chance}
		var err error
		if f.Delay, err = readDelay(w.Delay); err != nil {
			return nil, err
		}
		if f.RetryAfter, err = readDelay(w.RetryAfter); err != nil {
			return nil, err
		}
		if err := f.validate(); err != nil {
			return nil, err
		}
		faults = append(faults, f)
	}
	s.SetFaults(faults...)
	return s.wireFaults(), nil
}

// readDelay reads a time such as "2s"; "" is 0.
func readDelay(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("the delay %q cannot be read; write it as 2s or 150ms", text)
	}
	return d, nil
}

// postClock moves the simulator's time on: {"advance": "30m"}. It never goes
// back, as Stripe's does not.
func (s *Sim) postClock(r *http.Request) (any, error) {
	var body struct{ Advance string }
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(body.Advance)
	if err != nil || d < 0 {
		return nil, fmt.Errorf("the clock cannot be moved by %q; write advance as 30m or 24h", body.Advance)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	skew := int64(s.skew + d)
	if err := s.commit(&change{Account: s.main, Skew: &skew}); err != nil {
		return nil, err
	}
	return map[string]time.Time{"now": time.Unix(s.now(), 0).UTC()}, s.expireDue()
}

// postLatency sets what each API answer takes: {"latency": "150ms"}.
func (s *Sim) postLatency(r *http.Request) (any, error) {
	var body struct{ Latency string }
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(body.Latency)
	if err != nil || d < 0 || d > time.Minute {
		return nil, fmt.Errorf("the latency cannot be %q; write it as 150ms, one minute at most", body.Latency)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
	return map[string]string{"latency": d.String()}, nil
}

// postSettle ends a delayed payment: {"outcome": "succeeded" or "failed"}.
func (s *Sim) postSettle(r *http.Request) (any, error) {
	var body struct{ Outcome string }
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	if body.Outcome != succeeded && body.Outcome != failed {
		return nil, fmt.Errorf("the outcome is succeeded or failed, not %q", body.Outcome)
	}
	return map[string]string{"outcome": body.Outcome}, s.Settle(r.PathValue("id"), body.Outcome == succeeded)
}

func readJSON(r *http.Request, v any) error {
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody)).Decode(v); err != nil {
		return fmt.Errorf("the body is not the JSON that is wanted here: %w", err)
	}
	return nil
}
