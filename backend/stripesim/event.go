package stripesim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Bounds of the list of events. Source: docs.stripe.com/api/events.
const (
	keptFor  = int64(30 * 24 * time.Hour / time.Second)
	maxTypes = 20
)

// event has the shape of Stripe's event. Its payload stays as it was rendered
// when the thing happened.
type event struct {
	ID              string       `json:"id"`
	Object          string       `json:"object"`
	Account         string       `json:"account,omitempty"` // to a Connect webhook: whose event it is
	APIVersion      string       `json:"api_version"`
	Created         int64        `json:"created"` // seconds
	Data            eventData    `json:"data"`
	Livemode        bool         `json:"livemode"`
	PendingWebhooks int64        `json:"pending_webhooks"`
	Request         eventRequest `json:"request"`
	Type            string       `json:"type"`
}

type eventData struct {
	Object json.RawMessage `json:"object"`
}

// eventRequest names the API call that caused the event; both are null where
// the clock or the buyer did.
type eventRequest struct {
	ID             *string `json:"id"`
	IdempotencyKey *string `json:"idempotency_key"`
}

func (e *event) key() string { return e.ID }
func (e *event) born() int64 { return e.Created }

// emit records that something happened to v, as the API would show v now.
func (t *tx) emit(kind string, v any) error {
	raw, err := json.Marshal(t.view(v))
	if err != nil {
		return fmt.Errorf("stripesim: rendering the event %s: %w", kind, err)
	}
	version := cmp.Or(t.sim.quirks.PayloadVersion, APIVersion)
	if version != APIVersion {
		if raw, err = t.inVersion(raw, version); err != nil {
			return fmt.Errorf("stripesim: rendering the event %s in version %s: %w", kind, version, err)
		}
	}
	t.record(&event{
		Object: "event", APIVersion: version, Created: t.now,
		Data: eventData{Object: t.acct.stamp(raw)}, Request: t.request, Type: kind,
	})
	return nil
}

// forgotten tells whether an event of that time is older than Stripe keeps them.
func (t *tx) forgotten(created int64) bool { return created < t.now-t.kept() }

func (t *tx) getEvent() (any, error) {
	id := t.path("id")
	if e, ok := t.acct.events.byID[id]; ok && !t.forgotten(e.Created) {
		return e, nil
	}
	return nil, notFound("event", id, "id")
}

func eventListFields() fields {
	return listFields().with(fields{
		"created": timeRange(), "delivery_success": boolean(), "type": text(5000), "types": array(maxTypes, text(5000)),
	})
}

// listEvents pages newest first. An id that has aged out is as unknown as any.
func (t *tx) listEvents() (any, error) {
	a, created := t.args, t.created()
	if a.has("type") && a.has("types") {
		return nil, badRequest("", "", "You may only specify one of these parameters: type, types.")
	}
	wanted := eventTypes(a)
	all := newestFirst(t, &t.acct.events, func(e *event) bool {
		return t.told(e) && created.has(e.Created) && wanted(e.Type) && a.flag(true, "delivery_success") // what became of webhooks is not held against an event
	})
	remembered := func(yield func(row) bool) {
		for r := range all {
			if t.forgotten(r.at) || !yield(r) { // the rest is older still
				return
			}
		}
	}
	return t.cut(remembered, "event", "/v1/events")
}

// eventTypes tells which types the request asks for. A type can end in .* for
// a family.
func eventTypes(a *form) func(string) bool {
	types := a.texts("types")
	if a.has("type") {
		types = []string{a.text("type")}
	}
	return func(kind string) bool {
		return len(types) == 0 || covers(types, kind)
	}
}

// covers tells whether one of the types, or of the families, is kind.
func covers(types []string, kind string) bool {
	return slices.ContainsFunc(types, func(want string) bool {
		family, wild := strings.CutSuffix(want, "*")
		return want == kind || wild && (family == "" || strings.HasSuffix(family, ".")) && strings.HasPrefix(kind, family)
	})
}
