// Package connect knows whose Stripe account the book sells on: by a key of
// that account's own, or by its owner's consent to a platform's (OAuth).
//
// A book has one account for ever. Whatever is entered here is held against it,
// and against the book's mode, by asking Stripe, before anything is believed.
//
// What is secret lies in the vault and nowhere else; the book has only which
// account it is. The vault leads and the book follows: a connection is in the
// vault first, and gone from it first. A crash in between leaves a vault with
// a connection that the book does not know of, which Restore makes up for, or a
// book that thinks itself connected without a key, which sells nothing until
// somebody connects again.
//
// It must not know HTTP, nor how a book or a vault is kept.
package connect

import (
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/secrets"
	"willcall/backend/stripeapi"
)

// Book is what is asked of the ledger.
type Book interface {
	// Account is the book's account and whether it is connected; ok is false
	// where it never was.
	Account() (a boxoffice.Account, connected, ok bool, err error)
	// Record writes one fact.
	Record(boxoffice.Fact) error
	// KnownObject is the id of something of this book's at Stripe, by which
	// another account's key is told; false where there is nothing yet.
	KnownObject() (id string, ok bool, err error)
}

// Options say what a connection is made of.
type Options struct {
	Vault       secrets.Vault
	Book        Book
	Client      *stripeapi.Client // is made to ask as whoever is connected
	Livemode    bool              // of the book: real money
	ConnectBase string            // Stripe's consent pages: "https://connect.stripe.com"
	Redirect    func() string     // where Stripe sends the browser after consent; registered with the platform
	Now         func() time.Time
	Random      io.Reader // nil is crypto/rand
	Log         *slog.Logger
}

// Connection is the book's connection to its account. Its methods may be
// called from any number of goroutines; one at a time changes it.
type Connection struct {
	opt Options

	changing sync.Mutex // held through whatever changes the connection, requests included

	mu       sync.Mutex // guards what is below
	status   Status
	problem  boxoffice.Code
	kept     kept
	platform platform
	page     string // publishable key, entered by hand
	hook     string // signing secret of a webhook
	pending  map[string]time.Time
}

// Status says whether the book can ask Stripe.
type Status string

// The statuses.
const (
	None      Status = "none"      // not connected
	Connected Status = "connected" // as far as is known
	Locked    Status = "locked"    // somebody has to type the vault's passphrase first
	Unusable  Status = "unusable"  // the vault cannot be read
	Revoked   Status = "revoked"   // Stripe does not accept us any more
)

// State is how the connection stands. It holds no secret.
type State struct {
	Status  Status
	Account boxoffice.Account // the book's, connected or not
	Key     KeyKind           // by which; "" without one
	Problem boxoffice.Code    // what Stripe refused last, or why what is in the vault is not used
	Vault   secrets.State
	Page    bool // there is a publishable key: a card can be typed in at this screen
	Webhook bool // there is a signing secret
}

// New returns a connection that knows nothing yet: see Restore.
func New(opt Options) *Connection {
	if opt.Random == nil {
		opt.Random = rand.Reader
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	return &Connection{opt: opt, status: None, pending: map[string]time.Time{}}
}

// State returns how the connection stands.
func (c *Connection) State() (State, error) {
	account, _, _, err := c.opt.Book.Account()
	if err != nil {
		return State{}, err
	}
	vault := c.opt.Vault.State()
	c.mu.Lock()
	defer c.mu.Unlock()
	return State{
		Status: c.status, Account: account, Key: c.kept.kind(), Problem: c.problem, Vault: vault,
		Page: c.page != "" || c.kept.PublishableKey != "", Webhook: c.hook != "",
	}, nil
}

// Unlock opens the vault with its passphrase, or makes it, and restores the
// connection: CodeBadPassphrase, CodeVaultUnusable.
func (c *Connection) Unlock(passphrase string) (State, error) {
	if err := c.opt.Vault.Unlock(passphrase); err != nil {
		return State{}, vaultError(err)
	}
	return c.Restore()
}

// Restore reads the vault and asks as whom it says from then on. It asks Stripe
// nothing. A vault that cannot be read is a State and no error: the box office
// opens all the same, and takes cash.
func (c *Connection) Restore() (State, error) {
	c.changing.Lock()
	defer c.changing.Unlock()
	read, err := c.read()
	switch {
	case errors.Is(err, secrets.ErrLocked):
		c.become(Locked, boxoffice.CodeVaultLocked, kept{})
		return c.State()
	case err != nil:
		c.opt.Log.Error("connect: the vault cannot be read", slog.Any("error", err))
		c.become(Unusable, boxoffice.CodeVaultUnusable, kept{})
		return c.State()
	}
	c.mu.Lock()
	c.platform, c.page, c.hook = read.platform, read.page, read.hook
	c.mu.Unlock()
	if !read.connection.there() {
		c.become(None, "", kept{})
		return c.State()
	}
	problem, err := c.foreign(read.connection.Account)
	if err != nil {
		return State{}, err
	}
	if problem != "" {
		c.become(None, problem, kept{})
		return c.State()
	}
	if err := c.record(read.connection.Account); err != nil {
		return State{}, err
	}
	c.become(Connected, "", read.connection)
	return c.State()
}

// foreign says why the account that the vault names is not the book's: the
// vault may have come from another folder.
func (c *Connection) foreign(a boxoffice.Account) (boxoffice.Code, error) {
	ours, _, ok, err := c.opt.Book.Account()
	switch {
	case err != nil:
		return "", err
	case a.Livemode != c.opt.Livemode:
		return boxoffice.CodeWrongMode, nil
	case ok && ours.ID != "" && a.ID != "" && ours.ID != a.ID:
		return boxoffice.CodeOtherAccount, nil
	}
	return "", nil
}

// become sets how the connection stands, and as whom Stripe is asked.
func (c *Connection) become(status Status, problem boxoffice.Code, k kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status, c.problem, c.kept = status, problem, k
	c.opt.Client.Use(k.identity(c.platform))
}

// record tells the book of the account, once.
func (c *Connection) record(a boxoffice.Account) error {
	ours, connected, ok, err := c.opt.Book.Account()
	if err != nil || ok && connected && ours == a {
		return err
	}
	return c.opt.Book.Record(boxoffice.AccountConnectedFact{Account: a})
}

// use keeps what was entered and has been held against the book, and asks as
// it. The vault comes first: see the package's comment.
func (c *Connection) use(k kept) (isKept bool, err error) {
	if err := c.keep(itemConnection, k); err != nil {
		return false, err
	}
	c.become(Connected, "", k)
	if err := c.record(k.Account); err != nil {
		return true, err
	}
	c.opt.Log.Info("connect: connected", slog.String("account", k.Account.ID), slog.String("via", string(k.Account.Via)))
	return true, nil
}
