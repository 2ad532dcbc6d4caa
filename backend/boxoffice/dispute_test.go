package boxoffice

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func disputeStatuses() []DisputeStatus {
	return []DisputeStatus{
		DisputeWarningNeedsResponse, DisputeWarningUnderReview, DisputeWarningClosed, DisputeNeedsResponse, DisputeUnderReview, DisputeLost, DisputeWon,
	}
}

func TestWhatIsKnownAfterTwoSights(t *testing.T) {
	due := noon.AddDate(0, 0, 7)
	sight := func(s DisputeStatus, withdrawn, reinstated int64) Dispute {
		return Dispute{ID: "dp_1", Amount: eur(2400), Status: s, Reason: "fraudulent", Withdrawn: withdrawn, Reinstated: reinstated}
	}
	dueBy := func(d Dispute, at time.Time) Dispute { d.DueBy = at; return d }
	for name, test := range map[string]struct{ first, second, want Dispute }{
		"the same":                           {sight(DisputeNeedsResponse, 2400, 0), sight(DisputeNeedsResponse, 2400, 0), sight(DisputeNeedsResponse, 2400, 0)},
		"an inquiry":                         {sight(DisputeWarningNeedsResponse, 0, 0), sight(DisputeWarningUnderReview, 0, 0), sight(DisputeWarningUnderReview, 0, 0)},
		"an inquiry that becomes a dispute":  {sight(DisputeWarningClosed, 0, 0), sight(DisputeNeedsResponse, 2400, 0), sight(DisputeNeedsResponse, 2400, 0)},
		"won":                                {sight(DisputeUnderReview, 2400, 0), sight(DisputeWon, 2400, 2400), sight(DisputeWon, 2400, 2400)},
		"lost, then won":                     {sight(DisputeLost, 2400, 0), sight(DisputeWon, 2400, 2400), sight(DisputeWon, 2400, 2400)},
		"the money before the word":          {sight(DisputeUnderReview, 2400, 2400), sight(DisputeWon, 2400, 0), sight(DisputeWon, 2400, 2400)},
		"the bank gives more time":           {dueBy(sight(DisputeNeedsResponse, 0, 0), noon), dueBy(sight(DisputeNeedsResponse, 0, 0), due), dueBy(sight(DisputeNeedsResponse, 0, 0), due)},
		"over, there is no date any more":    {dueBy(sight(DisputeNeedsResponse, 0, 0), due), sight(DisputeLost, 0, 0), sight(DisputeLost, 0, 0)},
		"a word that nobody here knows yet":  {sight(DisputeUnderReview, 0, 0), sight("prevented", 0, 0), sight(DisputeUnderReview, 0, 0)},
		"only the amount of it, which grew":  {sight(DisputeUnderReview, 0, 0), Dispute{ID: "dp_1", Amount: eur(2500), Status: DisputeUnderReview, Reason: "general"}, Dispute{ID: "dp_1", Amount: eur(2500), Status: DisputeUnderReview, Reason: "general"}},
		"only the reason that the bank gave": {sight(DisputeUnderReview, 0, 0), Dispute{ID: "dp_1", Amount: eur(2400), Status: DisputeUnderReview, Reason: "general"}, Dispute{ID: "dp_1", Amount: eur(2400), Status: DisputeUnderReview, Reason: "general"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.first.Merge(test.second)); diff != "" {
				t.Errorf("after the first came the second (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, test.second.Merge(test.first)); diff != "" {
				t.Errorf("after the second came the first (-want +got):\n%s", diff)
			}
			r, err := Returns{}.Apply(DisputeRecordedFact{Dispute: test.first})
			if err != nil || r.BringsDispute(test.first) {
				t.Errorf("the first sight is not in the book: %+v, %v", r, err)
			}
			if brings := r.BringsDispute(test.second); brings != !cmp.Equal(test.want, test.first) {
				t.Errorf("the second sight brings something: %v", brings)
			}
			again, err := r.Apply(DisputeRecordedFact{Dispute: test.second})
			if got, _ := again.DisputeByID("dp_1"); err != nil || !cmp.Equal(test.want, got) || len(again.Disputes) != 1 {
				t.Errorf("the book has %+v, %v", again.Disputes, err)
			}
			if !cmp.Equal(test.first, r.Disputes[0]) {
				t.Error("what was there before was changed under its reader")
			}
		})
	}
}

func TestOpenDisputes(t *testing.T) {
	for _, s := range disputeStatuses() {
		if over := s == DisputeWarningClosed || s == DisputeLost || s == DisputeWon; s.Open() == over {
			t.Errorf("%s is open: %v", s, s.Open())
		}
	}
	if !(Returns{}).BringsDispute(Dispute{ID: "dp_1"}) {
		t.Error("a dispute that the book does not have brings nothing")
	}
}

// TestAnyOrderOfSightsOfADispute merges the same sights in two orders.
func TestAnyOrderOfSightsOfADispute(t *testing.T) {
	sight := rapid.Custom(func(t *rapid.T) Dispute {
		d := Dispute{
			ID: "dp_1", Amount: eur(rapid.Int64Range(1, 3).Draw(t, "amount")), Status: rapid.SampledFrom(disputeStatuses()).Draw(t, "status"),
			Reason:    rapid.SampledFrom([]string{"general", "fraudulent", "duplicate"}).Draw(t, "reason"),
			Withdrawn: rapid.Int64Range(0, 3).Draw(t, "withdrawn"), Reinstated: rapid.Int64Range(0, 3).Draw(t, "reinstated"),
		}
		if days := rapid.IntRange(0, 3).Draw(t, "due"); days > 0 {
			d.DueBy = noon.AddDate(0, 0, days)
		}
		return d
	})
	rapid.Check(t, func(t *rapid.T) {
		sights := rapid.SliceOfN(sight, 1, 6).Draw(t, "sights")
		merge := func(label string) (r Returns) {
			for _, d := range rapid.Permutation(append(sights, sights[0])).Draw(t, label) {
				r, _ = r.Apply(DisputeRecordedFact{Dispute: d})
			}
			return r
		}
		one, another := merge("one order"), merge("another")
		if diff := cmp.Diff(one, another); diff != "" {
			t.Fatalf("two orders gave two disputes:\n%s", diff)
		}
		for _, d := range sights {
			if one.BringsDispute(d) {
				t.Fatalf("%+v is in the book, and would be recorded for ever", d)
			}
		}
	})
}
