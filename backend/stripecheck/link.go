package main

import (
	"context"
	"fmt"
	"maps"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// shortURL is the most that a link's address has, in bytes: its code is read
// across a room.
const shortURL = 60

func linkChecks() []check {
	const poster, reconcile = "desk/poster.go", "reconcile/link.go"
	return []check{
		{"13.1", "a link is taken as a poster asks for it, with a limit of 1", poster, func(l *line, ctx context.Context) (saw string, err error) {
			if l.link, err = l.makeLink(ctx, 1); err != nil {
				return "", err
			}
			if !l.link.Active || l.link.Livemode || l.link.Metadata[mark] != l.run {
				return "", deny("it came back active %t, livemode %t, metadata %v", l.link.Active, l.link.Livemode, l.link.Metadata)
			}
			return l.link.ID, nil
		}},
		{"13.2", fmt.Sprintf("a link's address has %d bytes at most", shortURL), "paper/qr.go", func(l *line, _ context.Context) (string, error) {
			if err := need(l.link.ID, "13.1"); err != nil {
				return "", err
			}
			if len(l.link.URL) > shortURL {
				return "", deny("%d bytes", len(l.link.URL))
			}
			return fmt.Sprintf("%d bytes", len(l.link.URL)), nil
		}},
		{"13.3", "the list shows a new link, with its metadata", reconcile, (*line).listLink},
		{"13.4", "a link that nobody has opened has no sessions", reconcile, func(l *line, ctx context.Context) (string, error) {
			if err := need(l.link.ID, "13.1"); err != nil {
				return "", err
			}
			pages, err := l.opened(ctx, l.link.ID)
			if err == nil && len(pages) > 0 {
				err = deny("it has %d", len(pages))
			}
			return "an empty list", err
		}},
		{"13.5", "a link can be closed, and is closed at once", reconcile, func(l *line, ctx context.Context) (string, error) {
			if err := need(l.link.ID, "13.1"); err != nil {
				return "", err
			}
			closed, err := l.CloseLink(ctx, l.newKey(), l.link.ID)
			if err != nil {
				return "", err
			}
			fetched, err := l.Link(ctx, l.link.ID)
			if err == nil && (closed.Active || fetched.Active) {
				err = deny("it is active still")
			}
			return "active false", err
		}},
	}
}

// makeLink makes one as a poster does. At the end it is closed, its open pages
// are expired, and what was paid by it is refunded.
func (l *line) makeLink(ctx context.Context, limit int64) (stripeapi.Link, error) {
	if err := need(l.second.ID, "3.4"); err != nil {
		return stripeapi.Link{}, err
	}
	link, err := l.CreateLink(ctx, l.newKey(), boxoffice.LinkRequest{
		PriceID: l.second.ID, Quantity: 1, Limit: limit,
		Metadata:     l.metadata(boxoffice.MetadataPoster, "pos-"+l.newKey(), boxoffice.MetadataCode, "K7Q"),
		Confirmation: "At the desk, say K7Q and your name, or show the last four digits of your card. Playhouse, Thu 5 Mar 2026, 19:30",
		Closed:       "These tickets are not sold here any more. Ask at the desk: Playhouse, Thu 5 Mar 2026, 19:30",
		Submit:       "Playhouse, Thu 5 Mar 2026, 19:30", Methods: boxoffice.ImmediateByLink(l.offered, "eur"), Descriptor: boxoffice.Descriptor("K7Q"),
	})
	if err == nil {
		l.later("link "+link.ID, func(ctx context.Context) error { return l.endLink(ctx, link.ID) })
	}
	return link, err
}

func (l *line) endLink(ctx context.Context, id string) error {
	if _, err := l.CloseLink(ctx, l.newKey(), id); err != nil {
		return err
	}
	pages, err := l.opened(ctx, id)
	for _, s := range pages {
		if err == nil && s.Status == stripeapi.SessionOpen {
			_, err = l.ExpireSession(ctx, l.newKey(), s.ID)
		}
		if err == nil && s.Paid {
			err = l.endPayment(ctx, s.Payment.IntentID)
		}
	}
	return err
}

// opened are the sessions of a link's visitors.
func (l *line) opened(ctx context.Context, id string) (all []stripeapi.Session, err error) {
	_, _, err = search(func(after string) ([]stripeapi.Session, bool, error) {
		page, err := l.LinkSessions(ctx, id, "", after)
		all = append(all, page.Sessions...)
		return page.Sessions, page.More, err
	}, func(s stripeapi.Session) string { return s.ID }, func(stripeapi.Session) bool { return false })
	return all, err
}

func (l *line) listLink(ctx context.Context) (string, error) {
	if err := need(l.link.ID, "13.1"); err != nil {
		return "", err
	}
	took, err := l.soon(l.now(), settled, func() (bool, error) {
		one, found, err := search(func(after string) ([]stripeapi.Link, bool, error) {
			page, err := l.Links(ctx, after)
			return page.Links, page.More, err
		}, func(k stripeapi.Link) string { return k.ID }, func(k stripeapi.Link) bool { return k.ID == l.link.ID })
		if found && !maps.Equal(one.Metadata, l.link.Metadata) {
			err = deny("listed with the metadata %v", one.Metadata)
		}
		return found, err
	})
	return fmt.Sprintf("after %s", took), err
}
