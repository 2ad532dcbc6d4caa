package stripeapi_test

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"willcall/backend/internal/testkit"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// asks is a request as a server sees it.
type asks struct{ method, path, form string }

// seeing answers like says, and keeps what it was asked.
func seeing(t *testing.T, status int, body string) (url string, seen *[]asks) {
	t.Helper()
	seen = &[]asks{}
	url, _ = answering(t, func(w http.ResponseWriter, r *http.Request) {
		form, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*seen = append(*seen, asks{r.Method, r.URL.Path, r.URL.RawQuery + string(form)})
		says(status, body, "Request-Id", "req_1")(w, r)
	})
	return url, seen
}

// TestAProbeMakesNothing: each permission costs one request, which Stripe's
// document knows; and what would write, the document refuses, or it is about
// an object that no account has.
func TestAProbeMakesNothing(t *testing.T) {
	for _, p := range stripeapi.Permissions() {
		t.Run(p.Resource+" "+string(p.Access), func(t *testing.T) {
			url, seen := seeing(t, 400, describes(invalid, "parameter_missing", "Missing required param"))
			if err := client(url).Probe(t.Context(), p); err != nil {
				t.Errorf("Stripe read it, and it is %v", err)
			}
			if len(*seen) != 1 {
				t.Fatalf("it took %d requests: %v", len(*seen), *seen)
			}
			got := (*seen)[0]
			if want := map[stripeapi.Access]string{stripeapi.Read: http.MethodGet, stripeapi.Write: http.MethodPost}[p.Access]; got.method != want {
				t.Errorf("%s is tried by a %s", p.Access, got.method)
			}
			if !strings.Contains(got.path, "/"+strings.ReplaceAll(p.Resource, "checkout_", "checkout/")) {
				t.Errorf("it asks %s", got.path)
			}
			err := keeps(t, got.method, got.path, got.form)
			if reads := p.Access == stripeapi.Read; reads != (err == nil) && got.form != "payment_intent=pi_none" {
				t.Errorf("%+v is held by Stripe's document to be: %v", got, err)
			}
		})
	}
}

// TestWhatAProbeProves: only a refusal for the permission says that it is
// missing, and only Stripe can say that it is there.
func TestWhatAProbeProves(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   stripeapi.Failure // "" is permitted
	}{
		{"a list", 200, `{"object": "list", "data": [], "has_more": false}`, ""},
		{"a refusal of the content", 400, describes(invalid, "parameter_missing", "Missing required param: mode."), ""},
		{"no such object", 404, describes(invalid, "resource_missing", "No such payment_intent: 'pi_none'"), ""},
		{"no permission", 403, describes(invalid, "more_permissions_required", "The provided key does not have the required permissions"), stripeapi.Forbidden},
		{"no such key", 401, describes(invalid, "", "Invalid API Key provided"), stripeapi.BadKey},
		{"too many requests", 429, describes(invalid, "rate_limit", "?"), stripeapi.Busy},
		{"a fault", 500, describes("api_error", "", "?"), stripeapi.Broken},
		{"a portal", 200, portal, stripeapi.NotStripe},
		{"a portal's refusal", 403, portal, stripeapi.NotStripe},
		{"an empty object", 200, `{}`, stripeapi.NotStripe},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, _ := answering(t, says(c.status, c.body))
			for _, p := range stripeapi.Permissions() {
				err := client(url).Probe(t.Context(), p)
				if c.want == "" && err != nil || c.want != "" && (err == nil || failed(t, err).Failure != c.want) {
					t.Errorf("%s: %v, want %q", p.Resource, err, c.want)
				}
			}
		})
	}
}

// TestThePermissionsAreWhatTheClientAsks: no call of the client needs one that
// the organizer was not told of.
func TestThePermissionsAreWhatTheClientAsks(t *testing.T) {
	url, seen := seeing(t, 400, describes(invalid, "", "no"))
	_ = everything(t.Context(), client(url))
	if len(*seen) < 20 {
		t.Fatalf("only %d requests were seen", len(*seen))
	}
	for _, a := range *seen {
		resource, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimPrefix(a.path, "/v1/"), "checkout/", "checkout_"), "/")
		if !slices.ContainsFunc(stripeapi.Permissions(), func(p stripeapi.Permission) bool {
			return p.Resource == resource && (p.Access == stripeapi.Write || a.method == http.MethodGet)
		}) {
			t.Errorf("%s %s is in no permission", a.method, a.path)
		}
	}
}

