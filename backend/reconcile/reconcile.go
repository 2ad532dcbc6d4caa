// Package reconcile makes the book agree with Stripe. It alone writes
// outcomes: what a desk asks for is an intent, and becomes true here when
// Stripe has said so.
//
// Looking is apart from deciding, and deciding from writing: a Checkout
// Session is fetched, [plan] says purely which facts the book lacks, and
// observe records them in one transaction. Whatever makes it look (the code on
// the screen, an event, an answer to a write, a restart) goes the same way, so
// the same session seen twice, late or out of turn changes nothing twice.
//
// Three loops run side by side: carry sends each recorded intent until Stripe
// has answered it, follow asks for each open code at short intervals, and poll
// reads Stripe's events from a cursor to find what nobody was looking at. After
// a long time away poll lists the objects themselves (catchup.go), in windows
// that are read side by side until none is left (coverage.go); once a day it
// looks at everything of two days again (sweep.go). How often it may ask follows
// from what Stripe allots (budget.go).
//
// The package must not know who is at the till, nor HTTP.
package reconcile

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

// Stripe is what is asked of stripeapi.Client.
type Stripe interface {
	CreateSession(ctx context.Context, idempotencyKey string, r boxoffice.SessionRequest) (stripeapi.Session, error)
	ExpireSession(ctx context.Context, idempotencyKey, id string) (stripeapi.Session, error)
	Session(ctx context.Context, id string) (stripeapi.Session, error)
	Sessions(ctx context.Context, from, to time.Time, after string) (stripeapi.SessionPage, error)
	CreatePayment(ctx context.Context, idempotencyKey string, r boxoffice.PaymentRequest) (stripeapi.Session, error)
	Payment(ctx context.Context, id string) (stripeapi.Session, error)
	CancelPayment(ctx context.Context, idempotencyKey, id string) (stripeapi.Session, error)
	Payments(ctx context.Context, from, to time.Time, after string) (stripeapi.SessionPage, error)
	CreateLink(ctx context.Context, idempotencyKey string, r boxoffice.LinkRequest) (stripeapi.Link, error)
	CloseLink(ctx context.Context, idempotencyKey, id string) (stripeapi.Link, error)
	Links(ctx context.Context, after string) (stripeapi.LinkPage, error)
	LinkSessions(ctx context.Context, linkID string, status stripeapi.SessionStatus, after string) (stripeapi.SessionPage, error)
	CreateProduct(ctx context.Context, idempotencyKey string, r boxoffice.ProductRequest) (stripeapi.Product, error)
	UpdateProduct(ctx context.Context, idempotencyKey, id string, u stripeapi.ProductUpdate) (stripeapi.Product, error)
	Products(ctx context.Context, activeOnly bool, after string) (stripeapi.ProductPage, error)
	CreatePrice(ctx context.Context, idempotencyKey string, r boxoffice.PriceRequest) (stripeapi.Price, error)
	ArchivePrice(ctx context.Context, idempotencyKey, id string) (stripeapi.Price, error)
	Prices(ctx context.Context, productID, after string) (stripeapi.PricePage, error)
	CreateTaxRate(ctx context.Context, idempotencyKey string, r boxoffice.TaxRateRequest) (stripeapi.TaxRate, error)
	Methods(ctx context.Context) ([]string, error)
	SessionsOfIntent(ctx context.Context, intentID string) (stripeapi.SessionPage, error)
	Refund(ctx context.Context, idempotencyKey string, r boxoffice.RefundRequest) (stripeapi.Refund, error)
	RefundByID(ctx context.Context, id string) (stripeapi.Refund, error)
	Refunds(ctx context.Context, from, to time.Time, after string) (stripeapi.RefundPage, error)
	RefundsOf(ctx context.Context, intentID, after string) (stripeapi.RefundPage, error)
	Dispute(ctx context.Context, id string) (stripeapi.Dispute, error)
	Disputes(ctx context.Context, from, to time.Time, after string) (stripeapi.DisputePage, error)
	Charge(ctx context.Context, id string) (stripeapi.Charge, error)
	Charges(ctx context.Context, from, to time.Time, after string) (stripeapi.ChargePage, error)
	Transactions(ctx context.Context, from, to time.Time, after string) (stripeapi.TransactionPage, error)
	TransactionsOf(ctx context.Context, payoutID, after string) (stripeapi.TransactionPage, error)
	Payouts(ctx context.Context, from, to time.Time, after string) (stripeapi.PayoutPage, error)
	Events(ctx context.Context, types []string, from, to time.Time, after string) (stripeapi.EventPage, error)
	Asker() string
	Now() time.Time
	Clock(ctx context.Context) (time.Time, error)
	Usage() stripeapi.Usage
}

// Options are what a Reconciler works with.
type Options struct {
	Book     *ledger.Book
	Stripe   Stripe
	IDs      boxoffice.IDs
	Livemode bool // the book is for real money
	Log      *slog.Logger
	// Polled hears how each poll ended that Stripe answered: nil, or that it did
	// not take the key, which may have been revoked. nil for nobody.
	Polled func(error)
}

