package connect_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/connect"
)

// TestNoSecretLeavesConnect goes all the ways there are, with a Stripe that says
// back what it was told, and looks for each secret in every error, report, state
// and fact, in the log at debug, and in the folder. Every other test of this
// package looks for its own, too: see scene.
func TestNoSecretLeavesConnect(t *testing.T) {
	s := newScene(t)
	s.platform()
	good := s.url
	must(t, s.SetWebhookSecret(s.secret("whsec_0123456789")))
	_, err := s.finish(s.consent("acct_playhouse"))
	must(t, err)
	_, err = s.useKey(s.key(secretKey))
	must(t, err)
	for _, status := range []int{200, 400, 401, 403, 500} {
		echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			must(t, r.ParseForm())
			told := strings.ReplaceAll(r.Header.Get("Authorization")+" "+r.PostForm.Encode(), `"`, "")
			w.WriteHeader(status)
			if strings.HasPrefix(r.URL.Path, "/oauth/") {
				_, _ = w.Write([]byte(`{"error": "invalid_grant", "error_description": "You sent ` + told + `"}`))
				return
			}
			_, _ = w.Write([]byte(`{"error": {"type": "invalid_request_error", "code": "account_invalid", "message": "You sent ` + told + `"}}`))
		}))
		q := s.consent("acct_playhouse")
		s.mustAsk(echo.URL)
		_, err := s.useKey("sk_test_0123456789abcdef")
		wantsAny(t, err)
		_, err = s.useKey("rk_test_0123456789abcdef")
		wantsAny(t, err)
		q.Set("state", s.secretState())
		_, err = s.finish(q)
		wantsAny(t, err)
		s.shown(s.Noticed(t.Context(), s.refusal()), s.Ask(t.Context()))
		s.shown(s.SetPlatform(t.Context(), connect.PlatformKeys{SecretKey: s.secret("sk_test_another0123456789")}))
		echo.Close()
		s.mustAsk(good)
	}
	if len(s.secrets) < 10 || !strings.Contains(s.said.String(), "/oauth/token") || !strings.Contains(s.said.String(), "You sent") {
		t.Errorf("%d secrets, and\n%.2000s", len(s.secrets), s.said.String())
	}
	for _, entry := range s.files() {
		text, err := os.ReadFile(filepath.Join(s.dir, entry))
		must(t, err)
		for _, secret := range s.secrets {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s has a secret", entry)
			}
		}
	}
	if leaks := s.leaks(); len(leaks) != 0 {
		t.Errorf("told: %q", leaks)
	}
	// And the control: what is told is found.
	other := &scene{t: t, book: &book{}}
	other.shown(&boxoffice.Error{Message: "the key " + other.secret("rk_test_told")})
	if len(other.leaks()) != 1 {
		t.Error("a secret that is told is not found: the test is blind")
	}
}

// secretState begins a consent and returns its state.
func (s *scene) secretState() string {
	s.t.Helper()
	address, _, err := s.Begin()
	must(s.t, err)
	_, state, _ := strings.Cut(address, "state=")
	return strings.Split(state, "&")[0]
}

func (s *scene) files() (names []string) {
	s.t.Helper()
	entries, err := os.ReadDir(s.dir)
	must(s.t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// wantsAny holds that it failed, in words for a person.
func wantsAny(t *testing.T, err error) {
	t.Helper()
	if err == nil || boxoffice.ErrorCode(err) == boxoffice.CodeInternal {
		t.Errorf("it is %v", err)
	}
}
