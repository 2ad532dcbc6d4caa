package connect_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/connect"
	"willcall/backend/internal/testkit"
	"willcall/backend/secrets"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

const (
	passphrase = "correct horse battery"
	callback   = "http://127.0.0.1:4381/oauth/callback"
)

// book is a ledger that remembers, and can be told to fail.
type book struct {
	mu     sync.Mutex
	facts  []boxoffice.Fact
	object string // what is known of at Stripe
	err    error  // of the next Record
}

func (b *book) Account() (a boxoffice.Account, connected, ok bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.facts {
		switch f := f.(type) {
		case boxoffice.AccountConnectedFact:
			a, connected, ok = f.Account, true, true
		case boxoffice.AccountDisconnectedFact:
			if f.AccountID != a.ID {
				return a, connected, ok, fmt.Errorf("%q was disconnected, and the book's is %q", f.AccountID, a.ID)
			}
			connected = false
		}
	}
	return a, connected, ok, nil
}

func (b *book) Record(f boxoffice.Fact) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.err; err != nil {
		b.err = nil
		return err
	}
	b.facts = append(b.facts, f)
	return nil
}

func (b *book) KnownObject() (id string, ok bool, err error) { return b.object, b.object != "", nil }

// kinds are the kinds of the facts, in order.
func (b *book) kinds() string {
	var kinds []string
	for _, f := range b.facts {
		kinds = append(kinds, string(f.Kind()))
	}
	return strings.Join(kinds, " ")
}

// brittle is a vault that can be told to fail.
type brittle struct {
	secrets.Vault

	err error // of all that follows; nil is none
}

func (b *brittle) Get(name string) (string, error) {
	if b.err != nil {
		return "", b.err
	}
	return b.Vault.Get(name)
}

func (b *brittle) Set(name, value string) error {
	if b.err != nil {
		return b.err
	}
	return b.Vault.Set(name, value)
}

func (b *brittle) Delete(name string) error {
	if b.err != nil {
		return b.err
	}
	return b.Vault.Delete(name)
}

// scene is a book, a vault, and a simulated Stripe with two accounts: its first,
// which is a platform, and the Playhouse's. All that anybody could read is kept,
// and held against all that is secret when the test ends.
type scene struct {
	*connect.Connection

	t      *testing.T
	sim    *stripesim.Sim
	url    string
	live   bool
	now    time.Time
	dir    string
	book   *book
	vault  *brittle
	client *stripeapi.Client
	down   bool // Stripe cannot be reached
	closed bool // Stripe takes no key

	mu      sync.Mutex
	sent    int // requests to Stripe
	said    bytes.Buffer
	secrets []string
}

func newScene(t *testing.T, edits ...func(*scene)) *scene {
	t.Helper()
	s := &scene{t: t, now: time.Now(), dir: t.TempDir(), book: &book{}}
	s.sim, s.url = testkit.Stripe(t, stripesim.Options{})
	for _, err := range []error{s.sim.AddStranger("acct_playhouse", "Playhouse", "AT", "eur"), s.sim.AddStranger("acct_other", "Other", "DE", "eur")} {
		must(t, err)
	}
	for _, edit := range edits {
		edit(s)
	}
	s.restart()
	s.unlock()
	s.secret(passphrase)
	t.Cleanup(s.nothingLeft)
	return s
}

func isLive(s *scene) { s.live = true }