// TestEachPermissionIsMissedByItself at the simulated Stripe, which refuses as
// Stripe does; and trying leaves nothing behind.
func TestEachPermissionIsMissedByItself(t *testing.T) {
	sim, url := testkit.Stripe(t, stripesim.Options{})
	all := map[string]string{}
	for _, p := range stripeapi.Permissions() {
		if all[p.Resource] != "write" {
			all[p.Resource] = strings.ToLower(string(p.Access))
		}
	}
	key := registered(t, sim, stripesim.Key{Kind: stripesim.KeyRestricted, Permissions: all})
	c := client(url, func(o *stripeapi.Options) { o.Key = key })
	tried := 0
	for _, p := range stripeapi.Permissions() {
		if err := c.Probe(t.Context(), p); err != nil {
			t.Errorf("with every permission, %s: %v", p.Resource, err)
		}
		less := map[string]string{}
		for resource, access := range all {
			if resource != p.Resource {
				less[resource] = access
			} else if p.Access == stripeapi.Write {
				less[resource] = "read"
			}
		}
		if err := sim.PermitKey(key, less); err != nil {
			t.Fatal(err)
		}
		err := c.Probe(t.Context(), p)
		switch unknown := unrecognized(t, url, p); {
		case unknown:
			t.Logf("the simulator does not serve %s", p.Resource)
		case err == nil || failed(t, err).Failure != stripeapi.Forbidden:
			t.Errorf("without %s %s: %v", p.Resource, p.Access, err)
		default:
			tried++
		}
		if err := sim.PermitKey(key, all); err != nil {
			t.Fatal(err)
		}
	}
	if tried < 9 {
		t.Errorf("only %d permissions could be tried", tried)
	}
	sessions, err := c.Sessions(t.Context(), c.Now().AddDate(0, 0, -1), c.Now().AddDate(0, 0, 1), "")
	if err != nil || len(sessions.Sessions) != 0 {
		t.Errorf("trying left %v (%v)", sessions.Sessions, err)
	}
	made, err := c.Products(t.Context(), false, "")
	if err != nil || len(made.Products) != 0 {
		t.Errorf("trying left %v (%v)", made.Products, err)
	}
}

// unrecognized reports whether the simulator has no such address.
func unrecognized(t *testing.T, base string, p stripeapi.Permission) bool {
	t.Helper()
	path := strings.ReplaceAll(p.Resource, "checkout_", "checkout/")
	method := map[stripeapi.Access]string{stripeapi.Read: http.MethodGet, stripeapi.Write: http.MethodPost}[p.Access]
	r, err := http.NewRequestWithContext(t.Context(), method, base+"/v1/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+stripesim.TrainingKey)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(text), "Unrecognized request URL")
}

func registered(t *testing.T, sim *stripesim.Sim, k stripesim.Key) string {
	t.Helper()
	key, err := sim.RegisterKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// TestTheFormOfAKey opens Stripe's form with each resource ticked once.
func TestTheFormOfAKey(t *testing.T) {
	for live, path := range map[bool]string{true: "/apikeys/create", false: "/test/apikeys/create"} {
		u, err := url.Parse(stripeapi.KeyForm(live))
		if err != nil || u.Host != "dashboard.stripe.com" || u.Path != path {
			t.Errorf("it is %v (%v)", u, err)
		}
		ticked := u.Query()["permissions[]"]
		for _, want := range []string{"rak_checkout_session_write", "rak_plan_write", "rak_payment_intent_write", "rak_event_read", "rak_balance_transaction_source_read"} {
			if !slices.Contains(ticked, want) {
				t.Errorf("%s is not ticked in %q", want, ticked)
			}
		}
		slices.Sort(ticked)
		if len(slices.Compact(slices.Clone(ticked))) != len(ticked) || slices.Contains(ticked, "rak_payment_intent_read") {
			t.Errorf("one is ticked twice: %q", ticked)
		}
	}
}
