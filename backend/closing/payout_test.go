package closing

import (
	"testing"

	"willcall/backend/boxoffice"
)

func TestMatchPayouts(t *testing.T) {
	t.Parallel()
	compare(t, map[string]matching{
		"a payout of which Stripe lists too little": {agree: 1, want: []string{"payout: payout_differs, 23.39 EUR / 0.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.members[w.paysOut(10, "eur")] = nil
		}},
		"a payout that took another amount": {agree: 1, want: []string{"payout: payout_differs, 23.39 EUR / 20.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.paysOut(10, "eur")
			w.transaction("payout").Amount.Minor = -2000
		}},
		"a payout that moved no balance": {agree: 1, want: []string{"payout: transaction_missing, 23.39 EUR / nothing"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.paysOut(10, "eur")
			w.lose("payout")
		}},
		"a payout that is not listed": {agree: 1, want: []string{"payout: payout_missing, nothing / 23.39 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.paysOut(10, "eur")
			w.payouts = nil
		}},
		"a payout made by hand": {agree: 2, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.members[w.paysOut(10, "eur")] = nil
			w.payouts[0].Automatic, w.payouts[0].Matched = false, false
		}},
		"a payout whose list was not read": {agree: 1, want: []string{"payout: unread"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.paysOut(10, "eur")
			w.payouts[0].Matched = false
		}},
		"a payout that came back": {agree: 3, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			po := w.paysOut(10, "eur")
			w.payouts[0].Status = "failed"
			w.balance("payout_reversal", po, at(20), eur(2339), 0)
		}},
		"a payout that came back in part": {agree: 2, want: []string{"payout_reversal: payout_differs, 23.39 EUR / 20.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			po := w.paysOut(10, "eur")
			w.payouts[0].Status = "failed"
			w.balance("payout_reversal", po, at(20), eur(2000), 0)
		}},
		"a payout that failed, and nothing came back": {agree: 2, want: []string{"payout_reversal: payout_not_returned, 23.39 EUR / nothing"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.paysOut(10, "eur")
			w.payouts[0].Status, w.payouts[0].EndedAt = "failed", at(86400)
		}},
		"a payout that was canceled, and nothing came back": {agree: 2, want: []string{"payout_reversal: payout_not_returned, 23.39 EUR / nothing"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.paysOut(10, "eur")
			w.payouts[0].Status, w.payouts[0].EndedAt = "canceled", at(86400)
		}},
		"a payout came back by a transaction that names no source": {agree: 3, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.paysOut(10, "eur")
			w.payouts[0].Status, w.payouts[0].EndedAt = "failed", at(86400)
			w.payouts[0].ReturnID = w.balance("payout_reversal", "", at(20), eur(2339), 0)
		}},
		"a payout by hand is in the next automatic one": {agree: 3, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			byHand := boxoffice.Payout{ID: "po_hand", Status: "paid", CreatedAt: at(5), Amount: eur(1000)}
			byHand.TransactionID = w.balance("payout", byHand.ID, at(5), eur(-1000), 0)
			w.payouts = append(w.payouts, byHand)
			w.paysOut(10, "eur")
		}},
		"a payout that came back is in the next": {agree: 4, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			po := w.paysOut(10, "eur")
			w.payouts[0].Status = "failed"
			w.balance("payout_reversal", po, at(20), eur(2339), 0)
			w.paysOut(30, "eur")
		}},
		"a payout that never left": {set: func(w *world) {
			w.payouts = []boxoffice.Payout{{ID: "po_1", Amount: eur(100), Status: "canceled", CreatedAt: at(0)}}
		}},
	})
}
