// Package api is the till as every screen sees it: one HTTP API, described by
// OpenAPI 3.1, with one live stream, and the screens themselves. The desktop
// window is given the same handler in process.
//
// Handlers translate and no more: a request becomes a call of the desk or a
// look at the book, the answer becomes JSON, and an error becomes a [Problem].
//
// The package must not know Stripe, nor where the book lies.
package api

import (
	"context"
	"crypto/ed25519"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/feed"
	"willcall/backend/ledger"
	"willcall/backend/paper"
)

// Options are what the API shows and who does the work.
type Options struct {
	Desk      *desk.Desk
	Book      *ledger.Book
	Bell      *feed.Bell
	Stripe    func() Stripe // how the line to Stripe is
	Mode      boxoffice.Mode
	Register  string
	Version   string
	TicketKey func() ed25519.PrivateKey // nil while the vault is locked
	Screens   fs.FS                     // the built frontend; nil for none
	Phone     *url.URL                  // the simulated Stripe, whose buyer's pages training shows; nil otherwise
	Log       *slog.Logger
	Now       func() time.Time

	BookName       BookName
	Connector      Connector
	Access         AccessControl
	Shelf          Shelf
	Typed          Typed
	Fonts          func() *paper.Fonts             // what posters are drawn with
	Home           func() string                   // the till's own address, for a browser
	Reconciliation func() Reconciliation           // how the book keeps up with Stripe; nil where nothing is asked
	Poll           func(ctx context.Context) error // asks Stripe for news, and returns when the book has it
	OpenBrowser    func(url string) bool           // shows an address in the system's browser; nil where there is no window

	// ReadStatement reads Stripe's own books from a time up to another, both
	// included; nil where no Stripe is connected.
	ReadStatement func(ctx context.Context, from, to time.Time) error
	StripeNow     func() time.Time // Stripe's clock, as far as it is known: a close must not hang on a laptop's
}

// server holds the options for the handlers.
type server struct {
	Options
}

// New returns the handler for the API and the screens. Who may use it is for
// Guard to say.
func New(opt Options) http.Handler {
	s := &server{opt}
	mux := http.NewServeMux()
	s.routes(newAPI(mux, opt.Version))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status":"ok"}` + "\n"))
	})
	// Without it a HEAD would be given the stream, and never end.
	mux.HandleFunc("HEAD /api/stream", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "text/event-stream") })
	mux.HandleFunc("GET /api/orders/{order}/code.svg", s.orderCode)
	mux.HandleFunc("GET /api/tickets/{ticket}/code.svg", s.ticketCode)
	mux.HandleFunc("GET /api/posters/{poster}/{file}", s.posterFile)
	mux.HandleFunc("GET /api/closing.csv", s.closingCSV)
	mux.HandleFunc("GET /api/closing.pdf", s.closingPDF)
	mux.HandleFunc("GET "+CallbackPath, s.callback)
	mux.HandleFunc("POST "+webhookPath, s.webhook)
	if opt.Phone != nil {
		mux.Handle(phonePath, s.phone())
		mux.Handle(elementsPath, s.phone())
	}
	mux.Handle("/", s.screens())
	return s.logged(mux)
}

// Document is the API's OpenAPI document, as JSON.
func Document(version string) ([]byte, error) {
	api := newAPI(http.NewServeMux(), version)
	(&server{}).routes(api)
	return api.OpenAPI().MarshalJSON()
}

func newAPI(mux *http.ServeMux, version string) huma.API {
	setConventions()
	c := huma.DefaultConfig("Willcall", version)
	c.Info.Description = "The till's API. Amounts are whole numbers of Stripe's minor unit; times are UTC."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "/openapi", "", ""
	c.CreateHooks = nil // no $schema in bodies
	return humago.New(mux, c)
}

func (s *server) routes(api huma.API) {
	huma.Get(api, "/api/status", s.status, named("status", "Which book this is, and how the line to Stripe is"))
	huma.Get(api, "/api/catalogue", s.catalogue, named("catalogue", "What is on sale, and how much of it is left"))
	huma.Post(api, "/api/orders", s.sell, named("sell", "Take seats and make a code that the buyer pays on a phone"), func(o *huma.Operation) {
		o.DefaultStatus = http.StatusCreated
	})
	huma.Get(api, "/api/orders", s.orders, named("orders", "Orders, newest first"))
	huma.Get(api, "/api/orders/{order}", s.order, named("order", "An order with its story, by id or by code"))
	huma.Post(api, "/api/orders/{order}/check", s.check, named("check", "Ask Stripe for the order's code now"))
	huma.Post(api, "/api/orders/{order}/cancel", s.cancel, named("cancel", "Ask Stripe to close the order's code"))
	s.refundRoutes(api)
	s.lateRoutes(api)
	s.reconciliationRoutes(api)
	s.eventRoutes(api)
	s.posterRoutes(api)
	s.paymentRoutes(api)
	s.accessRoutes(api)
	s.connectionRoutes(api)
	s.bookRoutes(api)
	s.drillRoutes(api)
	s.closingRoutes(api)
	s.closingShowRoutes(api)
	s.stream(api)
}

func named(id, summary string) func(*huma.Operation) {
	return func(o *huma.Operation) { o.OperationID, o.Summary = id, summary }
}

// logged logs each request once, and turns a panic into an answer.
func (s *server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		w.Header().Set("X-Content-Type-Options", "nosniff")
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				s.Log.Error("api: a handler panicked", slog.Any("panic", p), slog.String("path", r.URL.Path), slog.String("stack", string(debug.Stack())))
				writeProblem(w, &boxoffice.Error{Code: boxoffice.CodeInternal})
			}
		}()
		next.ServeHTTP(w, r)
		s.Log.Debug("api: answered", slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Duration("took", time.Since(began)))
	})
}

// view reads the book for a handler, and explains what fails.
func (s *server) view(ctx context.Context, fn func(*ledger.Tx) error) error {
	return s.problem(ctx, s.Book.View(fn))
}
