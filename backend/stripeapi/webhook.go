package stripeapi

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76/webhook"
)

// Hint is what Stripe sends to whoever can be reached: that something has
// happened. It proves nothing about money; who reads it asks Stripe.
type Hint struct {
	ID       string // evt_…
	Type     string // such as "checkout.session.completed"
	Account  string // acct_… that it happened on, for a platform; "" for one's own
	Livemode bool
	Created  time.Time
}

// What a hint may be refused for.
var (
	ErrForged     = errors.New("stripe: the hint is not signed with this secret")
	ErrOld        = errors.New("stripe: the hint was signed more than five minutes ago, or ahead")
	ErrUnreadable = errors.New("stripe: the hint is signed, and no event")
)

// ReadHint verifies a webhook's body by its Stripe-Signature header and the
// endpoint's secret (docs.stripe.com/webhooks#verify-manually). now is the time
// by Stripe's clock, since a laptop's may be off. Events of any API version are
// read. It fails with ErrForged, ErrOld or ErrUnreadable.
func ReadHint(payload []byte, signature, secret string, now time.Time) (Hint, error) {
	if secret == "" { // anybody can sign with nothing
		return Hint{}, ErrForged
	}
	// stripe-go compares with the laptop's clock: what that is off is added.
	err := webhook.ValidatePayloadWithTolerance(payload, signature, secret, webhook.DefaultTolerance+time.Since(now))
	switch {
	case errors.Is(err, webhook.ErrTooOld):
		return Hint{}, ErrOld
	case err != nil:
		return Hint{}, ErrForged
	case signedAt(signature).After(now.Add(webhook.DefaultTolerance)): // which stripe-go lets pass
		return Hint{}, ErrOld
	}
	var e struct {
		ID       string `json:"id"`
		Object   string `json:"object"`
		Type     string `json:"type"`
		Account  string `json:"account"`
		Livemode bool   `json:"livemode"`
		Created  int64  `json:"created"` // seconds
	}
	if json.Unmarshal(payload, &e) != nil || e.Object != "event" || e.ID == "" || e.Type == "" {
		return Hint{}, ErrUnreadable
	}
	return Hint{ID: e.ID, Type: e.Type, Account: e.Account, Livemode: e.Livemode, Created: unix(e.Created)}, nil
}

// signedAt is the time in a header that stripe-go has found good. Of several
// the last counts, as it does there.
func signedAt(signature string) time.Time {
	var at time.Time
	for part := range strings.SplitSeq(signature, ",") {
		if text, ok := strings.CutPrefix(part, "t="); ok {
			if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
				at = time.Unix(seconds, 0)
			}
		}
	}
	return at
}
