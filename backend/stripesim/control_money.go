package stripesim

import "net/http"

// moneyControls are the knobs for what happens to money after a sale.
func (s *Sim) moneyControls(knob func(string, func(*http.Request) (any, error))) {
	knob("POST /_sim/disputes", s.postDispute)
	knob("POST /_sim/disputes/{id}/review", s.postReviewDispute)
	knob("POST /_sim/disputes/{id}/close", s.postCloseDispute)
	knob("POST /_sim/refunds", s.postRefund)
	knob("POST /_sim/refunds/{id}/settle", s.postSettleRefund)
	knob("POST /_sim/payouts/{id}/fail", s.postFailPayout)
	knob("GET /_sim/truth", func(*http.Request) (any, error) { return s.Truth() })
}
