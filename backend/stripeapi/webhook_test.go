package stripeapi_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-go/v76/webhook"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

const (
	hookSecret = "whsec_3nB8xQ5vLpT2"
	payload    = `{"object": "event", "id": "evt_1", "type": "checkout.session.completed", "account": "acct_1", "livemode": true, "created": 1772712000, "api_version": "2015-01-11", "request": "iar_1"}`
)

// signed is a Stripe-Signature header.
func signed(at time.Time, body, secret string) string {
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(webhook.ComputeSignature(at, []byte(body), secret)))
}

func TestAHintIsRead(t *testing.T) {
	other := strings.TrimPrefix(signed(noon, payload, "whsec_older"), fmt.Sprintf("t=%d,", noon.Unix()))
	want := stripeapi.Hint{ID: "evt_1", Type: "checkout.session.completed", Account: "acct_1", Livemode: true, Created: noon}
	for name, signature := range map[string]string{
		"as Stripe signs it":           signed(noon, payload, hookSecret),
		"just now":                     signed(noon.Add(-299*time.Second), payload, hookSecret),
		"by a clock that is ahead":     signed(noon.Add(299*time.Second), payload, hookSecret),
		"with a rolled secret's first": signed(noon, payload, hookSecret) + "," + other,
		"with a rolled secret's last":  strings.Replace(signed(noon, payload, hookSecret), ",", ","+other+",", 1),
		"with an older scheme beside":  signed(noon, payload, hookSecret) + ",v0=00",
	} {
		got, err := stripeapi.ReadHint([]byte(payload), signature, hookSecret, noon)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

// TestAHintThatIsNone changes nothing, and is told apart.
func TestAHintThatIsNone(t *testing.T) {
	good := signed(noon, payload, hookSecret)
	for _, c := range []struct {
		name, body, signature, secret string
		want                          error
	}{
		{"no signature", payload, "", hookSecret, stripeapi.ErrForged},
		{"not a signature", payload, "hello", hookSecret, stripeapi.ErrForged},
		{"no time", payload, strings.SplitN(good, ",", 2)[1], hookSecret, stripeapi.ErrOld},
		{"a time that is none", payload, strings.Replace(good, "t=", "t=x", 1), hookSecret, stripeapi.ErrForged},
		{"another secret's", payload, signed(noon, payload, "whsec_other"), hookSecret, stripeapi.ErrForged},
		{"a body that was changed", payload + " ", good, hookSecret, stripeapi.ErrForged},
		{"a time that was changed", payload, strings.Replace(good, "t=1772712000", "t=1772712001", 1), hookSecret, stripeapi.ErrForged},
		{"another scheme alone", payload, strings.Replace(good, "v1=", "v0=", 1), hookSecret, stripeapi.ErrForged},
		{"no secret here", payload, signed(noon, payload, ""), "", stripeapi.ErrForged},
		{"old", payload, signed(noon.Add(-301*time.Second), payload, hookSecret), hookSecret, stripeapi.ErrOld},
		{"of tomorrow", payload, signed(noon.Add(301*time.Second), payload, hookSecret), hookSecret, stripeapi.ErrOld},
		{"of tomorrow, with a second time", payload, "t=1772712000," + signed(noon.Add(24*time.Hour), payload, hookSecret), hookSecret, stripeapi.ErrOld},
		{"nothing", "", signed(noon, "", hookSecret), hookSecret, stripeapi.ErrUnreadable},
		{"not JSON", "<html>", signed(noon, "<html>", hookSecret), hookSecret, stripeapi.ErrUnreadable},
		{"an empty object", "{}", signed(noon, "{}", hookSecret), hookSecret, stripeapi.ErrUnreadable},
		{"another object", `{"object": "charge", "id": "ch_1", "type": "x"}`, signed(noon, `{"object": "charge", "id": "ch_1", "type": "x"}`, hookSecret), hookSecret, stripeapi.ErrUnreadable},
	} {
		hint, err := stripeapi.ReadHint([]byte(c.body), c.signature, c.secret, noon)
		if !errors.Is(err, c.want) || hint != (stripeapi.Hint{}) {
			t.Errorf("%s: %v and %+v, want %v", c.name, err, hint, c.want)
		}
	}
}

// TestALaptopsClockDoesNotMatter: what is old is told by Stripe's clock.
func TestALaptopsClockDoesNotMatter(t *testing.T) {
	for _, now := range []time.Time{time.Now(), time.Now().Add(-26 * time.Hour), time.Now().AddDate(3, 0, 0), time.Unix(0, 0)} {
		if _, err := stripeapi.ReadHint([]byte(payload), signed(now, payload, hookSecret), hookSecret, now); err != nil {
			t.Errorf("at %v: %v", now, err)
		}
		old := signed(now.Add(-302*time.Second), payload, hookSecret)
		if _, err := stripeapi.ReadHint([]byte(payload), old, hookSecret, now); !errors.Is(err, stripeapi.ErrOld) {
			t.Errorf("old at %v: %v", now, err)
		}
	}
}

// TestHintsOfTheSimulatedStripe are read, and those that it forges are not.
func TestHintsOfTheSimulatedStripe(t *testing.T) {
	sim, base := testkit.Stripe(t, stripesim.Options{})
	type outcome struct {
		hint stripeapi.Hint
		err  error
	}
	heard := make(chan outcome, 10)
	endpoint, _ := answering(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		hint, err := stripeapi.ReadHint(body, r.Header.Get("Stripe-Signature"), hookSecret, time.Now())
		heard <- outcome{hint, err}
		says(200, "")(w, r)
	})
	id, _, err := sim.RegisterWebhook(stripesim.Webhook{URL: endpoint, Secret: hookSecret, APIVersion: "2015-01-11"})
	if err != nil {
		t.Fatal(err)
	}
	c := client(base, func(o *stripeapi.Options) { o.Key = stripesim.TrainingKey })
	if _, err := c.CreateProduct(t.Context(), "key-1", boxoffice.ProductRequest{Name: "Adult"}); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; got.err != nil || got.hint.Type != "product.created" || got.hint.Created.IsZero() {
		t.Errorf("it is %+v (%v)", got.hint, got.err)
	}
	for kind, want := range map[string]error{
		stripesim.SendForged: stripeapi.ErrForged, stripesim.SendOld: stripeapi.ErrOld, stripesim.SendGarbage: stripeapi.ErrUnreadable,
		stripesim.SendAltered: stripeapi.ErrForged, stripesim.SendUnsigned: stripeapi.ErrForged, stripesim.SendUnknown: nil, stripesim.SendAgain: nil,
	} {
		if _, err := sim.SendWebhook(id, kind); err != nil {
			t.Fatal(err)
		}
		if got := <-heard; !errors.Is(got.err, want) || (want == nil) != (got.hint.ID != "") {
			t.Errorf("%s: %+v (%v), want %v", kind, got.hint, got.err, want)
		}
	}
}
