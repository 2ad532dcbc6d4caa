package api

import (
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"path"
	"strings"

	"willcall/backend/boxoffice"
)

// policy is what the till's pages may load: their own parts and nothing else.
const policy = "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// payPolicy is what the page for cards may load: Stripe.js and its frames, too
// (docs.stripe.com/security/guide#content-security-policy).
const payPolicy = "default-src 'self'; script-src 'self' https://js.stripe.com https://*.js.stripe.com; connect-src 'self' https://api.stripe.com; " +
	"frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com; img-src 'self' data: https://*.stripe.com; " +
	"style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// policyOf is what the page of the name may load. In training there is no
// Stripe to load anything from.
func (s *server) policyOf(name string) string {
	if name == "pay.html" && s.Phone == nil {
		return payPolicy
	}
	return policy
}

// screens serves the built frontend.
func (s *server) screens() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" {
			name = "index.html"
		}
		looks := r.Method == http.MethodGet || r.Method == http.MethodHead
		if !looks || s.Screens == nil || strings.Contains("/"+name, "/.") || !isFile(s.Screens, name) {
			writeProblem(w, nothingHere(name))
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", s.policyOf(name))
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		if strings.HasPrefix(name, "assets/") {
			h.Set("Cache-Control", "public, max-age=31536000, immutable") // named by their content
		}
		if name == "index.html" {
			// http.ServeFileFS would redirect to the folder.
			s.index(w, r)
			return
		}
		http.ServeFileFS(w, r, s.Screens, name)
	})
}

func (s *server) index(w http.ResponseWriter, r *http.Request) {
	page, err := fs.ReadFile(s.Screens, "index.html")
	if err != nil {
		writeProblem(w, s.problem(r.Context(), err))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page) // a client that left needs no page
}

// isFile reports whether there is a file of the name, which fs.FS insists is a
// plain one: no "..", no empty part.
func isFile(files fs.FS, name string) bool {
	info, err := fs.Stat(files, name)
	return err == nil && !info.IsDir()
}

func nothingHere(name string) error {
	e := &boxoffice.Error{Code: boxoffice.CodeNotFound, Message: "The till has no page of this name.", Next: "Open the till at its start page."}
	if name == "index.html" {
		e.Message, e.Next = "This Willcall was built without its screens.", "Build it with: make build"
	}
	return e
}

// elementsPath is where training finds the simulator's fields for a card.
const elementsPath = "/training/elements/"

// StandInPath is the script that stands in for Stripe.js in training.
const StandInPath = elementsPath + "stripe.js"

// phonePath is where training shows the buyer's pages.
const phonePath = "/training/phone/"

// phone passes the buyer's pages of the simulated Stripe through, so that the
// till can show them beside itself, in the window too.
func (s *server) phone() http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(s.Phone)
			r.Out.URL.Path = "/" + strings.TrimPrefix(strings.TrimPrefix(path.Clean(r.In.URL.Path), phonePath), "/training/")
			r.Out.URL.RawPath = ""
		},
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			s.Log.Warn("api: the training phone has no line", slog.Any("error", err))
			writeProblem(w, &boxoffice.Error{
				Code:    boxoffice.CodeStripeUnreachable,
				Message: "The simulated Stripe does not answer. Nothing was paid.",
				Next:    "Restart Willcall.",
				Cause:   errors.Join(err, r.Context().Err()),
			})
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Only the buyer's pages and the fields for a card: not the simulator's
		// API, nor its controls.
		asked := path.Clean(r.URL.Path)
		if !strings.HasPrefix(asked, phonePath+"c/") && !strings.HasPrefix(asked, elementsPath) {
			writeProblem(w, nothingHere(r.URL.Path))
			return
		}
		proxy.ServeHTTP(w, r)
	})
}
