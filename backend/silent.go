package backend

import (
	"net"
	"net/http"
	"sync"
)

// silent are the connections over which no request has come yet, as browsers
// open them ahead of need: Server.Shutdown would wait for each (go.dev/issue/22682).
type silent struct {
	mu    sync.Mutex
	open  map[net.Conn]bool
	ended bool
}

// track is a Server's ConnState.
func (s *silent) track(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(s.open, c)
	case s.ended:
		_ = c.Close() // nobody has asked for anything
	default:
		s.open[c] = true
	}
}

// end closes them, and those that still come.
func (s *silent) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	for c := range s.open {
		_ = c.Close() // as above
	}
}
