package desk

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
)

// refusal is a sale that must not be made, and what the cashier is told.
type refusal struct {
	name   string
	before []Sale // made first
	sale   Sale
	code   boxoffice.Code
	says   string
	params map[string]string
}

const key = "a-key-of-a-sale"

// of is a sale of one line.
func of(performance, ticketType string, quantity int) Sale {
	return Sale{Key: key, LineItems: []SaleLine{line(performance, ticketType, quantity)}}
}

// with is an ordinary sale to the e-mail address.
func with(email string) Sale {
	s := adults(key, 1)
	s.BuyerEmail = email
	return s
}

func lines(l ...SaleLine) Sale { return Sale{Key: key, LineItems: l} }

func wrongThings() []refusal {
	most := map[string]string{"most": "100"}
	return []refusal{
		{name: "unknown performance", sale: of("perf-x", testkit.Adult, 1), code: "unknown_performance", says: "not in the catalogue"},
		{name: "no performance", sale: of("", testkit.Adult, 1), code: "unknown_performance", says: "not in the catalogue"},
		{name: "unknown ticket type", sale: of(testkit.Performance, "type-x", 1), code: "unknown_ticket_type", says: "not sold for this event"},
		{name: "another event's ticket type", sale: of(testkit.Performance, boxSeat, 1), code: "unknown_ticket_type", says: "not sold for this event"},
		{name: "none of them", sale: of(testkit.Performance, testkit.Adult, 0), code: "bad_quantity", says: "0 is not a number of tickets", params: most},
		{name: "less than none", sale: of(testkit.Performance, testkit.Adult, -1), code: "bad_quantity", says: "-1 is not", params: most},
		{name: "the least number there is", sale: of(testkit.Performance, testkit.Adult, math.MinInt), code: "bad_quantity", says: "is not a number", params: most},
		{name: "a huge number", sale: of(testkit.Performance, testkit.Adult, 101), code: "bad_quantity", says: "101 is not", params: most},
		{name: "the greatest number there is", sale: of(testkit.Performance, testkit.Adult, math.MaxInt), code: "bad_quantity", says: "is not a number", params: most},
		{
			name: "a huge number in two lines", code: "bad_quantity", says: "120 is not", params: most,
			sale: lines(line(testkit.Performance, testkit.Adult, 60), line(testkit.Performance, testkit.Adult, 60)),
		},
		{
			name: "a negative number hidden behind another", code: "bad_quantity", says: "-1 is not", params: most,
			sale: lines(line(testkit.Performance, testkit.Adult, 2), line(testkit.Performance, testkit.Adult, -1)),
		},
		{name: "nothing", sale: lines(), code: "empty_order", says: "nothing in the order"},
		{name: "too many kinds", sale: manyLines(101), code: "bad_quantity", says: "101 kinds of ticket", params: most},
		{
			name: "two currencies", code: "mixed_currency", says: "different currencies",
			sale: lines(line(testkit.Performance, testkit.Adult, 1), line(testkit.Performance, testkit.Yen, 1)),
		},
		{
			name: "two currencies, and the first costs nothing", code: "mixed_currency", says: "different currencies",
			sale: lines(line(studio, free, 1), line(testkit.Performance, testkit.Yen, 1)),
		},
		{name: "free", sale: of(studio, free, 3), code: "amount_too_small", says: "0.50 EUR", params: map[string]string{"least": "0.50 EUR"}},
		{name: "too little", sale: of(studio, cheap, 1), code: "amount_too_small", says: "0.50 EUR", params: map[string]string{"least": "0.50 EUR"}},
		{name: "too much", sale: of(studio, dear, 2), code: "amount_too_large", says: "more than Stripe charges"},
		{
			name: "a cent too much", code: "amount_too_large", says: "more than Stripe charges",
			sale: lines(line(studio, dear, 1), line(studio, cheap, 1)),
		},
		{name: "a line beyond all numbers", sale: of(studio, vast, 2), code: "amount_too_large", says: "more than Stripe charges"},
		{
			name: "a sum beyond all numbers", code: "amount_too_large", says: "more than Stripe charges",
			sale: lines(line(studio, vast, 1), line(studio, dear, 1)),
		},
		{name: "not on sale", sale: of(studio, unlisted, 1), code: "sold_out", says: "Ghost is sold out", params: left("Ghost", 0)},
	}
}

func manyLines(n int) (s Sale) {
	s.Key = key
	for i := range n {
		s.LineItems = append(s.LineItems, line(testkit.Performance, "type-"+strconv.Itoa(i), 1))
	}
	return s
}

func left(name string, n int) map[string]string {
	return map[string]string{"name": name, "available": strconv.Itoa(n)}
}

// soldOut is what happens when others were faster.
func othersWereFaster() []refusal {
	return []refusal{
		{name: "more than the house", sale: of(testkit.Performance, testkit.Adult, 11), code: "sold_out", says: "Only 10 of Adult are left", params: left("Adult", 10)},
		{
			name: "more than what is left", before: []Sale{adults("another-sale", 7)},
			sale: of(testkit.Performance, testkit.Adult, 4), code: "sold_out", says: "Only 3 of Adult are left", params: left("Adult", 3),
		},
		{
			name: "nothing is left", before: []Sale{adults("another-sale", 10)},
			sale: of(testkit.Performance, testkit.Child, 1), code: "sold_out", says: "Child is sold out", params: left("Child", 0),
		},
		{
			name: "both lines fit, together they do not", code: "sold_out", says: "Only 2 of Child are left", params: left("Child", 2),
			sale: lines(line(testkit.Performance, testkit.Adult, 8), line(testkit.Performance, testkit.Child, 3)),
		},
		{
			name: "the first line takes it all", code: "sold_out", says: "Child is sold out", params: left("Child", 0),
			sale: lines(line(testkit.Performance, testkit.Adult, 10), line(testkit.Performance, testkit.Child, 1)),
		},
		{name: "the scarcer of two quotas is named", sale: of(studio, boxSeat, 6), code: "sold_out", says: "Only 3 of Box are left", params: left("Box", 3)},
		{name: "one of two quotas has enough", sale: of(studio, boxSeat, 4), code: "sold_out", says: "Only 3 of Box are left", params: left("Box", 3)},
	}
}

