package main

import (
	"context"
	"fmt"

	"willcall/backend/stripeapi"
)

// visitorChecks need somebody to open a link's page. Willcall is right whichever
// way these turn out; the simulator plays the worse for the merchant until its
// Assumptions say otherwise.
func visitorChecks() []check {
	const sim = "stripesim/visit.go"
	return []check{
		{"16.1", "a page that was open when a link's limit was reached can still be paid", sim, (*line).payPastLimit},
		{"16.2", "a page that was open when its link was closed stays open", sim, (*line).closeUnder},
		{"16.3", "an open page of a closed link can be expired", "reconcile/link.go", func(l *line, ctx context.Context) (string, error) {
			if err := need(l.link.ID, "16.2"); err != nil {
				return "", err
			}
			pages, err := l.opened(ctx, l.link.ID)
			if err != nil {
				return "", err
			}
			for _, page := range pages {
				if page.Status == stripeapi.SessionOpen {
					s, err := l.ExpireSession(ctx, l.newKey(), page.ID)
					if err == nil && s.Status != stripeapi.SessionExpired {
						err = deny("it is %s", s.Status)
					}
					return string(s.Status), err
				}
			}
			return "", skip("no page is open: needs 16.2")
		}},
	}
}

func (l *line) payPastLimit(ctx context.Context) (string, error) {
	link, err := l.visited(ctx, 1, func(v visitors, link stripeapi.Link) error { return v.payTwice(link) })
	if err != nil {
		return "", err
	}
	pages, err := l.opened(ctx, link.ID)
	if err != nil {
		return "", err
	}
	paid := 0
	for _, s := range pages {
		if s.Paid {
			paid++
		}
	}
	saw := fmt.Sprintf("%d pages opened, %d paid, limit 1", len(pages), paid)
	switch {
	case len(pages) < 2 || paid == 0:
		return "", skip("%s: it needs two pages, the second tried after the first was paid", saw)
	case paid == 1:
		return "", deny("%s: the limit is atomic, or it closes the link and that ends pages: stripesim's LimitIsAtomic or ClosingEndsSessions should be so", saw)
	}
	return saw, nil
}

func (l *line) closeUnder(ctx context.Context) (string, error) {
	link, err := l.visited(ctx, 5, func(v visitors, link stripeapi.Link) error { return v.open(link) })
	if err != nil {
		return "", err
	}
	l.link = link
	before, err := l.opened(ctx, link.ID)
	if err != nil {
		return "", err
	}
	if len(before) == 0 || before[0].Status != stripeapi.SessionOpen {
		return "", skip("no page was open")
	}
	if _, err := l.CloseLink(ctx, l.newKey(), link.ID); err != nil {
		return "", err
	}
	if err := l.pause(l.patience); err != nil {
		return "", err
	}
	s, err := l.Session(ctx, before[0].ID)
	if err == nil && s.Status != stripeapi.SessionOpen {
		err = deny("it is %s: closing ends sessions, and stripesim's ClosingEndsSessions should be so", s.Status)
	}
	return fmt.Sprintf("%s %s after closing", s.Status, l.patience), err
}

// visited makes a link and has it visited.
func (l *line) visited(ctx context.Context, limit int64, visit func(visitors, stripeapi.Link) error) (stripeapi.Link, error) {
	if l.visitors == nil {
		return stripeapi.Link{}, skip("only a browser opens a link: run it at a terminal")
	}
	link, err := l.makeLink(ctx, limit)
	if err != nil {
		return link, err
	}
	return link, visit(l.visitors, link)
}
