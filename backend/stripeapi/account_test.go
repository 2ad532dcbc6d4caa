package stripeapi_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/internal/testkit"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// TestWhoseAccountItIs, as the simulated Stripe tells: one's own, one that a
// platform asks for, and one whose owner has not finished setting it up.
func TestWhoseAccountItIs(t *testing.T) {
	sim, url := testkit.Stripe(t, stripesim.Options{Now: func() time.Time { return noon }})
	if err := sim.AddAccount("acct_playhouse", "Playhouse", "AT", "eur"); err != nil {
		t.Fatal(err)
	}
	if err := sim.SetChargesEnabled("acct_playhouse", false); err != nil {
		t.Fatal(err)
	}
	c := client(url, func(o *stripeapi.Options) { o.Key = stripesim.TrainingKey })
	own, err := c.Account(t.Context())
	if err != nil || own.ID != sim.AccountID() || !own.ChargesEnabled || own.Country == "" || own.Currency == "" || own.Name == "" {
		t.Errorf("the key's own account is %+v (%v)", own, err)
	}
	got, err := c.As(stripeapi.Identity{Key: stripesim.TrainingKey, Account: "acct_playhouse"}).Account(t.Context())
	if diff := cmp.Diff(stripeapi.Account{ID: "acct_playhouse", Name: "Playhouse", Country: "AT", Currency: "eur"}, got); err != nil || diff != "" {
		t.Errorf("the organizer's account: %v\n%s", err, diff)
	}
	_, err = c.As(stripeapi.Identity{Key: stripesim.TrainingKey, Account: "acct_nobody"}).Account(t.Context())
	if failure := failed(t, err); failure.Failure != stripeapi.Forbidden || failure.Code != "account_invalid" {
		t.Errorf("an account that is not connected: %v", failure)
	}
}

// TestWhatAnAccountIsCalled: the Dashboard's name, else the business's.
func TestWhatAnAccountIsCalled(t *testing.T) {
	for body, want := range map[string]string{
		`{"object": "account", "id": "acct_1", "settings": {"dashboard": {"display_name": "House"}}, "business_profile": {"name": "Ltd"}}`: "House",
		`{"object": "account", "id": "acct_1", "settings": {"dashboard": {"display_name": null}}, "business_profile": {"name": "Ltd"}}`:    "Ltd",
		`{"object": "account", "id": "acct_1", "settings": {}, "business_profile": null}`:                                                  "",
		`{"object": "account", "id": "acct_1"}`: "",
	} {
		url, _ := answering(t, says(200, body))
		got, err := client(url).Account(t.Context())
		if err != nil || got.Name != want || got.ID != "acct_1" {
			t.Errorf("%s: %+v (%v)", body, got, err)
		}
	}
	for _, body := range []string{`{}`, `{"object": "account"}`, `{"object": "balance", "id": "acct_1"}`, portal} {
		url, _ := answering(t, says(200, body))
		got, err := client(url).Account(t.Context())
		if failure := failed(t, err); failure.Failure != stripeapi.NotStripe || got != (stripeapi.Account{}) {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

// TestAnObjectTellsAccountsApart: the book's own account has it, and no other.
func TestAnObjectTellsAccountsApart(t *testing.T) {
	sim, url := testkit.Stripe(t, stripesim.Options{Now: func() time.Time { return noon }})
	if err := sim.AddStranger("acct_other", "Other", "DE", "eur"); err != nil {
		t.Fatal(err)
	}
	c := client(url, func(o *stripeapi.Options) { o.Key = stripesim.TrainingKey })
	s := open(t, c, "tdr-1-create")
	if err := c.Owns(t.Context(), s.ID); err != nil {
		t.Errorf("its own session: %v", err)
	}
	other := registered(t, sim, stripesim.Key{Account: "acct_other"})
	live := registered(t, sim, stripesim.Key{Live: true})
	for name, key := range map[string]string{"another account": other, "the other mode": live} {
		err := c.As(stripeapi.Identity{Key: key}).Owns(t.Context(), s.ID)
		if failed(t, err).Failure != stripeapi.Missing {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatIsAskedForByItsID goes where Stripe's document has such objects.
func TestWhatIsAskedForByItsID(t *testing.T) {
	for _, id := range []string{"cs_test_1", "prod_1", "price_1", "plink_1", "pi_1", "txr_1"} {
		url, seen := seeing(t, 200, `{"object": "anything", "id": "`+id+`"}`)
		if err := client(url).Owns(t.Context(), id); err != nil || len(*seen) != 1 {
			t.Errorf("%s: %v after %v", id, err, *seen)
			continue
		}
		if err := keeps(t, (*seen)[0].method, (*seen)[0].path, (*seen)[0].form); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		url, _ = answering(t, says(200, `{"object": "anything", "id": "another"}`))
		if err := client(url).Owns(t.Context(), id); err == nil || failed(t, err).Failure != stripeapi.NotStripe {
			t.Errorf("%s, and another comes: %v", id, err)
		}
	}
	url, seen := seeing(t, 200, `{"object": "anything", "id": "x"}`)
	for _, id := range []string{"", "x", "evt_1", "../balance"} {
		if err := client(url).Owns(t.Context(), id); err == nil || failed(t, err).Failure != stripeapi.Missing || len(*seen) != 0 {
			t.Errorf("%q: %v after %v", id, err, *seen)
		}
	}
}
