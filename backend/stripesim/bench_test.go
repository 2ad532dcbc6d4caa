package stripesim

import (
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkReplay is the start of a simulator after 500 sales.
func BenchmarkReplay(b *testing.B) {
	path := filepath.Join(b.TempDir(), "stripe.jsonl")
	s, err := Open(Options{StatePath: path})
	if err != nil {
		b.Fatal(err)
	}
	for range 500 {
		if err := s.Pay(openDirectly(b, s), Payment{}); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(s.journal.size)
	for b.Loop() {
		again, err := Open(Options{StatePath: path})
		if err != nil {
			b.Fatal(err)
		}
		if err := again.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSale is one session opened and paid, in memory.
func BenchmarkSale(b *testing.B) {
	s, err := Open(Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := s.Pay(openDirectly(b, s), Payment{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSeed is three days of 20,000 sales, in memory: 100,000 events.
func BenchmarkSeed(b *testing.B) {
	for b.Loop() {
		c := newClock()
		s, err := Open(Options{Now: c.now})
		if err != nil {
			b.Fatal(err)
		}
		link := linkDirectly(b, s)
		if err := s.Seed(SeedOptions{Link: link, Sales: 20_000, Refunds: 200, Disputes: 20, From: c.now().Add(-72 * time.Hour), To: c.now()}); err != nil {
			b.Fatal(err)
		}
	}
}

// linkDirectly makes a payment link without HTTP.
func linkDirectly(b *testing.B, s *Sim) string {
	b.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.begin(s.accounts[s.main])
	t.args = must(parseForm("currency=eur&unit_amount=1200&product_data[name]=Seat"))
	if _, err := t.createPrice(); err != nil {
		b.Fatal(err)
	}
	t.args = must(parseForm("line_items[0][quantity]=2&line_items[0][price]=" + t.wrote.Prices[0].ID))
	made, err := t.createLink()
	if err != nil {
		b.Fatal(err)
	}
	if err := t.commit(); err != nil {
		b.Fatal(err)
	}
	l, ok := made.(*link)
	if !ok {
		b.Fatalf("made %T", made)
	}
	return l.ID
}

// openDirectly opens the sale without HTTP.
func openDirectly(b *testing.B, s *Sim) string {
	b.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.begin(s.accounts[s.main])
	t.args = must(parseForm(sale))
	v, err := t.createSession()
	if err != nil {
		b.Fatal(err)
	}
	if err := t.commit(); err != nil {
		b.Fatal(err)
	}
	made, ok := v.(*session)
	if !ok {
		b.Fatalf("made %T", v)
	}
	return made.ID
}