func wrongKeys() []refusal {
	keyed := func(k string) Sale { return adults(k, 1) }
	return []refusal{
		{name: "no key", sale: keyed(""), code: "idempotency_key_missing", says: "without an idempotency key"},
		{name: "a short key", sale: keyed("1234567"), code: "idempotency_key_missing", says: "without an idempotency key"},
		{name: "a long key", sale: keyed(strings.Repeat("k", 65)), code: "idempotency_key_missing", says: "without an idempotency key"},
		{name: "a key that is no text", sale: keyed("key-\xff\xfe-of-bytes"), code: "idempotency_key_missing", says: "without an idempotency key"},
		{name: "a key with a control character", sale: keyed("key\x00of-a-sale"), code: "idempotency_key_missing", says: "without an idempotency key"},
		{name: "a key of spaces", sale: keyed("          "), code: "idempotency_key_missing", says: "without an idempotency key"},
		{name: "the same key, another number", before: []Sale{adults(key, 2)}, sale: adults(key, 3), code: "idempotency_mismatch", says: "Another sale was made"},
		{name: "the same key, another kind", before: []Sale{adults(key, 2)}, sale: of(testkit.Performance, testkit.Child, 2), code: "idempotency_mismatch", says: "Another sale"},
		{name: "the same key, another buyer", before: []Sale{adults(key, 1)}, sale: with("anna@example.org"), code: "idempotency_mismatch", says: "Another sale"},
		{name: "the same key, and now it would be sold out", before: []Sale{adults(key, 10)}, sale: adults(key, 1), code: "idempotency_mismatch", says: "Another sale"},
	}
}

func wrongEmails() (all []refusal) {
	for _, email := range []string{
		"anna", "anna@", "@example.org", "anna@example", "anna@@example.org", "anna @example.org", "Anna <anna@example.org>",
		"anna@example.org, bert@example.org", "anna@example.org\r\nBcc: all@example.org", "anna@example.org\x00", "\"anna b\"@example.org",
		"anna@.org", "anna@example.", strings.Repeat("a", 64) + "@" + strings.Repeat("b", 190) + ".org",
	} {
		all = append(all, refusal{name: "e-mail " + strconv.Quote(email), sale: with(email), code: "bad_email", says: "not an e-mail address"})
	}
	return all
}

// Whatever is wrong with a sale, the book lies on the disk byte for byte as it
// did, Stripe is not asked, and the cashier is told that nothing was sold.
func TestRefusedSalesLeaveNoTrace(t *testing.T) {
	t.Parallel()
	for _, table := range [][]refusal{wrongThings(), othersWereFaster(), wrongKeys(), wrongEmails()} {
		for _, r := range table {
			t.Run(r.name, func(t *testing.T) {
				t.Parallel()
				s := newScene(t)
				for _, sale := range r.before {
					s.sell(sale)
				}
				before, asked := s.bytes(), s.stripe.Log()
				_, err := s.desk.Sell(t.Context(), r.sale)
				e := s.asError(err)
				if e.Code != r.code || !strings.Contains(e.Message, r.says) || !strings.Contains(e.Message, "Nothing was sold.") {
					t.Errorf("refused as %s: %q\nwant %s: %q and that nothing was sold", e.Code, e.Message, r.code, r.says)
				}
				if diff := cmp.Diff(r.params, e.Params); diff != "" {
					t.Errorf("params (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(asked, s.stripe.Log()); diff != "" {
					t.Errorf("Stripe was asked (-before +after):\n%s", diff)
				}
				s.unchanged(before)
			})
		}
	}
}

// What a buyer may be called, and how it stands in the order.
func TestEmailsThatAreTaken(t *testing.T) {
	for given, kept := range map[string]string{
		"":                              "",
		"   ":                           "",
		"anna@example.org":              "anna@example.org",
		" anna@example.org\n":           "anna@example.org",
		"Anna.B+hamlet@sub.example.org": "Anna.B+hamlet@sub.example.org",
		"änna@exämple.org":              "änna@exämple.org",
		"a/b=c'd@example.org":           "a/b=c'd@example.org",
	} {
		got, err := checkEmail(given)
		if err != nil || got != kept {
			t.Errorf("checkEmail(%q) = %q, %v; want %q", given, got, err, kept)
		}
	}
}

// While Stripe's time is not known, nothing is sold: what would be asked for
// could be refused for its date.
func TestSellWithoutStripesClock(t *testing.T) {
	s := newScene(t)
	s.stripe.Down(&boxoffice.Error{Code: boxoffice.CodeStripeUnreachable, Message: "Stripe cannot be reached. Nothing was changed.", Next: "Go online."})
	before := s.bytes()
	_, err := s.desk.Sell(t.Context(), adults(key, 1))
	if e := s.asError(err); e.Code != boxoffice.CodeStripeUnreachable {
		t.Errorf("refused as %s", e.Code)
	}
	s.unchanged(before)
}
