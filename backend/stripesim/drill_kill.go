package stripesim

import (
	"encoding/json"
	"net/http"
	"slices"
)

// armKill has the till end in the middle of its reading; see killInTheMiddle.
func armKill(s *Sim, _ DrillOptions) (string, error) {
	if s.kill == nil {
		return "", &Unsuitable{"The till runs by itself, and is not the simulator's to end."}
	}
	return "", nil
}

func (s *Sim) canKill(string) bool { return s.kill != nil }

// killInTheMiddle ends the till that was just sent a page with news, if that is
// armed: after the page, before the till can have noted that it has read it.
func (s *Sim) killInTheMiddle(w http.ResponseWriter, pattern string, sent *parcel) {
	if pattern != "GET /v1/events" || !s.firesKill(sent.body.Bytes()) {
		return
	}
	flush(w)
	s.kill()
}

// firesKill tells whether the drill is armed and the page tells of something
// that has happened since; then it is armed no more.
func (s *Sim) firesKill(page []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	armed := s.drills[killedInTheMiddle]
	if armed == nil {
		return false
	}
	var told struct{ Data []event }
	if json.Unmarshal(page, &told) != nil || !slices.ContainsFunc(told.Data, func(e event) bool { return e.Created > armed.since.Unix() }) {
		return false
	}
	delete(s.drills, killedInTheMiddle)
	return true
}
