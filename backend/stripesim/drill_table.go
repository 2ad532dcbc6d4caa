package stripesim

import (
	"cmp"
	"net/http"
	"time"
)

// Groups of drills.
const (
	groupNetwork = "network" // between the till and Stripe
	groupStripe  = "stripe"  // Stripe's own ways and troubles
	groupBuyer   = "buyer"
	groupMoney   = "money" // what the organizer and the banks do afterwards
	groupAccess  = "access"
	groupAway    = "away" // nobody asks for days
)

// paysTooLate is the name of the drill that expireSession asks for.
const paysTooLate = "pays_too_late"

// refundedFirst is the name of the drill that createRefund asks for.
const refundedFirst = "refunded_first"

// killedInTheMiddle is the name of the drill that a page of events asks for.
const killedInTheMiddle = "killed_in_the_middle"

// drills are all drills. A case's number is that of the twenty-five nasty
// cases; one that no drill brings about is accounted for in drill_test.go.
func drills() []drill {
	return []drill{
		{name: "slow", group: groupNetwork, faults: func(o DrillOptions) []Fault {
			return []Fault{{Kind: FaultDelay, Delay: cmp.Or(o.Delay, 3*time.Second)}}
		}},
		{name: "network_gone", group: groupNetwork, cases: []int{6}, faults: always(Fault{Kind: FaultDropBefore})},
		{name: "portal", group: groupNetwork, cases: []int{19}, faults: always(Fault{Kind: FaultPortal})},
		{name: "resets", group: groupNetwork, cases: []int{6}, faults: always(Fault{Kind: FaultReset, Chance: 0.5})},
		{name: "half_answers", group: groupNetwork, cases: []int{6, 19}, faults: always(Fault{Kind: FaultCut, Chance: 0.5})},
		{name: "tls", group: groupNetwork, faults: always(Fault{Kind: FaultTLS})},
		{name: "answers_lost", group: groupNetwork, cases: []int{6, 10}, faults: always(Fault{Kind: FaultDropAfter, Method: http.MethodPost})},

		{name: "wrong_dates", group: groupStripe, cases: []int{17}, faults: func(o DrillOptions) []Fault {
			return []Fault{{Kind: FaultDate, Delay: cmp.Or(o.Delay, 3*time.Hour), Chance: 0.3}}
		}},
		{name: "storm_429", group: groupStripe, cases: []int{20}, faults: func(o DrillOptions) []Fault {
			return []Fault{{Kind: FaultStorm, Delay: o.Delay}}
		}},
		{name: "server_errors", group: groupStripe, cases: []int{9}, faults: always(Fault{Kind: FaultStatus, Status: http.StatusInternalServerError, Chance: 0.5})},
		{name: "other_words", group: groupStripe, cases: []int{8}, faults: always(Fault{Kind: FaultOtherWords, Method: http.MethodPost})},
		{name: "locked_refunds", group: groupStripe, cases: []int{20}, faults: always(Fault{Kind: FaultLock, Method: http.MethodPost, Path: "/v1/refunds"})},
		{name: "late_events", group: groupStripe, cases: []int{1}, quirks: func(o DrillOptions) Quirks {
			return Quirks{LateEvents: cmp.Or(o.Delay, 5*time.Minute), LateEvery: 2}
		}},
		{name: "double_events", group: groupStripe, cases: []int{3}, quirks: func(DrillOptions) Quirks { return Quirks{DoubleEvents: true} }},
		{name: "reordered_events", group: groupStripe, cases: []int{4}, quirks: func(DrillOptions) Quirks { return Quirks{Reordered: true} }},
		{name: "old_api_version", group: groupStripe, cases: []int{18}, quirks: func(o DrillOptions) Quirks {
			return Quirks{PayloadVersion: cmp.Or(o.Version, "2017-08-15")}
		}},
		{name: "list_lag", group: groupStripe, quirks: func(o DrillOptions) Quirks { return Quirks{ListLag: cmp.Or(o.Delay, time.Minute)} }},
		{name: "event_storm", group: groupStripe, cases: []int{2}, act: stormOfEvents},

		{name: paysTooLate, group: groupBuyer, cases: []int{11, 15}, act: armTooLate, arms: (*Sim).isOpen},
		{name: "pays_slowly", group: groupBuyer, cases: []int{12}, act: paySlowly},
		{name: "slow_payment_succeeds", group: groupBuyer, cases: []int{12}, act: settleSlow(true)},
		{name: "slow_payment_fails", group: groupBuyer, cases: []int{13}, act: settleSlow(false)},
		{name: "paid_twice", group: groupBuyer, cases: []int{14}, act: payTwice},
		{name: "old_code_paid", group: groupBuyer, cases: []int{15}, act: payAnother(0)},
		{name: "wrong_amount", group: groupBuyer, cases: []int{25}, act: payAnother(1)},
		{name: "stranger_pays", group: groupBuyer, act: strangerPays},

		{name: "refund_in_dashboard", group: groupMoney, cases: []int{23}, act: refundByHand(false)},
		{name: "partial_refund_in_dashboard", group: groupMoney, cases: []int{23}, act: refundByHand(true)},
		{name: refundedFirst, group: groupMoney, cases: []int{21}, act: armRefundedFirst, arms: (*Sim).isRefundable},
		{name: "refund_fails_later", group: groupMoney, cases: []int{23}, act: failRefund},
		{name: "dispute_opened", group: groupMoney, cases: []int{24}, act: openDispute},
		{name: "dispute_won", group: groupMoney, cases: []int{24}, act: closeDispute(true)},
		{name: "dispute_lost", group: groupMoney, cases: []int{24}, act: closeDispute(false)},

		{name: "key_revoked", group: groupAccess, cases: []int{22}, faults: always(Fault{Kind: FaultStatus, Status: http.StatusUnauthorized, Code: keyExpired})},
		{name: "key_short_of_permission", group: groupAccess, cases: []int{22}, faults: always(Fault{Kind: FaultStatus, Status: http.StatusForbidden, Code: keyShort, Method: http.MethodPost, Path: "/v1/refunds"})},

		{name: killedInTheMiddle, group: groupAway, cases: []int{5}, act: armKill, arms: (*Sim).canKill},
		{name: "days_offline", group: groupAway, cases: []int{7}, act: beAway(3)},
		{name: "month_offline", group: groupAway, cases: []int{16}, act: beAway(31)},
	}
}

func always(f Fault) func(DrillOptions) []Fault {
	return func(DrillOptions) []Fault { return []Fault{f} }
}
