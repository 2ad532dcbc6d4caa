package stripesim

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Drill is a situation that a trainer can bring about. A lasting one is on
// until it is turned off, or the simulator ends; the others happen at once.
type Drill struct {
	Name    string     `json:"name"`
	Group   string     `json:"group"`            // network, stripe, buyer, money, access or away
	Cases   []int      `json:"cases"`            // of the twenty-five nasty cases; see drill_test.go
	Lasting bool       `json:"lasting"`          // it is turned on and off; else on makes it happen
	On      bool       `json:"on"`               // of a lasting one
	Since   *time.Time `json:"since"`            // when it was turned on; null if it is not on
	Object  string     `json:"object,omitempty"` // id of the object that it was about
}

// DrillOptions say more of a drill; the zero value is its usual way. What a
// drill has no use for is ignored.
type DrillOptions struct {
	Object  string        // id of the session, charge, payment link, refund or dispute that is meant; "" is the newest that suits
	Delay   time.Duration // how slow, how late, how wrong
	Chance  float64       // how likely, from 0 to 1, where it is a matter of luck; 0 is as usual
	Days    int           // how long nobody asks
	Count   int           // how many events, or sales
	Version string        // API version of payloads, "2017-08-15"
}

// Unsuitable is the error of a drill that finds nothing to happen to.
type Unsuitable struct{ Reason string }

func (u *Unsuitable) Error() string { return u.Reason }

// drill is what Drill is made of: lasting ones have faults or quirks, the
// others an act, which returns the id of what it was about.
type drill struct {
	name   string
	group  string
	cases  []int
	faults func(DrillOptions) []Fault
	quirks func(DrillOptions) Quirks
	act    func(*Sim, DrillOptions) (object string, err error)
	arms   func(*Sim, string) bool // the act is on until it comes true: whether it still can, of the object; the caller holds mu
}

func (d drill) lasting() bool { return d.act == nil || d.arms != nil }

// drillState is a drill that is on.
type drillState struct {
	since  time.Time
	object string
	quirks Quirks
}

// Drills are all drills, in the order in which a panel shows them.
func (s *Sim) Drills() []Drill {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Drill{}
	for _, d := range drills() {
		out = append(out, s.shown(d))
	}
	return out
}

// shown is the drill as it stands. The caller holds mu.
func (s *Sim) shown(d drill) Drill {
	v := Drill{Name: d.name, Group: d.group, Cases: append([]int{}, d.cases...), Lasting: d.lasting()}
	if on := s.drills[d.name]; on != nil && (d.arms == nil || d.arms(s, on.object)) {
		v.On, v.Since, v.Object = true, &on.since, on.object
	}
	return v
}

// SetDrill turns a drill on in its usual way, or off. Turning on what happens
// at once makes it happen; turning that off does nothing.
func (s *Sim) SetDrill(name string, on bool) error {
	if on {
		_, err := s.RunDrill(name, DrillOptions{})
		return err
	}
	d, err := findDrill(name)
	if err == nil {
		s.endDrill(d)
	}
	return err
}

// RunDrill turns a lasting drill on, in place of how it was on before, or
// makes another happen. It is *Unsuitable where there is nothing for it to
// happen to.
func (s *Sim) RunDrill(name string, o DrillOptions) (Drill, error) {
	d, err := findDrill(name)
	if err != nil {
		return Drill{}, err
	}
	if err := o.validate(); err != nil {
		return Drill{}, err
	}
	state := &drillState{}
	if d.act != nil {
		if state.object, err = d.act(s, o); err != nil {
			if refused := (*Refused)(nil); errors.As(err, &refused) {
				err = &Unsuitable{refused.Message}
			}
			return Drill{}, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	state.since = s.clock().Add(s.skew).UTC()
	if !d.lasting() {
		v := s.shown(d)
		v.Object = state.object
		return v, nil
	}
	if d.quirks != nil {
		state.quirks = d.quirks(o)
	}
	s.drills[d.name] = state
	s.mergeQuirks()
	if d.faults != nil {
		faults := d.faults(o)
		for i := range faults {
			if o.Chance > 0 {
				faults[i].Chance = o.Chance
			}
		}
		s.faults.set(d.name, state.since, faults)
	}
	return s.shown(d), nil
}

func (s *Sim) endDrill(d drill) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.drills, d.name)
	s.mergeQuirks()
	s.faults.set(d.name, time.Time{}, nil)
}

// EndDrills turns all drills off.
func (s *Sim) EndDrills() {
	for _, d := range drills() {
		s.endDrill(d)
	}
}

func findDrill(name string) (drill, error) {
	for _, d := range drills() {
		if d.name == name {
			return d, nil
		}
	}
	return drill{}, newError(http.StatusNotFound, invalidRequest, "resource_missing", "", fmt.Sprintf("There is no drill %q.", name))
}

// Bounds of what a drill does at once.
const (
	maxDrillDays  = 400
	maxDrillCount = 2000
)

func (o DrillOptions) validate() error {
	switch {
	case o.Chance < 0 || o.Chance > 1:
		return fmt.Errorf("a drill's chance is from 0 to 1, not %v", o.Chance)
	case o.Days < 0 || o.Days > maxDrillDays:
		return fmt.Errorf("a drill takes %d days at most, not %d", maxDrillDays, o.Days)
	case o.Count < 0 || o.Count > maxDrillCount:
		return fmt.Errorf("a drill makes %d of a thing at most, not %d", maxDrillCount, o.Count)
	}
	return Quirks{PayloadVersion: o.Version}.validate()
}

// wireDrill is what PUT /_sim/drills/{name} takes; delay is text such as "5m".
type wireDrill struct {
	On      bool    `json:"on"`
	Object  string  `json:"object"`
	Delay   string  `json:"delay"`
	Chance  float64 `json:"chance"`
	Days    int     `json:"days"`
	Count   int     `json:"count"`
	Version string  `json:"version"`
}

// drillControls are the knobs for drills.
func (s *Sim) drillControls(knob func(string, func(*http.Request) (any, error))) {
	knob("GET /_sim/drills", func(*http.Request) (any, error) { return s.Drills(), nil })
	knob("PUT /_sim/drills/{name}", s.putDrill)
	knob("DELETE /_sim/drills/{name}", func(r *http.Request) (any, error) { return s.offDrill(r.PathValue("name")) })
	knob("DELETE /_sim/drills", func(*http.Request) (any, error) {
		s.EndDrills()
		return s.Drills(), nil
	})
}

func (s *Sim) putDrill(r *http.Request) (any, error) {
	var w wireDrill
	if err := readJSON(r, &w); err != nil {
		return nil, err
	}
	delay, err := readDelay(w.Delay)
	if err != nil {
		return nil, err
	}
	if !w.On {
		return s.offDrill(r.PathValue("name"))
	}
	return s.RunDrill(r.PathValue("name"), DrillOptions{Object: w.Object, Delay: delay, Chance: w.Chance, Days: w.Days, Count: w.Count, Version: w.Version})
}

func (s *Sim) offDrill(name string) (any, error) {
	d, err := findDrill(name)
	if err != nil {
		return nil, err
	}
	s.endDrill(d)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown(d), nil
}
