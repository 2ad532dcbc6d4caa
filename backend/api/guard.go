package api

import (
	"context"
	"net"
	"net/http"
	"strings"

	"willcall/backend/boxoffice"
)

type windowKey struct{}

// InWindow marks a request as the desktop window's own. It came through no
// network, so it needs no guarding.
func InWindow(ctx context.Context) context.Context { return context.WithValue(ctx, windowKey{}, true) }

// Guard lets through what this machine's own pages ask, and the desktop
// window. Any web page can make a browser send requests to 127.0.0.1: one that
// comes from another page's origin is refused, and so is one under another
// host's name, which is how a page would pretend to be ours (DNS rebinding).
func Guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, &boxoffice.Error{
			Code:    boxoffice.CodeForeignOrigin,
			Message: "The request came from another web page. Nothing was changed.",
			Next:    "Use the till at its own address.",
		})
	}))
	guarded := origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Context().Value(windowKey{}) != nil, r.Method == http.MethodPost && r.URL.Path == webhookPath:
			// A webhook comes through a tunnel, under the tunnel's name; its signature
			// says whose it is.
			next.ServeHTTP(w, r)
		case !ownHost(r.Host):
			writeProblem(w, &boxoffice.Error{
				Code:    boxoffice.CodeForeignHost,
				Message: "The till does not answer to this name. Nothing was changed.",
				Next:    "Open it at 127.0.0.1 or localhost.",
			})
		default:
			guarded.ServeHTTP(w, r)
		}
	})
}

// ownHost reports whether the Host header names this machine by loopback.
func ownHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
