package boxoffice

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQuotaMove(t *testing.T) {
	q := Quota{ID: "house", Size: 10, Held: 3, Sold: 5}
	tests := map[string]struct {
		held, sold int
		want       Quota // zero if it is refused
	}{
		"nothing":                    {0, 0, q},
		"the last two are held":      {2, 0, Quota{ID: "house", Size: 10, Held: 5, Sold: 5}},
		"the last two are sold":      {0, 2, Quota{ID: "house", Size: 10, Held: 3, Sold: 7}},
		"what was held is sold":      {-3, 3, Quota{ID: "house", Size: 10, Held: 0, Sold: 8}},
		"what was held is released":  {-3, 0, Quota{ID: "house", Size: 10, Held: 0, Sold: 5}},
		"one more than there are":    {3, 0, Quota{}},
		"one more than there are, 2": {0, 3, Quota{}},
		"more back than was held":    {-4, 0, Quota{}},
		"more back than was sold":    {0, -6, Quota{}},
		"a swap into less than none": {-4, 4, Quota{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := q.Move(test.held, test.sold)
			if refused := test.want.ID == ""; refused != (err != nil) {
				t.Fatalf("the error is %v, want one: %v", err, refused)
			}
			if diff := cmp.Diff(test.want, got); err == nil && diff != "" {
				t.Errorf("the quota is not as it should be (-want +got):\n%s", diff)
			}
			if q.Held != 3 || q.Sold != 5 {
				t.Error("the quota that was moved from has changed")
			}
		})
	}
}

func TestMovesOfAHold(t *testing.T) {
	none := HoldState("")
	tests := []struct {
		before, after HoldState
		held, sold    int
	}{
		{none, Held, 1, 0}, {none, Sold, 0, 1}, {none, Released, 0, 0},
		{Held, Held, 0, 0}, {Held, Sold, -1, 1}, {Held, Released, -1, 0},
		{Sold, Held, 1, -1}, {Sold, Sold, 0, 0}, {Sold, Released, 0, -1},
		{Released, Held, 1, 0}, {Released, Sold, 0, 1}, {Released, Released, 0, 0},
	}
	for _, test := range tests {
		claims := []Claim{{QuotaID: "house", Seats: 1}}
		var held, sold int
		for _, m := range (Hold{State: test.before, Claims: claims}).Moves(Hold{State: test.after, Claims: claims}) {
			held, sold = held+m.Held, sold+m.Sold
		}
		if held != test.held || sold != test.sold {
			t.Errorf("from %q to %q: held %+d and sold %+d, want %+d and %+d", test.before, test.after, held, sold, test.held, test.sold)
		}
	}
}

func TestQuotaCovers(t *testing.T) {
	q := Quota{PerformanceID: "fri", TicketTypeIDs: []string{"adult", "child"}, Size: 10}
	for _, test := range []struct {
		performance, kind string
		want              bool
	}{
		{"fri", "adult", true}, {"fri", "child", true}, {"fri", "balcony", false}, {"sat", "adult", false}, {"", "", false},
	} {
		if q.Covers(test.performance, test.kind) != test.want {
			t.Errorf("%s on %s: covered is %v", test.kind, test.performance, !test.want)
		}
	}
}
