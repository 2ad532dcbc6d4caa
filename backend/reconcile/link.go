package reconcile

import (
	"errors"
	"log/slog"
	"strconv"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

// makeLink makes a poster's link. A link that nobody has seen sells nothing,
// so an unknown outcome is settled by asking again with the same key, and when
// that is too old by Stripe's list.
func (r *Reconciler) makeLink(i boxoffice.Intent, earlier bool) (fresh bool, err error) {
	if old, err := r.outlived(i, earlier); err != nil {
		return false, err
	} else if old {
		return false, r.searchLink(i, errUnmade)
	}
	link, err := r.opt.Stripe.CreateLink(r.life, i.Key, *i.Link)
	r.doubt(i, err)
	if err == nil {
		return false, r.answer(i, boxoffice.PosterOpenedFact{OfPoster: boxoffice.OfPoster{PosterID: i.PosterID}, LinkID: link.ID, URL: link.URL})
	}
	failure, ok := errors.AsType[*stripeapi.Error](err)
	switch {
	case !ok:
		return false, err
	case failure.NothingDone(earlier || failure.Resent) && !earlier:
		return true, r.decline(i, boxoffice.PosterRefusedFact{OfPoster: boxoffice.OfPoster{PosterID: i.PosterID}, Problem: linkProblem(err)}, err)
	case failure.NothingDone(true), failure.Failure == stripeapi.KeyReused, failure.Failure == stripeapi.Broken && failure.Replayed:
		return false, r.searchLink(i, err)
	default:
		return false, err
	}
}

// searchLink finds out from Stripe's list whether the link was made.
func (r *Reconciler) searchLink(i boxoffice.Intent, why error) error {
	for after := ""; ; {
		page, err := r.opt.Stripe.Links(r.life, after)
		if err != nil {
			return err
		}
		for _, l := range page.Links {
			if l.Metadata[boxoffice.MetadataPoster] == i.PosterID {
				return r.answer(i, boxoffice.PosterOpenedFact{OfPoster: boxoffice.OfPoster{PosterID: i.PosterID}, LinkID: l.ID, URL: l.URL})
			}
			after = l.ID
		}
		if !page.More {
			break
		}
	}
	if r.tooSoon(i) {
		return errTooSoon
	}
	return r.decline(i, boxoffice.PosterRefusedFact{OfPoster: boxoffice.OfPoster{PosterID: i.PosterID}, Problem: linkProblem(why)}, why)
}

// answer records what became of an intent, unless somebody was faster.
func (r *Reconciler) answer(i boxoffice.Intent, facts ...boxoffice.Fact) error {
	return r.opt.Book.Update(func(tx *ledger.Tx) error {
		if _, open, err := tx.Intent(i.Key); err != nil || !open {
			return err
		}
		return r.record(tx, facts)
	})
}

// errDecides says that buyers of the poster are done, and their banks are not.
var errDecides = errors.New("a bank has not decided about a sale by the poster")

// closeLink closes a poster's link and every page that it opened, and takes in
// each sale that was made by it, before the rest of its seats come free. Each
// step can be done again.
func (r *Reconciler) closeLink(i boxoffice.Intent, try int) error {
	asker, closed := r.Asker(), boxoffice.PosterClosedFact{OfPoster: boxoffice.OfPoster{PosterID: i.PosterID}}
	_, err := r.opt.Stripe.CloseLink(r.life, retried(i.Key, try), i.CloseLink)
	if missing(err) {
		if err = r.deleted(r.life, "", asker, i.RecordedAt.Add(sessionLife), err); err == nil {
			return r.answer(i, closed)
		}
	}
	if err != nil {
		return err
	}
	r.mu.Lock()
	_, before := r.doubted[i.Key]
	r.mu.Unlock()
	if !before {
		r.unsure(i.Key) // a page that a visitor opened just before may not be in the list yet
	}
	err = r.eachOfLink(i.CloseLink, stripeapi.SessionOpen, func(s stripeapi.Session) error {
		if _, err := r.opt.Stripe.ExpireSession(r.life, retried(i.Key+"-"+s.ID, try), s.ID); err != nil {
			// The buyer may have been faster: the list below tells.
			r.opt.Log.Info("reconcile: a poster's page was not closed", slog.String("session", s.ID), slog.Any("error", err))
		}
		return nil
	})
	if err != nil {
		return err
	}
	var open, undecided error
	err = r.eachOfLink(i.CloseLink, "", func(s stripeapi.Session) error {
		switch v := judge(s); {
		case v == waiting:
			open = errStillOpen
		case !v.decided():
			undecided = errDecides
		}
		return r.observe(s)
	})
	if err := errors.Join(err, open, undecided); err != nil {
		return err
	}
	if r.tooSoon(i) {
		return errTooSoon
	}
	return r.answer(i, closed)
}

// retried is the key of a try. Doing it twice does no harm, and a stored
// failure would be said for ever.
func retried(key string, try int) string {
	if try == 0 {
		return key
	}
	return key + "-" + strconv.Itoa(try)
}

func (r *Reconciler) eachOfLink(linkID string, status stripeapi.SessionStatus, fn func(stripeapi.Session) error) error {
	for after := ""; ; {
		page, err := r.opt.Stripe.LinkSessions(r.life, linkID, status, after)
		if err != nil {
			return err
		}
		for _, s := range page.Sessions {
			if err := fn(s); err != nil {
				return err
			}
			after = s.ID
		}
		if !page.More {
			return nil
		}
	}
}
