package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// visitors open the page of a link, which no key can.
type visitors interface {
	// payTwice opens the page twice before it pays the first, and then tries
	// to pay the second.
	payTwice(stripeapi.Link) error
	// open opens the page once and leaves it open.
	open(stripeapi.Link) error
}

// simulated are the simulator's buyers.
type simulated struct{ sim *stripesim.Sim }

func (s simulated) payTwice(l stripeapi.Link) error {
	var pages [2]string
	for i := range pages {
		page, err := s.sim.Visit(l.ID, stripesim.Visitor{})
		if err != nil {
			return err
		}
		pages[i] = page
	}
	for _, page := range pages {
		if err := s.sim.Pay(page, stripesim.Payment{}); err != nil && !refused(err) {
			return err
		}
	}
	return nil
}

func refused(err error) bool {
	_, ok := errors.AsType[*stripesim.Refused](err)
	return ok
}

func (s simulated) open(l stripeapi.Link) error {
	_, err := s.sim.Visit(l.ID, stripesim.Visitor{})
	return err
}

// person is whoever sits at the terminal, with a browser.
type person struct {
	lines *bufio.Reader
	say   io.Writer
	ended <-chan struct{} // closed when the run is
}

func (p *person) payTwice(l stripeapi.Link) error {
	return p.ask(`
A browser is needed now. Open this link in two windows:
  ` + l.URL + `
In both, fill in the card 4242 4242 4242 4242, any date to come, any three digits.
Press Pay in the first, wait until it is paid, then press Pay in the second.
`)
}

func (p *person) open(l stripeapi.Link) error {
	return p.ask(`
Open this link in one window, pay nothing, and leave it open:
  ` + l.URL + `
`)
}

// ask waits until it is done. Who types anything, or has gone, leaves it out.
func (p *person) ask(what string) error {
	fmt.Fprint(p.say, what, "When it is done press Enter; to leave it out type no and press Enter. ")
	type typed struct {
		text string
		err  error
	}
	done := make(chan typed, 1)
	go func() {
		text, err := p.lines.ReadString('\n')
		done <- typed{text, err}
	}()
	select {
	case t := <-done:
		if t.err != nil || strings.TrimSpace(t.text) != "" {
			return skip("left out at the terminal")
		}
		return nil
	case <-p.ended:
		return context.Canceled
	}
}