// restart is a till that was switched off.
func (s *scene) restart() {
	s.t.Helper()
	vault, err := secrets.OpenVault(secrets.VaultOptions{Dir: s.dir, Keychain: secrets.Never, WorkFactor: 2})
	must(s.t, err)
	s.vault = &brittle{Vault: vault}
	log := slog.New(slog.NewJSONHandler(s, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.client = stripeapi.New(stripeapi.Options{BaseURL: s.url, Transport: s, PerSecond: 1e6, Log: log})
	s.Connection = connect.New(connect.Options{
		Vault: s.vault, Book: s.book, Client: s.client, Livemode: s.live, ConnectBase: s.url,
		Redirect: func() string { return callback }, Now: func() time.Time { return s.now }, Log: log,
	})
}

func (s *scene) unlock() {
	s.t.Helper()
	_, err := s.Unlock(passphrase)
	must(s.t, err)
}

// RoundTrip is the line to Stripe. Tokens that come over it are secrets.
func (s *scene) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.sent++
	s.mu.Unlock()
	if s.down {
		return nil, errors.New("the cable is out")
	}
	if s.closed {
		body := `{"error": {"type": "invalid_request_error", "message": "Invalid API Key provided"}}`
		return &http.Response{StatusCode: http.StatusUnauthorized, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || r.URL.Path != "/oauth/token" {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	var tokens struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
	}
	if json.Unmarshal(body, &tokens) == nil {
		s.secret(tokens.Access)
		s.secret(tokens.Refresh)
	}
	return res, err
}

// Write takes the log.
func (s *scene) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.Write(p)
}

// secret is a text that nobody may read.
func (s *scene) secret(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text != "" {
		s.secrets = append(s.secrets, text)
	}
	return text
}

// shown is what somebody could read.
func (s *scene) shown(values ...any) {
	for _, v := range values {
		if e, ok := v.(error); ok {
			if said, ok := errors.AsType[*boxoffice.Error](e); ok {
				s.shown(said.Message, said.Next, said.Params)
			}
		}
		fmt.Fprintf(s, "%v %+v\n", v, v)
	}
}

func (s *scene) nothingLeft() {
	state, err := s.State()
	s.shown(state, err)
	for _, f := range s.book.facts {
		text, err := json.Marshal(f)
		must(s.t, err)
		s.shown(string(text))
	}
	for _, leak := range s.leaks() {
		s.t.Errorf("a secret was told: …%s", leak)
	}
}

// leaks are the places where a secret was told.
func (s *scene) leaks() (found []string) {
	said := s.said.String()
	for _, secret := range s.secrets {
		if at := strings.Index(said, secret); at >= 0 {
			found = append(found, said[max(0, at-200):at+len(secret)])
		}
	}
	return found
}

func (s *scene) useKey(key string) (connect.Report, error) {
	report, err := s.UseKey(s.t.Context(), s.secret(key))
	s.shown(report, err)
	return report, err
}

func (s *scene) finish(q url.Values) (connect.Report, error) {
	s.secret(q.Get("code"))
	report, err := s.Finish(s.t.Context(), q)
	s.shown(report, err)
	return report, err
}

func (s *scene) disconnect(force bool) error {
	err := s.Disconnect(s.t.Context(), force)
	s.shown(err)
	return err
}

// key registers one of the Playhouse's, with every permission.
func (s *scene) key(edits ...func(*stripesim.Key)) string {
	s.t.Helper()
	k := stripesim.Key{Account: "acct_playhouse", Kind: stripesim.KeyRestricted, Live: s.live, Permissions: map[string]string{}}
	for _, p := range stripeapi.Permissions() {
		if k.Permissions[p.Resource] != "write" {
			k.Permissions[p.Resource] = strings.ToLower(string(p.Access))
		}
	}
	for _, edit := range edits {
		edit(&k)
	}
	if k.Kind != stripesim.KeyRestricted {
		k.Permissions = nil
	}
	value, err := s.sim.RegisterKey(k)
	must(s.t, err)
	return value
}

func secretKey(k *stripesim.Key)     { k.Kind = stripesim.KeySecret }
func anotherOnes(k *stripesim.Key)   { k.Account = "acct_other" }
func ofThePlatform(k *stripesim.Key) { k.Account, k.Kind = "", stripesim.KeySecret }

// platform registers one at Stripe and here.
func (s *scene) platform() connect.PlatformKeys {
	s.t.Helper()
	redirect := callback
	if s.live {
		redirect = strings.Replace(callback, "http:", "https:", 1)
	}
	id, err := s.sim.RegisterPlatform("", s.live, redirect)
	must(s.t, err)
	keys := connect.PlatformKeys{SecretKey: s.secret(s.key(ofThePlatform)), ClientID: id}
	must(s.t, s.SetPlatform(s.t.Context(), keys))
	return keys
}

// consent presses Connect on Stripe's page for the account, or Cancel for "".
func (s *scene) consent(account string) url.Values {
	s.t.Helper()
	address, _, err := s.Begin()
	must(s.t, err)
	return s.press(address, account)
}

func (s *scene) press(address, account string) url.Values {
	s.t.Helper()
	u, err := url.Parse(address)
	must(s.t, err)
	form := u.Query()
	form.Set("account", account)
	form.Set("decision", map[bool]string{true: "cancel", false: "connect"}[account == ""])
	if s.live {
		form.Set("redirect_uri", strings.Replace(callback, "http:", "https:", 1))
	}
	u.RawQuery = ""
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	must(s.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := browser.Do(r)
	must(s.t, err)
	defer res.Body.Close()
	to, err := res.Location()
	must(s.t, err)
	return to.Query()
}

// is holds the state against what it should be.
func (s *scene) is(want connect.Status, problem boxoffice.Code) {
	s.t.Helper()
	got, err := s.State()
	s.shown(got, err)
	if err != nil || got.Status != want || got.Problem != problem {
		s.t.Errorf("it is %s with problem %q (%v), want %s with %q", got.Status, got.Problem, err, want, problem)
	}
}

// asks finds out as whose account Stripe is asked now; "" is nobody's.
func (s *scene) asks() string {
	a, err := s.client.Account(context.WithoutCancel(s.t.Context()))
	if err != nil {
		return ""
	}
	return a.ID
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants holds an error against a code; "" is none.
func wants(t *testing.T, err error, want boxoffice.Code) {
	t.Helper()
	if got := boxoffice.ErrorCode(err); got != want {
		t.Errorf("the error is %v, want %q", err, want)
	}
	if e, ok := errors.AsType[*boxoffice.Error](err); ok && (e.Message == "" || e.Next == "") {
		t.Errorf("the error leaves a person alone: %+v", e)
	}
}

// platformAlone is the platform as itself.
func (s *scene) platformAlone() stripeapi.Identity {
	s.t.Helper()
	return stripeapi.Identity{Key: s.key(ofThePlatform)}
}

// mustAsk restarts the till with a Stripe of somebody else's making.
func (s *scene) mustAsk(url string) {
	s.t.Helper()
	s.url = url
	s.restart()
	s.unlock()
}

// lock is a vault that was never opened since the start.
func (b *brittle) lock(t *testing.T, s *scene) {
	t.Helper()
	vault, err := secrets.OpenVault(secrets.VaultOptions{Dir: s.dir, Keychain: secrets.Never, WorkFactor: 2})
	must(t, err)
	b.Vault = vault
}
