package stripesim

import (
	"cmp"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// asked is a platform's wish to be connected, found to be in order.
type asked struct {
	platform *platform
	redirect string
	scope    string
	state    string
}

// back is where the browser goes with an answer.
func (a *asked) back(answer url.Values) string {
	if a.state != "" {
		answer.Set("state", a.state)
	}
	between := "?"
	if strings.Contains(a.redirect, "?") {
		between = "&"
	}
	return a.redirect + between + answer.Encode()
}

// ask holds the parameters of /oauth/authorize against the registrations. What
// is refused here never leads back to the platform. Wordings:
// github.com/enupal/stripe/issues/372, github.com/isaacsanders/omniauth-stripe-connect/issues/18. The
// caller holds mu.
func (s *Sim) ask(q url.Values) (*asked, error) {
	p, ok := s.access.platforms.byID[q.Get("client_id")]
	if !ok {
		return nil, badRequest("", "", "No application matches the supplied client identifier")
	}
	a := &asked{platform: p, redirect: cmp.Or(q.Get("redirect_uri"), p.Redirects[0]), scope: cmp.Or(q.Get("scope"), readOnly), state: q.Get("state")}
	refuse := func(code, format string, args ...any) (*asked, error) {
		e := oauthRefusal(http.StatusBadRequest, code, format, args...)
		e.State = a.state
		return nil, e
	}
	switch kind := q.Get("response_type"); {
	case p.Live && !strings.HasPrefix(a.redirect, "https://"):
		return refuse("invalid_redirect_uri", "Livemode requests must always be redirected via HTTPS.")
	case !slices.Contains(p.Redirects, a.redirect):
		return refuse("invalid_redirect_uri", "Invalid redirect URI '%s'. Ensure this uri exactly matches one of the uris specified in your application settings", a.redirect)
	case kind == "":
		return refuse("invalid_request", "No response_type was provided. The only supported response_type is code.")
	case kind != "code":
		return refuse("unsupported_response_type", "The response_type '%s' is not supported. The only supported response_type is code.", kind)
	case a.scope != readWrite && a.scope != readOnly:
		return refuse("invalid_scope", "The scope '%s' is not supported. Use read_write or read_only.", a.scope)
	}
	return a, nil
}

// authorizeView is what the organizer sees.
type authorizeView struct {
	Platform string
	Writes   bool // the scope is read_write
	Live     bool
	Accounts []merchantView
	Given    []givenView // the parameters, to be sent along
}

type merchantView struct {
	ID, Name  string
	Connected bool
}

type givenView struct{ Name, Value string }

func (s *Sim) authorizePages(mux *http.ServeMux) {
	templates := template.Must(template.ParseFS(pageFiles, "page/*.html"))
	mux.HandleFunc("GET /oauth/authorize", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		v, err := s.authorizeView(r.URL.Query())
		s.mu.Unlock()
		if err != nil {
			s.refusePage(w, err)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		// No form-action: browsers hold the redirect that follows against it.
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		if err := templates.ExecuteTemplate(w, "authorize.html", v); err != nil {
			s.log.Error("simulated Stripe's page failed", "page", "authorize.html", "error", err)
		}
	})
	mux.HandleFunc("POST /oauth/authorize", func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
		if err := r.ParseForm(); err != nil {
			http.Error(w, "The form cannot be read.", http.StatusBadRequest)
			return
		}
		to, err := s.decide(r.PostForm)
		if err != nil {
			s.refusePage(w, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Location", to) // one of the registered addresses
		w.WriteHeader(http.StatusSeeOther)
	})
}

// refusePage is the bare JSON that a browser is shown.
func (s *Sim) refusePage(w http.ResponseWriter, err error) {
	if e, ok := errors.AsType[*apiError](err); ok {
		writeJSON(w, e.Status, map[string]any{"error": map[string]string{"message": e.Message}})
		return
	}
	s.writeOAuthError(w, err)
}

// authorizeView lists whom the organizer can connect: at Stripe they sign in,
// here they choose. The caller holds mu.
func (s *Sim) authorizeView(q url.Values) (*authorizeView, error) {
	a, err := s.ask(q)
	if err != nil {
		return nil, err
	}
	v := &authorizeView{Platform: s.accounts[a.platform.Account].profile.Name, Writes: a.scope == readWrite, Live: a.platform.Live}
	for _, other := range s.accounts {
		if p := other.profile; !other.live && p.ID != a.platform.Account {
			v.Accounts = append(v.Accounts, merchantView{p.ID, p.Name, s.connectedTo(a.platform.Account, p.ID).serves(a.platform.Live)})
		}
	}
	slices.SortFunc(v.Accounts, func(a, b merchantView) int { return cmp.Compare(a.ID, b.ID) })
	for _, name := range []string{"client_id", "response_type", "redirect_uri", "scope", "state"} {
		if q.Has(name) {
			v.Given = append(v.Given, givenView{name, q.Get(name)})
		}
	}
	return v, nil
}

// decide is the button: {account, decision: "connect" or "cancel"} with the
// parameters that the page was opened with. It returns where the browser goes.
func (s *Sim) decide(form url.Values) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.ask(form)
	if err != nil {
		return "", err
	}
	switch form.Get("decision") {
	case "connect":
	case "cancel":
		return a.back(url.Values{"error": {"access_denied"}, "error_description": {"The user denied your request"}}), nil
	default:
		return "", badRequest("", "decision", "The decision is connect or cancel.")
	}
	id := form.Get("account")
	if s.accounts[id] == nil || strings.HasSuffix(id, liveMark) || id == a.platform.Account {
		return "", badRequest("", "account", "Choose the account that is to be connected.")
	}
	code := &authCode{
		Value: newID("ac_", 32), ClientID: a.platform.ClientID, Account: id, Live: a.platform.Live, Scope: a.scope, Created: s.now(),
	}
	if err := s.grantAccess(a.platform.Account, accessChange{Codes: []*authCode{code}}); err != nil {
		return "", err
	}
	return a.back(url.Values{"code": {code.Value}, "scope": {a.scope}}), nil
}
