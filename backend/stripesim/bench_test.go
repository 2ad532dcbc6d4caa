package stripesim

import (
	"path/filepath"
	"testing"
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
