package reconcile

import (
	"errors"
	"log/slog"
	"slices"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

const (
	// mirrorRest is how long the mirror rests when nobody rings.
	mirrorRest = time.Hour
	// mirrorPause is the longest that it rests after a failure: reads are allotted.
	mirrorPause = 10 * time.Minute
)

// Mirror has Stripe's catalogue made what the book's is, without waiting.
func (r *Reconciler) Mirror() { ring(r.mirrorNow) }

// mirror brings Stripe's products, prices and tax rates to what the book has,
// one recorded step after the other, and learns how buyers can pay. What Stripe
// refuses is kept beside the ticket type and not asked again until it changes.
func (r *Reconciler) mirror() {
	var learnt time.Time
	for failures := 0; ; {
		rest := mirrorRest
		if err := r.align(&learnt); err == nil {
			failures = 0
		} else if r.life.Err() == nil {
			r.opt.Log.Info("reconcile: Stripe's catalogue is behind", slog.Any("error", err))
			failures++
			rest = min(time.Second/2<<min(failures, 20), mirrorPause)
		}
		if _, alive := r.rest(r.mirrorNow, rest); !alive {
			return
		}
	}
}

// align does all that there is to do. learnt is when the ways to pay were
// asked for: whoever rings often has them read seldom.
func (r *Reconciler) align(learnt *time.Time) error {
	if learnt.IsZero() || time.Since(*learnt) >= mirrorPause {
		if err := r.learnMethods(); err != nil {
			return err
		}
		*learnt = time.Now()
	}
	for {
		if more, err := r.mirrorNext(); err != nil || !more {
			return err
		}
	}
}

// mirrorNext takes one step; more says that there may be another.
func (r *Reconciler) mirrorNext() (more bool, err error) {
	now, err := r.opt.Stripe.Clock(r.life)
	if err != nil {
		return false, err
	}
	key := r.opt.IDs.New("mir")
	err = r.opt.Book.Update(func(tx *ledger.Tx) error {
		open, err := openMirror(tx)
		if err != nil {
			return err
		}
		if open != "" {
			key, more = open, true // an earlier run's: it goes on first
			return nil
		}
		step, found, err := nextStep(tx)
		if more = found; err != nil || !found {
			return err
		}
		return r.record(tx, []boxoffice.Fact{boxoffice.MirrorAskedFact{Intent: boxoffice.Intent{Key: key, RecordedAt: now, Asker: r.Asker(), Mirror: &step}}})
	})
	if err != nil || !more {
		return false, err
	}
	<-r.carry(key, false)
	if _, open, err := r.intent(key); err != nil || open {
		return false, errors.Join(err, errTooSoon)
	}
	return true, nil
}

// openMirror is the key of the step that Stripe has not answered, or "".
func openMirror(tx *ledger.Tx) (string, error) {
	intents, err := tx.Intents()
	for _, i := range intents {
		if i.Mirror != nil {
			return i.Key, err
		}
	}
	return "", err
}

// nextStep is the first thing that Stripe has not as the book has it.
func nextStep(tx *ledger.Tx) (step boxoffice.MirrorRequest, found bool, err error) {
	opened, _, err := tx.Opened()
	if err != nil {
		return step, false, err
	}
	c, err := tx.Catalogue()
	if err != nil {
		return step, false, err
	}
	for _, e := range c.Events {
		for _, t := range e.TicketTypes {
			m, err := tx.Mirror(t.ID)
			if err != nil {
				return step, false, err
			}
			if step, found, err = nextTax(tx, opened.BookID, e, t, m); found || err != nil {
				return step, found, err
			}
			if step, found = m.Next(opened.BookID, e, t); found {
				return step, true, nil
			}
		}
	}
	return boxoffice.MirrorRequest{}, false, nil
}

// nextTax asks for the type's tax rate, unless there is one or Stripe refused
// just this for the type.
func nextTax(tx *ledger.Tx, bookID string, e boxoffice.Event, t boxoffice.TicketType, m boxoffice.Mirror) (step boxoffice.MirrorRequest, found bool, err error) {
	rate := t.TaxRate
	if rate == nil || e.Archived || m.Refused != nil && m.Refused.TaxRate != nil && *m.Refused.TaxRate == *rate {
		return step, false, nil
	}
	id, err := tx.TaxRateID(*rate)
	if err != nil || id != "" {
		return step, false, err
	}
	return boxoffice.MirrorRequest{TicketTypeID: t.ID, TaxRate: rate, NewTaxRate: &boxoffice.TaxRateRequest{
		Name: rate.Name, Percent: rate.Percent, Inclusive: true, Metadata: map[string]string{boxoffice.MetadataBook: bookID},
	}}, true, nil
}

// mirrorStep sends one step. Its key makes Stripe do it once; when the key is
// too old to be trusted, what was to be made is looked for.
func (r *Reconciler) mirrorStep(i boxoffice.Intent, earlier bool) error {
	if old, err := r.outlived(i, earlier); err != nil {
		return err
	} else if old {
		return r.searchMirror(i)
	}
	id, err := r.mirrored(i.Key, *i.Mirror)
	failure, ok := errors.AsType[*stripeapi.Error](err)
	switch {
	case err == nil:
		return r.answer(i, boxoffice.MirrorDoneFact{IntentKey: i.Key, Request: *i.Mirror, ID: id})
	case !ok:
		return err
	case failure.Failure == stripeapi.KeyReused, failure.Failure == stripeapi.Broken && failure.Replayed:
		return r.searchMirror(i) // Stripe will say the same for ever
	case gone(failure) && i.Mirror.ProductID != "":
		return r.answer(i, r.refusedStep(i, err), boxoffice.MirrorLostFact{TicketTypeID: i.Mirror.TicketTypeID})
	case failed(err, stripeapi.Refused, stripeapi.Missing, stripeapi.Forbidden):
		// What the key may not do is a refusal as well: a catalogue must not wait
		// for a permission that only receipts need.
		return r.answer(i, r.refusedStep(i, err))
	default:
		return err
	}
}

// gone reports that what the step builds on is not at Stripe any more. Stripe
// says so with a 404 for what the path names and with a 400 for what a
// parameter names (docs.stripe.com/error-codes#resource-missing).
func gone(failure *stripeapi.Error) bool {
	return failure.Failure == stripeapi.Missing || failure.Failure == stripeapi.Refused && failure.Code == "resource_missing"
}

func (r *Reconciler) refusedStep(i boxoffice.Intent, why error) boxoffice.Fact {
	return boxoffice.MirrorRefusedFact{IntentKey: i.Key, Request: *i.Mirror, Problem: mirrorProblem(why)}
}

// mirrored asks Stripe for the step, and returns the id of what was made.
func (r *Reconciler) mirrored(key string, m boxoffice.MirrorRequest) (id string, err error) {
	update := func(u stripeapi.ProductUpdate) (string, error) {
		p, err := r.opt.Stripe.UpdateProduct(r.life, key, m.ProductID, u)
		return p.ID, err
	}
	switch {
	case m.NewTaxRate != nil:
		rate, err := r.opt.Stripe.CreateTaxRate(r.life, key, *m.NewTaxRate)
		return rate.ID, err
	case m.NewProduct != nil:
		p, err := r.opt.Stripe.CreateProduct(r.life, key, *m.NewProduct)
		return p.ID, err
	case m.NewPrice != nil:
		p, err := r.opt.Stripe.CreatePrice(r.life, key, *m.NewPrice)
		return p.ID, err
	case m.Archive != "":
		p, err := r.opt.Stripe.ArchivePrice(r.life, key, m.Archive)
		return p.ID, err
	case m.Product != nil:
		return update(stripeapi.ProductUpdate{Name: &m.Product.Name, Description: &m.Product.Description, Picture: &m.Product.Picture})
	case m.DefaultPrice != "":
		return update(stripeapi.ProductUpdate{DefaultPrice: &m.DefaultPrice})
	default:
		return update(stripeapi.ProductUpdate{Active: m.Active})
	}
}

// searchMirror ends a step whose outcome its key cannot tell any more: what it
// was to make is adopted if it is there. Otherwise the step is asked for anew,
// under another key.
func (r *Reconciler) searchMirror(i boxoffice.Intent) error {
	id, err := r.findMirrored(*i.Mirror)
	if err != nil {
		return err
	}
	if id != "" {
		return r.answer(i, boxoffice.MirrorDoneFact{IntentKey: i.Key, Request: *i.Mirror, ID: id})
	}
	// No step is like an empty one, so the next may be the same.
	return r.answer(i, boxoffice.MirrorRefusedFact{
		IntentKey: i.Key, Request: boxoffice.MirrorRequest{TicketTypeID: i.Mirror.TicketTypeID}, Problem: mirrorProblem(errUnmade),
	})
}

func (r *Reconciler) findMirrored(m boxoffice.MirrorRequest) (id string, err error) {
	switch {
	case m.NewProduct != nil:
		err = r.eachProduct(false, func(p stripeapi.Product) bool {
			if p.Metadata[boxoffice.MetadataType] == m.TicketTypeID && p.Metadata[boxoffice.MetadataBook] == m.NewProduct.Metadata[boxoffice.MetadataBook] {
				id = p.ID
			}
			return id == ""
		})
	case m.NewPrice != nil:
		err = r.eachPrice(m.ProductID, func(p stripeapi.Price) bool {
			if p.Active && p.Fixed && p.Amount == m.NewPrice.Amount && p.Metadata[boxoffice.MetadataType] == m.TicketTypeID {
				id = p.ID
			}
			return id == ""
		})
	}
	return id, err
}

// learnMethods keeps which ways to pay the account offers, if they are others
// than the book has. A key that may not ask sells by card.
func (r *Reconciler) learnMethods() error {
	methods, err := r.opt.Stripe.Methods(r.life)
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if ok && failure.Failure == stripeapi.Forbidden {
		methods, err = []string{"card"}, nil
	}
	if err != nil {
		return err
	}
	slices.Sort(methods)
	return r.opt.Book.Update(func(tx *ledger.Tx) error {
		known, err := tx.Methods()
		if err != nil || slices.Equal(known, methods) {
			return err
		}
		return r.record(tx, []boxoffice.Fact{boxoffice.MethodsOfferedFact{Methods: methods}})
	})
}
