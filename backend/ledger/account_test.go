package ledger_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

func connectedTo(id string) boxoffice.Fact {
	return boxoffice.AccountConnectedFact{Account: boxoffice.Account{ID: id, Name: "of " + id, Via: boxoffice.ViaKey}}
}

func cutOff(id, reason string) boxoffice.Fact {
	return boxoffice.AccountDisconnectedFact{AccountID: id, Reason: reason}
}

// A book is connected, cut off, and connected again, to one account for ever.
func TestTheBooksAccount(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	account := func() (text string) {
		view(t, b, func(tx *ledger.Tx) error {
			a, connected, ok, err := tx.Account()
			text = strings.Join([]string{a.ID, a.Name, map[bool]string{true: "connected", false: "cut off"}[connected], map[bool]string{true: "known", false: "unknown"}[ok]}, ", ")
			return err
		})
		return text
	}
	if got := account(); got != ", , cut off, unknown" {
		t.Errorf("at first: %s", got)
	}
	for _, step := range []struct {
		fact boxoffice.Fact
		want string
	}{
		{connectedTo(""), ", of , connected, known"}, // a restricted key may not ask whose it is
		{cutOff("", boxoffice.DisconnectedHere), ", of , cut off, known"},
		{connectedTo("acct_1"), "acct_1, of acct_1, connected, known"},
		{connectedTo("acct_1"), "acct_1, of acct_1, connected, known"},
		{cutOff("acct_1", boxoffice.DisconnectedRevoked), "acct_1, of acct_1, cut off, known"},
		{cutOff("acct_1", boxoffice.DisconnectedHere), "acct_1, of acct_1, cut off, known"},
		{connectedTo(""), "acct_1, of , connected, known"}, // and does not take the name that is known
	} {
		testkit.Append(t, b, step.fact)
		if got := account(); got != step.want {
			t.Errorf("after %s: %s, want %s", step.fact.Kind(), got, step.want)
		}
	}
	testkit.MustVerify(t, b)
}

func TestWhatAnAccountDoesNotAllow(t *testing.T) {
	one := func(t testing.TB) *ledger.Book {
		t.Helper()
		b := testkit.Book(t, ledger.Options{})
		testkit.Append(t, b, connectedTo("acct_1"), cutOff("acct_1", boxoffice.DisconnectedHere))
		return b
	}
	refusedFacts(t, one, map[string]refusedFact{
		"another account":          {connectedTo("acct_2"), `"acct_2" cannot take the place of "acct_1"`},
		"another is cut off":       {cutOff("acct_2", boxoffice.DisconnectedHere), `"acct_2" is not the book's`},
		"real money in a training": {boxoffice.AccountConnectedFact{Account: boxoffice.Account{ID: "acct_1", Livemode: true}}, "does not fit a book of mode training"},
	})
	refusedFacts(t, func(t testing.TB) *ledger.Book {
		t.Helper()
		return testkit.Book(t, ledger.Options{})
	}, map[string]refusedFact{
		"none is cut off": {cutOff("", boxoffice.DisconnectedHere), "is not the book's"},
	})
	live := open(t, t.TempDir()+"/live.db")
	testkit.Append(t, live, boxoffice.BookOpenedFact{BookID: "book-2", Mode: boxoffice.Live})
	if err := live.Update(func(tx *ledger.Tx) error { _, err := tx.Append(connectedTo("acct_1")); return err }); err == nil {
		t.Error("a test account was connected to a live book")
	}
	testkit.Append(t, live, boxoffice.AccountConnectedFact{Account: boxoffice.Account{ID: "acct_1", Livemode: true}})
}

func TestMethods(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	for _, want := range [][]string{nil, {"card", "paypal"}, {"card"}} {
		if want != nil {
			testkit.Append(t, b, boxoffice.MethodsOfferedFact{Methods: want})
		}
		view(t, b, func(tx *ledger.Tx) error {
			got, err := tx.Methods()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("methods (-want +got):\n%s", diff)
			}
			return err
		})
	}
	testkit.MustVerify(t, b)
}

// The catalogue as it is edited, and what an edit must not do.
func TestTheCatalogueChanges(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	testkit.Append(t, b, placed(1, 2),
		boxoffice.EventChangedFact{Event: boxoffice.Event{ID: "evt-1", Name: "Macbeth", Revision: 1}},
		boxoffice.QuotaChangedFact{QuotaID: "quota-house", TicketTypeIDs: []string{testkit.Adult}, Size: 2},
		boxoffice.QuotaRemovedFact{QuotaID: "quota-yen"})
	view(t, b, func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		house, _ := c.QuotaByID("quota-house")
		want := boxoffice.Quota{ID: "quota-house", PerformanceID: testkit.Performance, TicketTypeIDs: []string{testkit.Adult}, Size: 2, Held: 2}
		if diff := cmp.Diff(want, house); diff != "" {
			t.Errorf("the house (-want +got):\n%s", diff)
		}
		if _, there := c.QuotaByID("quota-yen"); there || len(c.Events) != 1 || c.Events[0].Name != "Macbeth" {
			t.Errorf("the catalogue is %+v", c)
		}
		return err
	})
	testkit.MustVerify(t, b)
	refusedFacts(t, func(t testing.TB) *ledger.Book {
		t.Helper()
		b := testkit.Book(t, ledger.Options{})
		testkit.Append(t, b, placed(1, 2), opened(1), paid(1), placed(2, 1))
		return b
	}, map[string]refusedFact{
		"an event that is not":      {boxoffice.EventChangedFact{Event: boxoffice.Event{ID: "evt-9"}}, `event "evt-9" is not in the book`},
		"a quota that is not":       {boxoffice.QuotaChangedFact{QuotaID: "quota-9", Size: 1}, "quota-9 is not in the book"},
		"a quota below what's gone": {boxoffice.QuotaChangedFact{QuotaID: "quota-house", Size: 2}, "cannot shrink to 2: 3 are taken"},
		"a quota with sold seats":   {boxoffice.QuotaRemovedFact{QuotaID: "quota-house"}, "cannot be removed: 3 are taken"},
		"no quota":                  {boxoffice.QuotaRemovedFact{QuotaID: "quota-9"}, "quota-9 is not in the book"},
	})
}