// Reconciler keeps one book in step with one account.
type Reconciler struct {
	opt  Options
	life context.Context //nolint:containedctx // ends with Close; the loops outlive the calls that start them
	stop context.CancelFunc
	work sync.WaitGroup

	mu       sync.Mutex
	carried  map[string]chan struct{} // intent key → closed when its first attempt is over
	doubted  map[string]time.Time     // intent key → when it was last sent without a clear answer, by Stripe's clock
	followed map[string]*pursuit      // by order id
	shown    map[string]shown         // session id → a code that is followed
	health   Health
	counted  int64 // reads that the book has counted

	listing chan struct{} // holds one while all codes are looked at by one list
	polling chan struct{} // holds one while somebody polls

	denied atomic.Int64 // how often disputes could not be read

	pollNow, mirrorNow chan struct{} // rung when there may be something to do
}

// New returns a Reconciler that does what it is told; Start makes it look by
// itself.
func New(opt Options) *Reconciler {
	life, stop := context.WithCancel(context.Background())
	return &Reconciler{
		opt: opt, life: life, stop: stop,
		carried: map[string]chan struct{}{}, doubted: map[string]time.Time{},
		followed: map[string]*pursuit{}, shown: map[string]shown{},
		listing: make(chan struct{}, 1), polling: make(chan struct{}, 1),
		pollNow: make(chan struct{}, 1), mirrorNow: make(chan struct{}, 1),
	}
}

// Start picks up every intent and every order that the last run left open,
// and begins to poll.
func (r *Reconciler) Start() error {
	var intents []boxoffice.Intent
	var awaiting []boxoffice.Order
	err := r.opt.Book.View(func(tx *ledger.Tx) (err error) {
		if intents, err = tx.Intents(); err != nil {
			return err
		}
		awaiting, err = tx.Awaiting()
		return err
	})
	if err != nil {
		return err
	}
	for _, i := range intents {
		r.carry(i.Key, true)
	}
	for _, o := range awaiting {
		r.resume(o)
	}
	r.work.Go(r.poll)
	r.work.Go(r.mirror)
	return nil
}

// Wake makes it look for news at once: Stripe was heard of, or is there again.
func (r *Reconciler) Wake() {
	ring(r.pollNow)
	r.Mirror()
}

// ring wakes whoever waits, once, however often it is rung meanwhile.
func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// Close stops looking and waits until nothing is under way. What was sent and
// not answered is picked up by the next Start.
func (r *Reconciler) Close() {
	r.mu.Lock() // whoever holds it may be about to start work
	r.stop()
	r.mu.Unlock()
	r.work.Wait()
	if r.unsaved() == 0 {
		return
	}
	err := r.opt.Book.Update(func(tx *ledger.Tx) error { return r.countReads(tx, r.opt.Stripe.Now()) })
	if err != nil {
		r.opt.Log.Warn("reconcile: the last reads were not counted", slog.Any("error", err))
	}
}

// Check asks Stripe for the order's code now, and goes on asking often.
func (r *Reconciler) Check(ctx context.Context, orderID string) error {
	o, err := r.order(orderID)
	if err != nil {
		return err
	}
	for _, t := range o.Tenders {
		if t.SessionID == "" {
			continue
		}
		if _, err := r.look(ctx, t.SessionID); err != nil {
			return Explain(err)
		}
	}
	if o.Status() == boxoffice.AwaitingPayment {
		r.follow(orderID)
	}
	return nil
}

// Clock is the time by Stripe's clock, asked for if no answer told it yet: a
// sale must not hang on how a laptop's clock is set.
func (r *Reconciler) Clock(ctx context.Context) (time.Time, error) {
	at, err := r.opt.Stripe.Clock(ctx)
	if err != nil {
		return at, Explain(err)
	}
	return at, nil
}

// Asker marks as whom Stripe is asked.
func (r *Reconciler) Asker() string { return r.opt.Stripe.Asker() }

// look fetches a session, records what the book lacks of it, and says what it
// means.
func (r *Reconciler) look(ctx context.Context, sessionID string) (verdict, error) {
	asker := r.Asker()
	s, err := r.fetch(ctx, sessionID)
	if missing(err) {
		return lapsed, r.expireDeleted(ctx, sessionID, asker, err)
	}
	if err != nil {
		return waiting, err
	}
	return judge(s), r.observe(s)
}

// fetch gets a Checkout Session, or a PaymentIntent as if it were one.
func (r *Reconciler) fetch(ctx context.Context, id string) (stripeapi.Session, error) {
	if isPayment(id) {
		return r.opt.Stripe.Payment(ctx, id)
	}
	return r.opt.Stripe.Session(ctx, id)
}

func isPayment(id string) bool { return strings.HasPrefix(id, "pi_") }

