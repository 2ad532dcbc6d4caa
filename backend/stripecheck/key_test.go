package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

func TestWhichKeysAreTried(t *testing.T) {
	const good = "sk_test_9fXq27LmZw04TbNe"
	for _, c := range []struct {
		key, without string
		want         error
	}{
		{good, "", nil},
		{"rk_test_9fXq27LmZw04TbNe", "", nil},
		{good, "rk_test_4TbNe9fXq27LmZw0", nil},
		{"sk_live_of_a_test_9fXq27", "", errLive},
		{"rk_live_of_a_test_9fXq27", "", errLive},
		{"pk_live_of_a_test_9fXq27", "", errLive},
		{good, "rk_live_of_a_test_9fXq27", errLive},
		{"pk_test_9fXq27LmZw04TbNe", "", errNoKey},
		{"whsec_9fXq27LmZw04TbNe", "", errNoKey},
		{" " + good, "", errNoKey},
		{good, "sk_test_4TbNe9fXq27LmZw0", errUnable},
	} {
		to, err := stripe(c.key, c.without)
		if !errors.Is(err, c.want) {
			t.Errorf("%q and %q: %v, want %v", c.key, c.without, err, c.want)
		}
		if err == nil && (to.base != "https://api.stripe.com" || to.simulated || to.key != c.key || to.without != c.without) {
			t.Errorf("%q asks %+v", c.key, to)
		}
		if err == nil {
			continue
		}
		if strings.Contains(err.Error(), "9fXq27LmZw04TbNe") {
			t.Errorf("the error repeats the key: %v", err)
		}
		if c.key == good {
			continue
		}
		if right, err := run(t.Context(), c.key, c.without); right || !errors.Is(err, c.want) {
			t.Errorf("the command with %q: %t, %v", c.key, right, err)
		}
	}
}

// TestNoKeyIsPrinted: neither those that are right nor those that are wrong,
// not even as Stripe masks them.
func TestNoKeyIsPrinted(t *testing.T) {
	const owner, lacking = "sk_test_9fXq27LmZw04TbNe", "rk_test_51kR8sVd3WcYp6Jh"
	s := served(t)
	for _, k := range []stripesim.Key{{Value: owner}, {Value: lacking, Kind: stripesim.KeyRestricted, Permissions: map[string]string{"balance": "read"}}} {
		if _, err := s.sim.RegisterKey(k); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ key, without string }{{owner, lacking}, {lacking, owner}, {"sk_test_Zz" + owner[8:], lacking}} {
		s.target.key, s.target.without = c.key, c.without
		o := examined(t.Context(), t, s.target)
		for _, secret := range []string{owner, lacking, owner[8:], owner[len(owner)-4:], lacking[len(lacking)-4:], "sk_test_", "rk_test_"} {
			if strings.Contains(o.text, secret) {
				t.Errorf("%q is in what is printed:\n%s", secret, o.text)
			}
		}
		if c.key == owner && !o.right {
			t.Errorf("the run was spoilt:\n%s", o.text)
		}
	}
}

// TestAKeyThatMayLittle: what sells needs is false by name, what is only nice to
// have is left out.
func TestAKeyThatMayLittle(t *testing.T) {
	s := served(t)
	const key = "rk_test_51kR8sVd3WcYp6Jh"
	may := map[string]string{"balance": "read", "checkout_sessions": "write", "products": "write", "prices": "write", "events": "read", "payment_intents": "read", "charges": "read", "refunds": "write"}
	if _, err := s.sim.RegisterKey(stripesim.Key{Value: key, Kind: stripesim.KeyRestricted, Permissions: may}); err != nil {
		t.Fatal(err)
	}
	s.target.key = key
	o := examined(t.Context(), t, s.target)
	if got := o.are(broken); len(got) != 1 || got[0] != "2.4" || o.right {
		t.Errorf("right is %t, false %q", o.right, got)
	}
	for _, number := range []string{"1.3", "2.10", "2.11", "5.1", "5.4", "11.1", "12.1", "13.1", "16.1"} {
		if got := o.rows[number]; got.verdict != string(untried) {
			t.Errorf("%s is %+v", number, got)
		}
	}
	for _, number := range []string{"3.7", "5.3", "8.1", "9.2", "10.1"} {
		if got := o.rows[number]; got.verdict != string(held) {
			t.Errorf("%s is %+v", number, got)
		}
	}
}

// TestAPersonAtTheTerminal can do it, leave it out, or be gone.
func TestAPersonAtTheTerminal(t *testing.T) {
	link := stripeapi.Link{URL: "https://buy.stripe.com/test_5kA9"}
	for typed, done := range map[string]bool{"\n": true, "\r\n": true, "no\n": false, "": false} {
		var said bytes.Buffer
		p := &person{lines: bufio.NewReader(strings.NewReader(typed + typed)), say: &said}
		for _, err := range []error{p.payTwice(link), p.open(link)} {
			_, left := errors.AsType[*skipped](err)
			if done && err != nil || !done && !left {
				t.Errorf("%q: %v", typed, err)
			}
		}
		if strings.Count(said.String(), link.URL) != 2 || !strings.Contains(said.String(), "4242 4242 4242 4242") {
			t.Errorf("it says %q", said.String())
		}
	}
	ended := make(chan struct{})
	close(ended)
	silent, voice := io.Pipe()
	defer voice.Close()
	p := &person{lines: bufio.NewReader(silent), say: io.Discard, ended: ended}
	if err := p.open(link); !errors.Is(err, context.Canceled) {
		t.Errorf("once the run is ended: %v", err)
	}
}
