package boxoffice

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

func TestIDs(t *testing.T) {
	ids := IDs{Source: rand.Reader, Now: time.Now}
	seen := map[string]bool{}
	for range 2000 {
		id := ids.New("tkt")
		random, ok := strings.CutPrefix(id, "tkt-")
		if !ok || len(random) != 24 || strings.Trim(random, "0123456789abcdefghijklmnopqrstuv") != "" {
			t.Fatalf("the id is %q, want tkt- and 24 letters and digits", id)
		}
		if seen[id] {
			t.Fatalf("%s was given twice", id)
		}
		seen[id] = true
	}
}

func TestIDsUseEveryBitOfTheSource(t *testing.T) {
	source := make([]byte, 9)
	id := func(source []byte) string { return IDs{Source: bytes.NewReader(source), Now: atNoon}.New("x") }
	ids := map[string]bool{id(source): true}
	for bit := range 8 * len(source) {
		changed := bytes.Clone(source)
		changed[bit/8] ^= 1 << (bit % 8)
		ids[id(changed)] = true
	}
	if len(ids) != 73 {
		t.Errorf("73 sources give %d ids: some of the 72 bits are lost", len(ids))
	}
}

func atNoon() time.Time { return noon }

// TestIDsSortByTime, whatever the random bits are, for as long as anybody sells.
func TestIDsSortByTime(t *testing.T) {
	first, last := bytes.Repeat([]byte{0xff}, 9), make([]byte, 9)
	for _, at := range []time.Time{noon, noon.AddDate(0, 6, 0), noon.AddDate(8000, 0, 0)} {
		before := IDs{Source: bytes.NewReader(first), Now: func() time.Time { return at }}.New("ord")
		after := IDs{Source: bytes.NewReader(last), Now: func() time.Time { return at.Add(time.Millisecond) }}.New("ord")
		if before >= after {
			t.Errorf("%s was made at %v, a millisecond before %s, and sorts after it", before, at, after)
		}
	}
}

func TestCodesCanBeReadAloud(t *testing.T) {
	for _, confused := range "0O1ILUAE" {
		if strings.ContainsRune(codeAlphabet, confused) {
			t.Errorf("codes have %c, which is misread, misheard or makes words", confused)
		}
	}
	for i, letter := range codeAlphabet {
		if strings.ContainsRune(codeAlphabet[i+1:], letter) {
			t.Errorf("%c is twice in the alphabet, and would come twice as often", letter)
		}
	}
}

// TestCodesAreUniform counts every letter at every place. Each of the cells
// has a binomial distribution; one that is six standard deviations off would
// come once in a million runs by chance.
func TestCodesAreUniform(t *testing.T) {
	ids := IDs{Source: rand.Reader}
	const runs = 28_000
	var count [codeLength]map[byte]int
	for i := range count {
		count[i] = map[byte]int{}
	}
	for range runs {
		code := ids.Code()
		if len(code) != codeLength {
			t.Fatalf("the code %q has %d letters, want %d", code, len(code), codeLength)
		}
		for i := range codeLength {
			count[i][code[i]]++
		}
	}
	p := 1 / float64(len(codeAlphabet))
	mean, sigma := runs*p, math.Sqrt(runs*p*(1-p))
	for i := range count {
		for _, letter := range []byte(codeAlphabet) {
			if off := math.Abs(float64(count[i][letter]) - mean); off > 6*sigma {
				t.Errorf("%c came %d times at place %d of %d codes, want about %.0f", letter, count[i][letter], i, runs, mean)
			}
			delete(count[i], letter)
		}
		if len(count[i]) > 0 {
			t.Errorf("at place %d there are letters outside the alphabet: %v", i, count[i])
		}
	}
}

func TestCodesSkipBytesThatWouldBeUnfair(t *testing.T) {
	// 252 to 255 would make the first four letters of the alphabet likelier.
	source := []byte{255, 0, 254, 1, 253, 27, 252, 28, 29, 251}
	if got, want := (IDs{Source: bytes.NewReader(source)}).Code(), "23Z23Z"; got != want {
		t.Errorf("the code is %s, want %s", got, want)
	}
}

func TestIDsFromManyGoroutines(t *testing.T) {
	ids := IDs{Source: rand.Reader, Now: time.Now}
	var mu sync.Mutex
	seen := map[string]bool{}
	var sellers sync.WaitGroup
	for range 8 {
		sellers.Go(func() {
			for range 100 {
				id := ids.New("ord")
				mu.Lock()
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	sellers.Wait()
	if len(seen) != 800 {
		t.Errorf("800 ids are only %d different ones", len(seen))
	}
}

func TestWithoutRandomnessNothingIsSold(t *testing.T) {
	for name, source := range map[string]io.Reader{
		"it fails":   iotest.ErrReader(errors.New("no entropy")),
		"it ends":    bytes.NewReader([]byte{1, 2, 3}),
		"it is none": bytes.NewReader(nil),
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if text, _ := recover().(string); !strings.Contains(text, "no randomness") {
					t.Errorf("it went on with %q", text)
				}
			}()
			t.Errorf("an id was made: %s", IDs{Source: source, Now: atNoon}.New("tkt"))
		})
	}
}