// observe records what the session means, and does not write when the book has
// it all: looking often costs no disk.
func (r *Reconciler) observe(s stripeapi.Session) error {
	news := false
	err := r.opt.Book.View(func(tx *ledger.Tx) error {
		facts, err := r.lacking(tx, s)
		news = len(facts) > 0
		return err
	})
	if err != nil || !news {
		return err
	}
	return r.take(s)
}

// observeAlone records what a PaymentIntent means that no session tells of.
func (r *Reconciler) observeAlone(s stripeapi.Session) error {
	var facts []boxoffice.Fact
	err := r.opt.Book.Update(func(tx *ledger.Tx) error {
		seen, err := r.sight(tx, s)
		if err != nil {
			return err
		}
		seen.foreign = false
		facts = plan(seen)
		return r.recordTold(tx, s.RequestID, facts)
	})
	r.carryAsked(facts, err)
	return err
}

// take records what the session means, as the book is at that moment.
func (r *Reconciler) take(s stripeapi.Session) error {
	var facts []boxoffice.Fact
	err := r.opt.Book.Update(func(tx *ledger.Tx) (err error) {
		if facts, err = r.lacking(tx, s); err != nil {
			return err
		}
		return r.recordTold(tx, s.RequestID, facts)
	})
	r.carryAsked(facts, err)
	return err
}

// carryAsked carries what the facts ask of Stripe, once they are in the book.
func (r *Reconciler) carryAsked(facts []boxoffice.Fact, err error) {
	for _, f := range facts {
		if asked, ok := f.(boxoffice.CodeCloseAskedFact); ok && err == nil {
			r.carry(asked.Intent.Key, false)
		}
	}
}

// lacking are the facts that the book does not have of the session.
func (r *Reconciler) lacking(tx *ledger.Tx, s stripeapi.Session) ([]boxoffice.Fact, error) {
	seen, err := r.sight(tx, s)
	if err != nil {
		return nil, err
	}
	return plan(seen), nil
}

// record appends the facts.
func (r *Reconciler) record(tx *ledger.Tx, facts []boxoffice.Fact) error {
	return r.recordTold(tx, "", facts)
}

// recordTold appends facts that one request of Stripe's has told.
func (r *Reconciler) recordTold(tx *ledger.Tx, requestID string, facts []boxoffice.Fact) error {
	for _, f := range facts {
		e, err := tx.Append(f)
		if err != nil {
			return err
		}
		r.opt.Log.LogAttrs(r.life, slog.LevelInfo, "reconcile: recorded", trace(e, f, requestID)...)
	}
	return nil
}

// sight finds the session's place in the book: by its id, or, when the answer
// to its making was lost, by the order's id that it carries; or by the poster
// that it began at.
func (r *Reconciler) sight(tx *ledger.Tx, s stripeapi.Session) (sight, error) {
	seen := sight{session: s, livemode: r.opt.Livemode, foreign: foreign(s), now: r.opt.Stripe.Now(), newID: r.opt.IDs.New}
	for _, reason := range reasons() {
		d, ok, err := tx.Discrepancy(discrepancyID(s.ID, reason))
		if err != nil {
			return seen, err
		}
		seen.kept, seen.gone = seen.kept || ok, seen.gone || ok && d.Amount.Minor > 0 && d.Accepted() >= d.Amount.Minor
	}
	o, ok, err := tx.OrderBySession(s.ID)
	if err != nil {
		return seen, err
	}
	if ok {
		seen.tender, seen.known = o.TenderBySession(s.ID)
	} else if o, ok, err = tx.Order(s.Reference); ok && err == nil {
		if seen.tender, ok = o.Tender(s.Metadata[boxoffice.MetadataTender]); ok && (seen.tender.Kind == boxoffice.CardTender) == isPayment(s.ID) {
			seen.known = seen.tender.SessionID == ""
			seen.second = !seen.known
		}
	}
	if err != nil {
		return seen, err
	}
	if !ok {
		if seen, err = r.posterSight(tx, seen); err != nil || seen.poster.ID != "" {
			return seen, err
		}
		seen.ours, err = ours(tx, s)
		return seen, err
	}
	seen.order, seen.ours = o, true
	if o.Hold.State == boxoffice.Released {
		seen.room, err = tx.HasRoom(o.Hold.Claims)
	}
	return seen, err
}

// foreign reports whether s is a PaymentIntent that a session of Stripe's tells
// of, or another program.
func foreign(s stripeapi.Session) bool {
	return isPayment(s.ID) && s.Metadata[boxoffice.MetadataKind] != string(boxoffice.CardTender)
}

// ours reports whether the session says that it was made for this book.
func ours(tx *ledger.Tx, s stripeapi.Session) (bool, error) {
	opened, _, err := tx.Opened()
	book := s.Metadata[boxoffice.MetadataBook]
	return book == opened.BookID && book != "" || book == "" && strings.HasPrefix(s.Reference, "ord-"), err
}

func (r *Reconciler) order(id string) (o boxoffice.Order, err error) {
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		found, ok, err := tx.Order(id)
		if err == nil && !ok {
			err = boxoffice.ErrUnknownOrder(id)
		}
		o = found
		return err
	})
	return o, err
}
