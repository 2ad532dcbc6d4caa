package stripesim

import "net/http"

// webhookControls are the knobs for webhooks.
func (s *Sim) webhookControls(knob func(string, func(*http.Request) (any, error))) {
	knob("GET /_sim/webhooks", func(*http.Request) (any, error) { return map[string]any{"webhooks": s.Webhooks()}, nil })
	knob("POST /_sim/webhooks", s.postWebhook)
	knob("DELETE /_sim/webhooks/{id}", func(r *http.Request) (any, error) {
		return map[string]bool{"removed": true}, s.RemoveWebhook(r.PathValue("id"))
	})
	knob("POST /_sim/webhooks/send", s.postSend)
}

// WebhookState is an endpoint and what became of its events since the start.
type WebhookState struct {
	ID      string   `json:"id"`
	Account string   `json:"account"`
	Live    bool     `json:"livemode"`
	URL     string   `json:"url"`
	Events  []string `json:"events"`
	Connect bool     `json:"connect"`
	Tally
}

// Webhooks are the registered endpoints, oldest first.
func (s *Sim) Webhooks() []WebhookState {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	out := []WebhookState{}
	for _, h := range s.currentWebhooks() {
		out = append(out, WebhookState{ID: h.ID, Account: h.Account, Live: h.Live, URL: h.URL, Events: h.Events, Connect: h.Connect, Tally: *s.post.tally(h)})
	}
	return out
}

// postWebhook registers an endpoint: {"url": "http://127.0.0.1:…", "secret":
// "whsec_…", "events": ["*"], "connect": false, "livemode": false, "account":
// "acct_…", "api_version": "2023-10-16"}; all but the url have defaults.
func (s *Sim) postWebhook(r *http.Request) (any, error) {
	var body struct {
		URL, Secret, Account string
		Events               []string
		Connect, Livemode    bool
		APIVersion           string `json:"api_version"`
	}
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	id, secret, err := s.RegisterWebhook(Webhook{
		Account: body.Account, Live: body.Livemode, URL: body.URL, Secret: body.Secret, Events: body.Events, Connect: body.Connect, APIVersion: body.APIVersion,
	})
	return map[string]string{"id": id, "secret": secret}, err
}

// postSend sends one of the kinds of webhook_forge.go: {"kind": "forged",
// "webhook": "we_…"}; the webhook can be left out where there is only one.
func (s *Sim) postSend(r *http.Request) (any, error) {
	var body struct{ Kind, Webhook string }
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	status, err := s.SendWebhook(body.Webhook, body.Kind)
	return map[string]int{"status": status}, err
}
