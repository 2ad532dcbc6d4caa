package backend

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/config"
	"willcall/backend/connect"
	"willcall/backend/desk"
	"willcall/backend/feed"
	"willcall/backend/ledger"
	"willcall/backend/metrics"
	"willcall/backend/reconcile"
	"willcall/backend/secrets"
	"willcall/backend/stripeapi"
)

// trainingKey is what the client shows the simulated Stripe. It opens nothing.
const trainingKey = "sk_test_training"

// Stripe's own addresses. Only a book that is not for training asks them.
const (
	stripeURL  = "https://api.stripe.com"
	consentURL = "https://connect.stripe.com"
)

// modeOf is what a book is for. It is chosen here and nowhere else.
func modeOf(name config.Book) boxoffice.Mode {
	if name == config.Live {
		return boxoffice.Live
	}
	return boxoffice.Training
}

// book is one that is open: its ledger, its line to Stripe, its API.
type book struct {
	name       config.Book
	dir        string
	ledger     *ledger.Book
	store      secrets.Store // training's ticket key
	vault      secrets.Vault // the others' keys; nil in training
	client     *stripeapi.Client
	reconciler *reconcile.Reconciler
	connection *connect.Connection // nil in training
	stripe     *simulated          // nil where another process is Stripe, or simulates it
	simulator  *url.URL            // the simulated Stripe, wherever it runs; nil where Stripe is asked
	handler    http.Handler
	ids        boxoffice.IDs
	now        func() time.Time
	log        *slog.Logger
	counts     *metrics.Set

	scraping  sync.Mutex
	toldUntil uint64 // entries up to this number were counted, or were there before

	life context.Context //nolint:containedctx // ends the live streams when the book is put away
	end  context.CancelFunc

	mu        sync.Mutex
	ticketKey ed25519.PrivateKey // nil while the vault is locked

	serving sync.RWMutex // held by each request; closing waits for all of them
	closed  bool
}

// openBook opens the book of the name, and starts everything but the serving
// of requests.
func (b *Backend) openBook(ctx context.Context, name config.Book) (*book, error) {
	k := &book{name: name, ids: boxoffice.IDs{Source: rand.Reader, Now: b.now}, now: b.now, log: b.log, counts: metrics.New()}
	k.life, k.end = context.WithCancel(context.WithoutCancel(ctx))
	if err := k.open(ctx, b); err != nil {
		return nil, errors.Join(err, k.close())
	}
	return k, nil
}

func (k *book) open(ctx context.Context, b *Backend) (err error) {
	if k.dir, err = dataFolder(b.cfg, k.name); err != nil {
		return err
	}
	bell := &feed.Bell{}
	k.ledger, err = ledger.Open(bookPath(k.dir), ledger.Options{Register: register, Now: b.now, Committed: bell.Ring, Updating: k.updating})
	if err != nil {
		return err
	}
	if err := k.ledger.View(func(tx *ledger.Tx) (err error) { k.toldUntil, err = tx.Number(); return err }); err != nil {
		return err
	}
	// What is not right with the book or its keys is found before anything is
	// made beside them.
	if err := k.openVault(b); err != nil {
		return err
	}
	if err := k.begin(); err != nil {
		return err
	}
	asked, consent, err := k.whereStripeIs(ctx, b)
	if err != nil {
		return err
	}
	k.client = stripeapi.New(stripeapi.Options{BaseURL: asked, Log: b.log, Observe: k.counts.Call})
	if err := k.connect(b, consent); err != nil {
		return err
	}
	mode := modeOf(k.name)
	k.reconciler = reconcile.New(reconcile.Options{
		Book: k.ledger, Stripe: k.client, IDs: k.ids, Livemode: mode == boxoffice.Live, Log: b.log, Polled: k.polled,
	})
	till := desk.New(desk.Options{
		Book: k.ledger, Stripe: k.reconciler, IDs: k.ids, Now: b.now, ReturnURL: k.returnURL(asked), Fee: k.fee,
	})
	k.handler = k.measured(b.opt.Version, api.New(api.Options{
		Desk: till, Book: k.ledger, Bell: bell, Stripe: line(k.client), Mode: mode, BookName: api.BookName(k.name), Register: register,
		Version: b.opt.Version, TicketKey: k.ticket, Screens: b.opt.Screens, Phone: k.simulator, Log: b.log, Now: b.now, Fonts: b.fonts,
		Reconciliation: k.reconciliation, Poll: k.reconciler.Poll, ReadStatement: k.readStatement, StripeNow: k.client.Now,
		Connector: k.connector(b), Access: &access{gate: b.gate, book: k}, Shelf: b, Typed: &typed{book: k, backend: b}, Home: func() string { return "http://" + b.Addr() }, OpenBrowser: b.opt.OpenBrowser,
	}))
	return k.reconciler.Start()
}

