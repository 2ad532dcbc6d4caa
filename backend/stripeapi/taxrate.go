package stripeapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/boxoffice"
)

// TaxRate is a tax that a line of a session can name.
type TaxRate struct {
	ID       string
	Active   bool
	Livemode bool
}

// CreateTaxRate makes a tax rate. The same key and request make it once. Its
// percentage never changes at Stripe: another is another rate.
func (c *Client) CreateTaxRate(ctx context.Context, idempotencyKey string, r boxoffice.TaxRateRequest) (TaxRate, error) {
	t := newTrip(ctx)
	params := &stripe.TaxRateParams{
		Params:      stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey},
		DisplayName: &r.Name, Inclusive: &r.Inclusive, Country: optional(r.Country), Metadata: r.Metadata,
	}
	params.AddExtra("percentage", percentage(r.Percent)) // stripe-go's own field is a float
	answer := &stripe.TaxRate{}
	err := c.send(t, http.MethodPost, "/v1/tax_rates", params, answer, func() bool { return answer.Object == "tax_rate" && answer.ID != "" })
	return TaxRate{ID: answer.ID, Active: answer.Active, Livemode: answer.Livemode}, err
}

// percentage writes ten-thousandths of a percent as Stripe reads them, with as
// many decimals as are needed and four at most: 212500 is "21.25".
func percentage(tenThousandths int64) string {
	const scale, places = 10_000, 4
	sign, n := "", tenThousandths
	if n < 0 {
		sign, n = "-", -n
	}
	text := sign + strconv.FormatInt(n/scale, 10)
	if rest := n % scale; rest != 0 {
		decimals := strconv.FormatInt(rest, 10)
		text += "." + strings.TrimRight(strings.Repeat("0", places-len(decimals))+decimals, "0")
	}
	return text
}
