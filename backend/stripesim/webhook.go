package stripesim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// Webhook describes an endpoint to RegisterWebhook.
type Webhook struct {
	Account    string   // acct_… that registers it; "" is the simulator's first account
	Live       bool     // for live mode's events
	URL        string   // on a loopback address: nothing leaves this machine
	Secret     string   // "whsec_…"; "" makes one up
	Events     []string // types, "charge.*" or "*"; empty is "*"
	Connect    bool     // hears of connected accounts, not of its own
	APIVersion string   // that its events name; "" is APIVersion. Their form stays ours
}

// webhook is a registered endpoint.
type webhook struct {
	ID         string   `json:"id"` // we_…
	Account    string   `json:"account"`
	Live       bool     `json:"live"`
	URL        string   `json:"url"`
	Secret     string   `json:"secret"`
	Events     []string `json:"events"`
	Connect    bool     `json:"connect"`
	APIVersion string   `json:"api_version"`
	Created    int64    `json:"created"` // seconds
	Removed    bool     `json:"removed,omitempty"`
}

func (h *webhook) key() string { return h.ID }
func (h *webhook) born() int64 { return h.Created }

// RegisterWebhook registers an endpoint. Each event from now on is posted to
// it, some time after the request that caused it was answered. It returns the
// endpoint's id and the secret that signs.
func (s *Sim) RegisterWebhook(w Webhook) (id, secret string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Account = cmp.Or(w.Account, s.main)
	if s.accounts[w.Account] == nil || strings.HasSuffix(w.Account, liveMark) {
		return "", "", fmt.Errorf("stripesim: there is no account %q for the webhook", w.Account)
	}
	if u, err := url.Parse(w.URL); err != nil || !webAddress(w.URL) || !loopback(u.Host) {
		return "", "", fmt.Errorf("stripesim: a webhook goes to a loopback address such as http://127.0.0.1:4380/stripe, not to %q", w.URL)
	}
	if len(w.Events) == 0 {
		w.Events = []string{"*"}
	}
	h := &webhook{
		ID: newID("we_1", 23), Account: w.Account, Live: w.Live, URL: w.URL, Secret: cmp.Or(w.Secret, newID("whsec_", 32)),
		Events: w.Events, Connect: w.Connect, APIVersion: cmp.Or(w.APIVersion, APIVersion), Created: s.now(),
	}
	return h.ID, h.Secret, s.grantAccess(w.Account, accessChange{Webhooks: []*webhook{h}})
}

// RemoveWebhook ends an endpoint. What is under way to it still arrives.
func (s *Sim) RemoveWebhook(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	was, ok := s.access.webhooks.byID[id]
	if !ok {
		return notFound("webhook_endpoint", id, "webhook_endpoint")
	}
	h := *was
	h.Removed = true
	return s.grantAccess(h.Account, accessChange{Webhooks: []*webhook{&h}})
}

// hears tells whether an endpoint is told of events in those books. An event
// can be for one platform only. A platform's live endpoint hears of test
// events, too. Source: docs.stripe.com/connect/webhooks, "both live and test
// webhooks are sent to your production webhook URLs".
func (s *Sim) hears(h *webhook, a *account, only string) bool {
	switch {
	case h.Removed:
		return false
	case !h.Connect:
		return only == "" && h.Account == a.profile.ID && h.Live == a.live
	case a.live && !h.Live:
		return false
	case only != "":
		return h.Account == only
	default:
		return s.connectedTo(h.Account, a.profile.ID).serves(a.live)
	}
}

// letter is one event on its way to one endpoint.
type letter struct {
	hook *webhook
	body []byte
}

// letters are what a change has to tell. The caller holds mu.
func (s *Sim) letters(c *change) []letter {
	if len(c.Events) == 0 || len(s.access.webhooks.order) == 0 {
		return nil
	}
	a := s.accounts[c.Account]
	var out []letter
	for _, e := range c.Events {
		for _, id := range s.access.webhooks.order {
			if h := s.access.webhooks.byID[id]; covers(h.Events, e.Type) && s.hears(h, a, c.Only) {
				out = append(out, letter{h, s.letterBody(h, a, e)})
			}
		}
	}
	return out
}

// letterBody is the event as it is posted, indented as Stripe's are.
func (s *Sim) letterBody(h *webhook, a *account, e *event) []byte {
	v := *e
	if v.APIVersion == APIVersion { // else the payload is of another version, and says so
		v.APIVersion = h.APIVersion
	}
	if h.Connect {
		v.Account = a.profile.ID
	}
	raw, err := json.Marshal(&v)
	if err != nil {
		s.log.Error("simulated Stripe could not write a webhook", "event", e.ID, "error", err)
		return nil
	}
	var out bytes.Buffer
	_ = json.Indent(&out, a.stamp(raw), "", "  ") // it was JSON a moment ago
	return out.Bytes()
}