// whereStripeIs is whom the book asks: a simulated Stripe in training, and for
// the others Stripe itself, unless a simulated one on this machine is named.
func (k *book) whereStripeIs(ctx context.Context, b *Backend) (asked, consent string, err error) {
	asked, consent = stripeURL, consentURL
	switch {
	case b.cfg.StripeURL != "":
		asked = b.cfg.StripeURL
	case k.name == config.Training:
		if k.stripe, err = simulate(ctx, b.cfg.SimAddr, k.dir, killTill, b.log); err != nil {
			return "", "", err
		}
		asked = k.stripe.url
	default:
		return asked, consent, nil
	}
	k.simulator, err = url.Parse(asked)
	return asked, asked, err
}

// returnURL is where a simulated Stripe sends a buyer who has paid; from Stripe
// itself it is the organizer's website.
func (k *book) returnURL(asked string) string {
	if k.simulator == nil {
		return ""
	}
	return asked + "/c/done"
}

// openVault finds where the book's secrets lie: training's are worth nothing,
// and lie in a file beside it.
func (k *book) openVault(b *Backend) (err error) {
	k.store = secrets.In(k.dir)
	if k.name == config.Training {
		return nil
	}
	k.vault, err = secrets.OpenVault(secrets.VaultOptions{
		Dir: k.dir, Service: "Willcall " + filepath.Clean(k.dir), Keychain: secrets.Preference(b.cfg.Keychain), WorkFactor: b.opt.sealing,
	})
	if err != nil {
		return vaultUnusable(err)
	}
	return nil
}

// begin begins the book, or reads its ticket key, if the vault is open.
func (k *book) begin() error {
	var keys ticketKeys = k.store
	if k.vault != nil {
		if s := k.vault.State(); s.Locked || s.Unusable {
			return nil
		}
		keys = sealedKeys{k.vault}
	}
	key, err := begin(k.ledger, keys, k.ids, modeOf(k.name), k.name == config.Training)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ticketKey = key
	return nil
}

// connect makes the client ask as whoever the vault says, as far as it is open.
func (k *book) connect(b *Backend, consent string) error {
	if k.vault == nil {
		k.client.Use(stripeapi.Identity{Key: trainingKey})
		return nil
	}
	k.connection = connect.New(connect.Options{
		Vault: k.vault, Book: account{k.ledger}, Client: k.client, Livemode: modeOf(k.name) == boxoffice.Live,
		ConnectBase: consent, Redirect: func() string { return b.redirect(k.name) }, Now: b.now, Log: b.log,
	})
	return k.restore()
}

// restore reads the connection back. What cannot be used of the vault is the
// connection's state: the till opens all the same.
func (k *book) restore() error {
	if k.vault.State().New {
		return nil // there is nothing to read
	}
	if _, err := k.connection.Restore(); boxoffice.ErrorCode(err) == boxoffice.CodeInternal {
		return err
	}
	return nil
}

// unseal opens the vault, and begins or restores what it keeps.
func (k *book) unseal(passphrase string) error {
	if k.vault == nil {
		return nil
	}
	if err := k.vault.Unlock(passphrase); err != nil {
		return vaultUnusable(err)
	}
	if err := k.begin(); err != nil {
		return err
	}
	if err := k.restore(); err != nil {
		return err
	}
	k.reconciler.Wake()
	return nil
}

// ticket is the key that signs tickets; nil while the vault is locked.
func (k *book) ticket() ed25519.PrivateKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ticketKey
}

// ServeHTTP answers from the book, as long as it is open.
func (k *book) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.serving.RLock()
	defer k.serving.RUnlock()
	if k.closed {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(k.life, cancel)()
	k.handler.ServeHTTP(w, r.WithContext(ctx))
}

// close stops asking Stripe and closes the ledger. What is under way is picked
// up when the book is opened again. It may be called on a book that is half
// open.
func (k *book) close() error {
	var errs []error
	k.end() // ends the live streams, which would otherwise never finish
	k.serving.Lock()
	k.closed = true
	k.serving.Unlock()
	if k.reconciler != nil {
		k.reconciler.Close()
	}
	if k.stripe != nil {
		errs = append(errs, k.stripe.close())
	}
	if k.ledger != nil {
		errs = append(errs, k.ledger.Close())
	}
	return errors.Join(errs...)
}

// account is the ledger as a connection sees it.
type account struct{ *ledger.Book }

// Account implements connect.Book.
func (a account) Account() (found boxoffice.Account, connected, ok bool, err error) {
	err = a.View(func(tx *ledger.Tx) (err error) { found, connected, ok, err = tx.Account(); return err })
	return found, connected, ok, err
}

// Record implements connect.Book.
func (a account) Record(f boxoffice.Fact) error {
	return a.Update(func(tx *ledger.Tx) error { _, err := tx.Append(f); return err })
}

// KnownObject implements connect.Book.
func (a account) KnownObject() (id string, ok bool, err error) {
	err = a.View(func(tx *ledger.Tx) (err error) { id, ok, err = tx.KnownObject(); return err })
	return id, ok, err
}
