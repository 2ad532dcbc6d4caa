package stripeapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"willcall/backend/stripeapi"
)

// who is as whom a request asks.
func who(r *http.Request) stripeapi.Identity {
	return stripeapi.Identity{Key: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), Account: r.Header.Get("Stripe-Account")}
}

// TestEachRequestAsksAsSomebody: a direct charge belongs to the connected
// account, so no request may forget whose it is.
func TestEachRequestAsksAsSomebody(t *testing.T) {
	var seen []stripeapi.Identity
	url, _ := answering(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, who(r))
		says(400, describes(invalid, "", "no"))(w, r)
	})
	first := stripeapi.Identity{Key: "rk_test_first", Account: "acct_1"}
	c := client(url, func(o *stripeapi.Options) { o.Key, o.Account = first.Key, first.Account })
	for _, id := range []stripeapi.Identity{first, {Key: "sk_test_platform", Account: "acct_2"}, {Key: "rk_test_own"}} {
		c.Use(id)
		seen = nil
		calls := everything(t.Context(), c)
		if len(seen) != len(calls) {
			t.Errorf("%d calls made %d requests", len(calls), len(seen))
		}
		for _, got := range seen {
			if got != id {
				t.Errorf("a request asked as %+v, want %+v", got, id)
			}
		}
	}
}

// TestTheAskersMark tells keys and accounts apart, as they are at the moment, and
// nothing of the key.
func TestTheAskersMark(t *testing.T) {
	c := stripeapi.New(stripeapi.Options{})
	marks := map[string]stripeapi.Identity{}
	for _, id := range []stripeapi.Identity{{}, {Key: "rk_test_first"}, {Key: "rk_test_second"}, {Key: "rk_test_first", Account: "acct_1"}, {Key: "rk_test_first", Account: "acct_2"}} {
		c.Use(id)
		mark := c.Asker()
		if other, taken := marks[mark]; taken || (mark == "") != (id.Key == "") || len(mark) > 16 {
			t.Errorf("%+v is marked %q, as is %+v", id, mark, other)
		}
		marks[mark] = id
		if c.Use(id); c.Asker() != mark {
			t.Errorf("%+v is marked %q, and then %q", id, mark, c.Asker())
		}
	}
}

// TestWithoutAKeyNothingIsSent: a book that is not connected asks nobody.
func TestWithoutAKeyNothingIsSent(t *testing.T) {
	url, asked := answering(t, says(200, `{"object": "balance"}`))
	c := client(url)
	c.Use(stripeapi.Identity{})
	for name, err := range everything(t.Context(), c) {
		if failure := failed(t, err); failure.Failure != stripeapi.NotConnected || failure.Status != 0 {
			t.Errorf("%s: %v, want not_connected", name, failure)
		}
	}
	if _, err := c.Livemode(t.Context()); failed(t, err).Failure != stripeapi.NotConnected {
		t.Errorf("Livemode: %v", err)
	}
	if asked() != 0 {
		t.Errorf("Stripe was asked %d times without a key", asked())
	}
	if u := c.Usage(); u.LastError != nil || u.Reads+u.Writes != 0 {
		t.Errorf("the line is said to be %+v", u)
	}
	c.Use(stripeapi.Identity{Key: secret})
	if _, err := c.Livemode(t.Context()); err != nil {
		t.Errorf("connected again: %v", err)
	}
}

// TestARequestKeepsItsIdentity: a key that is changed while a request is under
// way must not show in what is said of it, and the old one neither.
func TestARequestKeepsItsIdentity(t *testing.T) {
	var c *stripeapi.Client
	url, _ := answering(t, func(w http.ResponseWriter, r *http.Request) {
		c.Use(stripeapi.Identity{Key: "rk_test_newer"})
		says(401, describes(invalid, "", "Invalid API Key provided: "+who(r).Key))(w, r)
	})
	c = client(url)
	_, err := c.Livemode(t.Context())
	if text := failed(t, err).Message; text != "Invalid API Key provided: [key]" {
		t.Errorf("it says %q", text)
	}
}

// TestTryingAKeyOut: a key that is refused must not turn the line red, nor
// change as whom the till asks.
func TestTryingAKeyOut(t *testing.T) {
	url, _ := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if who(r) != (stripeapi.Identity{Key: secret}) {
			says(401, describes(invalid, "", "Invalid API Key provided"), "Date", "Thu, 01 Jan 1970 00:00:00 GMT", "Request-Id", "req_1")(w, r)
			return
		}
		says(200, `{"object": "balance"}`)(w, r)
	})
	c := client(url)
	if _, err := c.Livemode(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := c.Usage()
	_, err := c.As(stripeapi.Identity{Key: "rk_test_other", Account: "acct_9"}).Livemode(t.Context())
	if failed(t, err).Failure != stripeapi.BadKey {
		t.Errorf("the other key: %v", err)
	}
	if after := c.Usage(); after != before || c.Now().Year() == 1970 {
		t.Errorf("the line is said to be %+v, was %+v", after, before)
	}
	if _, err := c.Livemode(t.Context()); err != nil {
		t.Errorf("the till's own key: %v", err)
	}
}

// TestARefusalNamesItsParameter: a bad amount is told by the field it is in.
func TestARefusalNamesItsParameter(t *testing.T) {
	url, _ := answering(t, says(400, fmt.Sprintf(`{"error": {"type": %q, "param": "line_items[0][price]", "message": "No such price"}}`, invalid)))
	_, err := client(url).CreateSession(t.Context(), "tdr-1-create", request())
	if got := failed(t, err).Param; got != "line_items[0][price]" {
		t.Errorf("the parameter is %q", got)
	}
}
