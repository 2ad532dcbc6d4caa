package boxoffice

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What each fact makes of a poster in each state; "" where it cannot follow.
func TestThePostersStates(t *testing.T) {
	of := OfPoster{PosterID: "pst-1"}
	problem := Problem{Code: CodeStripeRefused, Detail: "No.", Next: "Again."}
	facts := []struct {
		fact  Fact
		after map[PosterState]PosterState
	}{
		{PosterOpenedFact{of, "plink_1", "https://buy.stripe.com/1"}, map[PosterState]PosterState{PosterStarting: PosterOpen}},
		{PosterRefusedFact{of, problem}, map[PosterState]PosterState{PosterStarting: PosterRefused}},
		{PosterCloseAskedFact{OfPoster: of}, map[PosterState]PosterState{PosterOpen: PosterClosing}},
		{PosterClosedFact{of}, map[PosterState]PosterState{PosterClosing: PosterClosed}},
		{PosterMadeFact{}, nil},
		{OrderArrivedFact{PosterID: "pst-1"}, nil},
		{ExpiredFact{}, nil},
	}
	for _, state := range []PosterState{PosterStarting, PosterOpen, PosterClosing, PosterClosed, PosterRefused} {
		for _, f := range facts {
			before := Poster{ID: "pst-1", Code: "K7Q", State: state, Allotment: 4, Arrived: 1}
			after, err := before.Apply(f.fact)
			want := before
			if want.State = f.after[state]; want.State == "" {
				if err == nil || !strings.Contains(err.Error(), "K7Q is "+string(state)) || after.State != state {
					t.Errorf("%s: %s made it %s, %v", state, f.fact.Kind(), after.State, err)
				}
				continue
			}
			switch f.fact.(type) {
			case PosterOpenedFact:
				want.LinkID, want.URL = "plink_1", "https://buy.stripe.com/1"
			case PosterRefusedFact:
				want.Problem = &problem
			}
			if diff := cmp.Diff(want, after); err != nil || diff != "" {
				t.Errorf("%s: %s: %v (-want +got):\n%s", state, f.fact.Kind(), err, diff)
			}
		}
	}
}

func TestWhatIsLeftOfAPoster(t *testing.T) {
	for state, left := range map[PosterState]int{PosterStarting: 3, PosterOpen: 3, PosterClosing: 3, PosterClosed: 0, PosterRefused: 0} {
		p := Poster{Code: "K7Q", State: state, Allotment: 4, Arrived: 1}
		if p.Left() != left {
			t.Errorf("%s: %d are left, want %d", state, p.Left(), left)
		}
		if all, err := p.Arrive(left); err != nil || all.Arrived != 1+left || all.Left() != 0 {
			t.Errorf("%s: %d arrived, %v", state, all.Arrived, err)
		}
		if more, err := p.Arrive(left + 1); err == nil || more.Arrived != 1 {
			t.Errorf("%s: one more than is left arrived", state)
		}
	}
}

func TestQuotaAllot(t *testing.T) {
	q := Quota{ID: "house", Size: 10, Held: 3, Sold: 4, Allotted: 1}
	for seats, want := range map[int]int{0: 1, 2: 3, -1: 0} {
		got, err := q.Allot(seats)
		if err != nil || got.Allotted != want || got.Held != 3 || got.Sold != 4 || got.Taken() != 7+want || got.Available() != 3-want {
			t.Errorf("%+d: %+v, %v", seats, got, err)
		}
	}
	for _, seats := range []int{3, -2} {
		if got, err := q.Allot(seats); err == nil {
			t.Errorf("%+d: %+v", seats, got)
		}
	}
	if _, err := q.Move(2, 0); err != nil {
		t.Errorf("the last two seats cannot be held: %v", err)
	}
	if got, err := q.Move(3, 0); err == nil {
		t.Errorf("a seat that is set apart was held: %+v", got)
	}
}

func TestQuotaChange(t *testing.T) {
	q := Quota{ID: "house", PerformanceID: "fri", TicketTypeIDs: []string{"adult"}, Size: 10, Held: 3, Sold: 4, Allotted: 1}
	for _, size := range []int{8, 9, 500} {
		got, err := q.Change(QuotaChangedFact{QuotaID: "house", TicketTypeIDs: []string{"child"}, Size: size})
		want := q
		want.Size, want.TicketTypeIDs = size, []string{"child"}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%d: %v\n%s", size, err, diff)
		}
	}
	for _, size := range []int{7, 0, -1} {
		if got, err := q.Change(QuotaChangedFact{Size: size}); err == nil || got.Size != 10 {
			t.Errorf("it shrank to %d below what is taken: %+v", size, got)
		}
	}
}
