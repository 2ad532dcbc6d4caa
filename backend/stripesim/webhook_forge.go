package stripesim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kinds of webhooks that can be sent on demand, to see what an endpoint makes
// of them.
const (
	SendAgain     = "again"     // the latest event anew, signed now: Stripe delivers at least once
	SendReplayed  = "replayed"  // what was sent last, byte for byte with its signature
	SendForged    = "forged"    // signed with another secret
	SendUnsigned  = "unsigned"  // without a signature
	SendOld       = "old"       // signed ten minutes ago
	SendAltered   = "altered"   // a good signature, of another body
	SendOversized = "oversized" // well signed, and more than 64 KiB
	SendUnknown   = "unknown"   // well signed, of a type that nobody knows
	SendGarbage   = "garbage"   // well signed, and no JSON
)

// SendWebhook posts to an endpoint at once, whatever is set up otherwise. It
// returns the endpoint's HTTP status. The endpoint's id can be "" where there
// is only one. All kinds but unknown, oversized and garbage need an event that
// has happened; the latest that the endpoint would hear of is taken.
func (s *Sim) SendWebhook(id, kind string) (status int, err error) {
	s.mu.Lock()
	h, body, err := s.latestFor(id)
	s.mu.Unlock()
	if err != nil {
		return 0, err
	}
	if body == nil && kind != SendUnknown && kind != SendOversized && kind != SendGarbage {
		return 0, fmt.Errorf("stripesim: nothing has happened yet that %s would hear of", h.ID)
	}
	e, err := s.post.forge(h, body, kind)
	if err != nil {
		return 0, err
	}
	return s.post.try(h, e)
}

func (p *postman) forge(h *webhook, body []byte, kind string) (envelope, error) {
	signed := func(body []byte) (envelope, error) { return p.sign(letter{h, body}), nil }
	switch kind {
	case SendAgain:
		return signed(body)
	case SendReplayed:
		p.mu.Lock()
		defer p.mu.Unlock()
		if e, ok := p.last[h.ID]; ok {
			return e, nil
		}
		return envelope{}, fmt.Errorf("stripesim: nothing was sent to %s since the start", h.ID)
	case SendForged:
		return envelope{signature("whsec_forged", p.clock(), body, !h.Live), body}, nil
	case SendUnsigned:
		return envelope{body: body}, nil
	case SendOld:
		return envelope{signature(h.Secret, p.clock().Add(-10*time.Minute), body, !h.Live), body}, nil
	case SendAltered:
		e := p.sign(letter{h, body})
		e.body = bytes.Replace(body, []byte(`"evt_`), []byte(`"evt_x`), 1)
		return e, nil
	case SendOversized:
		return signed(p.strange(h, "customer.created", map[string]any{"object": "customer", "description": strings.Repeat("A long story. ", 5000)}))
	case SendUnknown:
		return signed(p.strange(h, "cheese.aged", map[string]any{"object": "cheese", "months": 18}))
	case SendGarbage:
		return signed([]byte("<html>This is not an event</html>"))
	}
	return envelope{}, fmt.Errorf("stripesim: there is no webhook of kind %q", kind)
}

// strange is an event that never happened.
func (p *postman) strange(h *webhook, kind string, object map[string]any) []byte {
	object["id"], object["livemode"] = newID("x_", 14), h.Live
	body, _ := json.MarshalIndent(map[string]any{ // texts and numbers always can be
		"id": newID("evt_1", 23), "object": "event", "api_version": h.APIVersion, "created": p.clock().Unix(), "type": kind,
		"livemode": h.Live, "pending_webhooks": 1, "request": eventRequest{}, "data": map[string]any{"object": object},
	}, "", "  ")
	return body
}

// latestFor is an endpoint and the latest event that it hears of, nil if
// there is none. The caller holds mu.
func (s *Sim) latestFor(id string) (*webhook, []byte, error) {
	hooks := s.currentWebhooks()
	if id == "" && len(hooks) == 1 {
		id = hooks[0].ID
	}
	h, ok := s.access.webhooks.byID[id]
	if !ok || h.Removed {
		return nil, nil, fmt.Errorf("stripesim: name one of the %d registered webhooks, not %q", len(hooks), id)
	}
	var latest *event
	var of *account
	for _, a := range s.accounts {
		if !s.hears(h, a, "") {
			continue
		}
		e := a.latestEvent(h.Events)
		if e != nil && (latest == nil || cmp.Or(cmp.Compare(e.Created, latest.Created), strings.Compare(e.ID, latest.ID)) > 0) {
			latest, of = e, a
		}
	}
	if latest == nil {
		return h, nil, nil
	}
	return h, s.letterBody(h, of, latest), nil
}

// latestEvent is the newest of these types, nil if there is none.
func (a *account) latestEvent(types []string) *event {
	for _, id := range slices.Backward(a.events.order) {
		if e := a.events.byID[id]; covers(types, e.Type) {
			return e
		}
	}
	return nil
}

// currentWebhooks are the endpoints that are not removed, oldest first.
func (s *Sim) currentWebhooks() []*webhook {
	var out []*webhook
	for _, id := range s.access.webhooks.order {
		if h := s.access.webhooks.byID[id]; !h.Removed {
			out = append(out, h)
		}
	}
	return out
}
