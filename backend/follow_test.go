package backend

import (
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/stripesim"
)

// A charge can be followed: the log's line about it names the entry that has it
// and the request that told of it, and that request has a line too, with its
// endpoint, how long it took and how it ended. So does the request that made
// the code, with its idempotency key, and so does a refund.
func TestAChargeCanBeFollowedToItsEntries(t *testing.T) {
	t.Parallel()
	log := &testkit.Log{}
	till := openWith(t, testConfig(t), Options{Version: "test", Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	sim := till.b.book.stripe.sim
	o := till.sell("a-sale-to-be-followed")
	if err := sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{}); err != nil {
		t.Fatal(err)
	}
	till.until(o.ID, "paid")
	truth, err := sim.Truth()
	if err != nil {
		t.Fatal(err)
	}
	charge := truth.Payments[0].ChargeID
	refund, err := sim.RefundInDashboard(charge, 100, stripesim.RefundOptions{})
	if err != nil {
		t.Fatal(err)
	}
	call[any](till, http.MethodPost, "/api/reconciliation/poll", "", "", http.StatusOK)
	entries := map[boxoffice.Kind]ledger.Entry{}
	err = till.b.book.ledger.View(func(tx *ledger.Tx) error {
		found, err := tx.OrderEntries(o.ID)
		for _, e := range found {
			entries[e.Kind] = e
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	for _, followed := range []struct {
		kind   boxoffice.Kind
		id     string
		told   bool // by one request that the line names
		asked  string
		status string
	}{
		{boxoffice.KindTenderOpened, o.Tenders[0].SessionID, true, "/v1/checkout/sessions", "200"},
		{boxoffice.KindTenderPaid, charge, true, "/v1/checkout/sessions", "200"},
		{boxoffice.KindRefundRecorded, charge, false, "", ""},
		{boxoffice.KindRefundRecorded, refund, false, "", ""},
	} {
		line := lineWith(log.String(), "msg=\"reconcile: recorded\"", "kind="+string(followed.kind), followed.id)
		said := attributes(line)
		entry := entries[followed.kind]
		if number := strconv.FormatUint(entry.Number, 10); entry.Number == 0 || said["entry"] != number || said["order"] != o.ID {
			t.Errorf("%s of %s is entry %d; the log says %q", followed.kind, followed.id, entry.Number, line)
		}
		if !strings.Contains(string(entry.Data), followed.id) {
			t.Errorf("entry %d does not know %s: %s", entry.Number, followed.id, entry.Data)
		}
		if !followed.told {
			continue
		}
		request := attributes(lineWith(log.String(), "msg=\"stripe: asked\"", "request_id="+said["request_id"]))
		if said["request_id"] == "" || !strings.HasPrefix(request["endpoint"], followed.asked) || request["status"] != followed.status || request["outcome"] != "done" || request["took"] == "" {
			t.Errorf("%s of %s was told by %q, of which the log says %v", followed.kind, followed.id, said["request_id"], request)
		}
	}
	if made := attributes(lineWith(log.String(), "msg=\"stripe: asked\"", "method=POST", "endpoint=/v1/checkout/sessions")); made["idempotency_key"] != ledger.CreateKey(o.Tenders[0].ID) {
		t.Errorf("the code was made by %v", made)
	}
	for _, secret := range []string{trainingKey, o.Tenders[0].URL} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log tells %s", secret)
		}
	}
}

// lineWith is the first line that has all of it; "" where none has.
func lineWith(log string, parts ...string) string {
next:
	for line := range strings.Lines(log) {
		for _, p := range parts {
			if !strings.Contains(line, p) {
				continue next
			}
		}
		return line
	}
	return ""
}

// attributes are what a line of the log says, by name. None here has a space.
func attributes(line string) map[string]string {
	said := map[string]string{}
	for word := range strings.FieldsSeq(line) {
		if name, value, ok := strings.Cut(word, "="); ok {
			said[name] = value
		}
	}
	return said
}
