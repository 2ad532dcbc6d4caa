package stripeapi_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// TestAnswersAreRead: what becomes of Stripe's words.
func TestAnswersAreRead(t *testing.T) {
	eur := func(minor int64) money.Amount { return money.New(minor, "eur") }
	price := func(body string) string {
		return `{"object": "price", "id": "price_1", "currency": "eur", ` + body + `}`
	}
	ask := func(body string, f func(context.Context, *stripeapi.Client) (any, error)) func(*testing.T) any {
		return func(t *testing.T) any {
			t.Helper()
			address, _ := answering(t, says(200, body))
			got, err := f(t.Context(), client(address))
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
	}
	fetchedPrices := func(ctx context.Context, c *stripeapi.Client) (any, error) { return c.Prices(ctx, "", "") }
	page := func(prices ...stripeapi.Price) stripeapi.PricePage { return stripeapi.PricePage{Prices: prices} }
	for _, c := range []struct {
		name string
		got  func(*testing.T) any
		want any
	}{
		{
			"a product", ask(`{"object": "product", "id": "prod_1", "name": "Adult", "description": null, "active": true, "images": ["https://example.org/a", "b"],
			"default_price": "price_1", "metadata": {"willcall_order": "ord-1"}, "livemode": true}`, func(ctx context.Context, c *stripeapi.Client) (any, error) {
				return c.CreateProduct(ctx, "key-1", boxoffice.ProductRequest{Name: "Adult"})
			}), stripeapi.Product{
				ID: "prod_1", Name: "Adult", Active: true, Picture: "https://example.org/a", DefaultPriceID: "price_1", Metadata: order, Livemode: true,
			},
		},
		{
			"products", ask(`{"object": "list", "has_more": true, "data": [{"object": "product", "id": "prod_2", "name": "Child", "description": "under 12", "images": [], "default_price": null}]}`, func(ctx context.Context, c *stripeapi.Client) (any, error) {
				return c.Products(ctx, false, "")
			}), stripeapi.ProductPage{More: true, Products: []stripeapi.Product{{ID: "prod_2", Name: "Child", Description: "under 12"}}},
		},
		{"a price", ask(price(`"product": "prod_1", "unit_amount": 2400, "custom_unit_amount": null, "transform_quantity": null, "type": "one_time", "active": true, "nickname": "early", "livemode": true, "metadata": {}`),
			func(ctx context.Context, c *stripeapi.Client) (any, error) {
				return c.CreatePrice(ctx, "key-1", boxoffice.PriceRequest{ProductID: "prod_1", Amount: eur(2400)})
			}), stripeapi.Price{ID: "price_1", ProductID: "prod_1", Amount: eur(2400), Fixed: true, Active: true, Nickname: "early", Livemode: true, Metadata: map[string]string{}}},
		{"a price that is archived", ask(price(`"active": false, "unit_amount": 0, "nickname": null`), func(ctx context.Context, c *stripeapi.Client) (any, error) {
			return c.ArchivePrice(ctx, "key-1", "price_1")
		}), stripeapi.Price{ID: "price_1", Amount: eur(0), Fixed: true}},
		{"what a catalogue cannot sell", ask(`{"object": "list", "has_more": false, "data": [`+strings.Join([]string{
			price(`"unit_amount": null, "custom_unit_amount": {"minimum": 100}`), price(`"unit_amount": null, "unit_amount_decimal": "0.5"`),
			price(`"unit_amount": null, "billing_scheme": "tiered"`), price(`"unit_amount": 900, "transform_quantity": {"divide_by": 10, "round": "up"}`),
			price(`"unit_amount": 900, "type": "recurring"`),
		}, ",")+`]}`, fetchedPrices), page(
			stripeapi.Price{ID: "price_1", Amount: eur(0), BuyersChoice: true}, stripeapi.Price{ID: "price_1", Amount: eur(0)},
			stripeapi.Price{ID: "price_1", Amount: eur(0)}, stripeapi.Price{ID: "price_1", Amount: eur(0)},
			stripeapi.Price{ID: "price_1", Amount: eur(900), Fixed: true, Recurring: true},
		)},
		{"a tax rate", ask(`{"object": "tax_rate", "id": "txr_1", "active": true, "percentage": 21.25, "livemode": true}`, func(ctx context.Context, c *stripeapi.Client) (any, error) {
			return c.CreateTaxRate(ctx, "key-1", boxoffice.TaxRateRequest{Name: "VAT"})
		}), stripeapi.TaxRate{ID: "txr_1", Active: true, Livemode: true}},
		{"a link", ask(`{"object": "payment_link", "id": "plink_1", "url": "https://buy.stripe.com/a", "active": true, "metadata": {"willcall_order": "ord-1"}, "livemode": true}`, func(ctx context.Context, c *stripeapi.Client) (any, error) {
			return c.Link(ctx, "plink_1")
		}), stripeapi.Link{ID: "plink_1", URL: "https://buy.stripe.com/a", Active: true, Metadata: order, Livemode: true}},
		{"links", ask(`{"object": "list", "has_more": true, "data": [{"object": "payment_link", "id": "plink_1", "url": "https://buy.stripe.com/a"}]}`, func(ctx context.Context, c *stripeapi.Client) (any, error) {
			return c.Links(ctx, "")
		}), stripeapi.LinkPage{More: true, Links: []stripeapi.Link{{ID: "plink_1", URL: "https://buy.stripe.com/a"}}}},
		{"a visitor's session", ask(`{"object": "list", "has_more": true, "data": [{"object": "checkout.session", "id": "cs_1", "status": "complete", "payment_status": "paid", "payment_link": "plink_1", "currency": "eur", "amount_total": 4800}]}`, func(ctx context.Context, c *stripeapi.Client) (any, error) {
			return c.LinkSessions(ctx, "plink_1", "", "")
		}), stripeapi.SessionPage{More: true, Sessions: []stripeapi.Session{{ID: "cs_1", Status: "complete", Paid: true, LinkID: "plink_1", Amount: eur(4800)}}}},
		{"a refund", ask(`{"object": "refund", "id": "re_1", "status": "pending", "amount": 900, "currency": "eur", "payment_intent": "pi_1"}`, func(ctx context.Context, c *stripeapi.Client) (any, error) {
			return c.Refund(ctx, "key-1", stripeapi.RefundRequest{PaymentIntentID: "pi_1"})
		}), stripeapi.Refund{ID: "re_1", Status: stripeapi.RefundPending, Amount: eur(900), IntentID: "pi_1"}},
		{"a client secret", ask(`{"object": "payment_intent", "id": "pi_1", "client_secret": "pi_1_secret_2"}`, func(ctx context.Context, c *stripeapi.Client) (any, error) {
			return c.ClientSecret(ctx, "pi_1")
		}), "pi_1_secret_2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.got(t)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPaymentsAreSeenAsSessions: each status of a PaymentIntent, as the till
// judges it.
func TestPaymentsAreSeenAsSessions(t *testing.T) {
	for status, want := range map[string]struct {
		status stripeapi.SessionStatus
		paid   bool
	}{
		"requires_payment_method": {"open", false}, "requires_confirmation": {"open", false}, "requires_action": {"open", false},
		"requires_capture": {"open", false}, "processing": {"complete", false}, "succeeded": {"complete", true}, "canceled": {"expired", false},
	} {
		address, _ := answering(t, says(200, `{"object": "payment_intent", "id": "pi_1", "amount": 5700, "currency": "eur", "created": 1772712000,
			"metadata": {"willcall_order": "ord-1"}, "status": "`+status+`", "livemode": true}`))
		got, err := client(address).Payment(t.Context(), "pi_1")
		if diff := cmp.Diff(stripeapi.Session{
			ID: "pi_1", Status: want.status, Paid: want.paid, Reference: "ord-1", Metadata: order, Amount: money.New(5700, "eur"), Livemode: true, Created: noon,
			Payment: stripeapi.Payment{IntentID: "pi_1", Status: stripeapi.PaymentStatus(status)},
		}, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", status, err, diff)
		}
	}
}

// TestWhoPaid: the payer is named by the request, or else by the charge; what
// was received counts, and not what was asked for.
func TestWhoPaid(t *testing.T) {
	const charge = `"latest_charge": {"id": "ch_1", "object": "charge", "created": 1772712000,
		"billing_details": {"name": "Ana Kovač", "email": "ana@example.org"}, "payment_method_details": {"card": {"brand": "visa", "last4": "4242"}}}`
	for _, c := range []struct {
		body  string
		email string
		minor int64
	}{
		{`"status": "succeeded", "amount_received": 5700, "receipt_email": "box@example.org"`, "box@example.org", 5700},
		{`"status": "succeeded", "amount_received": 900, "receipt_email": null`, "ana@example.org", 900},
		{`"status": "requires_payment_method", "amount_received": 0, "last_payment_error": {"message": "Your card was declined."}`, "ana@example.org", 5700},
	} {
		address, _ := answering(t, says(200, `{"object": "list", "has_more": false, "data": [{"object": "payment_intent", "id": "pi_1", "amount": 5700, "currency": "eur", `+c.body+`, `+charge+`}]}`))
		page, err := client(address).Payments(t.Context(), noon, noon, "")
		if err != nil {
			t.Fatal(err)
		}
		s := page.Sessions[0]
		if s.BuyerName != "Ana Kovač" || s.BuyerEmail != c.email || s.Amount != money.New(c.minor, "eur") {
			t.Errorf("%s: %+v", c.body, s)
		}
		if p := s.Payment; p.ChargeID != "ch_1" || !p.PaidAt.Equal(noon) || p.Card != (boxoffice.Card{Brand: "visa", Last4: "4242"}) || s.Paid == (p.Problem != "") {
			t.Errorf("%s: %+v", c.body, p)
		}
	}
}

// TestMethodsAreWhatIsOnAndAvailable: of the settings that count.
func TestMethodsAreWhatIsOnAndAvailable(t *testing.T) {
	one := func(head, methods string) string {
		return `{"id": "pmc_1", "object": "payment_method_configuration", ` + head + `, "name": "Default", "parent": null, ` + methods + `}`
	}
	method := func(name string, available bool, value string) string {
		return fmt.Sprintf(`%q: {"available": %v, "display_preference": {"overridable": null, "preference": %q, "value": %q}}`, name, available, value, value)
	}
	own := one(`"active": true, "is_default": true, "application": null`, strings.Join([]string{
		method("paypal", true, "on"), method("card", true, "on"), method("klarna", true, "off"), method("ideal", false, "on"), method("twint_of_2031", true, "on"),
	}, ","))
	platforms := one(`"active": true, "is_default": true, "application": "ca_1"`, method("link", true, "on"))
	retired := one(`"active": false, "is_default": true`, method("oxxo", true, "on"))
	ways := []string{"card", "paypal", "twint_of_2031"}
	other := one(`"active": true, "is_default": false`, method("blik", true, "on"))
	for name, c := range map[string]struct {
		data           []string
		want, platform []string // for the account's own key, and for a platform's
	}{
		"the account's own":      {[]string{retired, other, own}, ways, ways},
		"beside a platform's":    {[]string{platforms, own}, ways, []string{"link"}},
		"before a platform's":    {[]string{own, platforms}, ways, []string{"link"}},
		"a platform's alone":     {[]string{other, platforms}, []string{"link"}, []string{"link"}},
		"none that counts":       {[]string{retired, other}, nil, nil},
		"an account without any": {nil, nil, nil},
	} {
		address, _ := answering(t, says(200, `{"object": "list", "has_more": false, "data": [`+strings.Join(c.data, ",")+`]}`))
		for account, want := range map[string][]string{"": c.want, "acct_1": c.platform} {
			cl := client(address)
			cl.Use(stripeapi.Identity{Key: secret, Account: account})
			got, err := cl.Methods(t.Context())
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s, asked for account %q: %v (-want +got):\n%s", name, account, err, diff)
			}
		}
	}
}

// TestPercentagesAreExact: no float rounds a tax.
func TestPercentagesAreExact(t *testing.T) {
	var out []sent
	c := client("http://stripe.invalid", recording(&out, deaf))
	for _, n := range []int64{0, 1, 9, 10, 99, 1000, 9999, 10000, 10001, 55000, 70000, 81000, 100000, 212500, 255000, 333333, 999999, 1000000, 1<<53 + 1} {
		out = nil
		_, _ = c.CreateTaxRate(t.Context(), "key-1", boxoffice.TaxRateRequest{Name: "VAT", Percent: n})
		form, err := url.ParseQuery(out[0].form)
		if err != nil {
			t.Fatal(err)
		}
		said := form.Get("percentage")
		got, ok := new(big.Rat).SetString(said)
		_, decimals, point := strings.Cut(said, ".")
		if !ok || got.Cmp(big.NewRat(n, 10000)) != 0 || len(decimals) > 4 || point && strings.HasSuffix(said, "0") {
			t.Errorf("%d is sent as %q", n, said)
		}
	}
}

// TestAnotherIsNotTheOne: what has the right shape and another id was not asked
// for, and an object without what it is for is none.
func TestAnotherIsNotTheOne(t *testing.T) {
	for body, names := range map[string][]string{
		`{"object": "product", "id": "prod_2"}`: {"UpdateProduct", "CreatePrice"},
		`{"object": "product"}`:                 {"CreateProduct"},
		`{"object": "price", "id": "price_2"}`:  {"ArchivePrice", "CreateTaxRate"},
		`{"object": "price"}`:                   {"CreatePrice"},
		`{"object": "tax_rate"}`:                {"CreateTaxRate"},
		`{"object": "payment_link", "id": "plink_2", "url": "https://buy.stripe.com"}`: {"CloseLink", "Link"},
		`{"object": "payment_link", "id": "plink_1"}`:                                  {"CreateLink", "CloseLink", "Link"},
		`{"object": "payment_intent", "id": "pi_2", "client_secret": "pi_2_secret_1"}`: {"Payment", "CancelPayment", "ConfirmPayment", "ClientSecret"},
		`{"object": "payment_intent", "id": "pi_1"}`:                                   {"ClientSecret"},
		`{"object": "payment_intent"}`:                                                 {"CreatePayment"},
		`{"object": "refund", "id": "re_1", "payment_intent": "pi_2"}`:                 {"Refund"},
		`{"object": "refund"}`:                                                         {"Refund"},
		`{"object": "refund", "id": "re_2"}`:                                           {"RefundByID", "Dispute", "Payout"},
		`{"object": "dispute", "id": "dp_2"}`:                                          {"RefundByID", "Dispute", "Payout"},
		`{"object": "payout", "id": "po_2"}`:                                           {"RefundByID", "Dispute", "Payout"},
		`{"id": "re_1"}`:                                                               {"RefundByID"},
		`{"object": "list", "data": [{"object": "event", "id": "evt_1"}]}`:             append(moneyLists(), "Products", "Prices", "Payments", "Links", "LinkSessions", "Methods"),
		`{"object": "list", "data": [null]}`:                                           append(moneyLists(), "Products", "Prices", "Payments", "Links", "LinkSessions", "Methods"),
		`{"object": "list", "data": [], "has_more": true}`:                             append(moneyLists(), "Products", "Prices", "Payments", "Links", "LinkSessions", "Methods"),
		`{"data": []}`: append(moneyLists(), "Products", "Prices", "Payments", "Links", "LinkSessions", "Methods"),
		`{"object": "list", "data": [{"object": "payment_method_configuration"}]}`:        {"Methods"},
		`{"object": "list", "data": [{"object": "price"}, {"object": "product"}]}`:        {"Prices", "Products"},
		`{"object": "list", "data": [{"object": "payment_intent", "id": ""}], "more": 1}`: {"Payments"},
	} {
		address, _ := answering(t, says(200, body))
		for _, name := range names {
			err := calls()[name](t.Context(), client(address))
			if failure := failed(t, err); failure.Failure != stripeapi.NotStripe {
				t.Errorf("%s took %s: %v", name, body, failure)
			}
		}
	}
}

// TestNoClientSecretLeaves: who has it can read and pay a payment.
func TestNoClientSecretLeaves(t *testing.T) {
	const hidden = "9mNpQrStUv"
	intent := `{"id": "pi_1", "object": "payment_intent", "client_secret": "pi_1_secret_` + hidden + `"`
	for name, c := range map[string]struct {
		status int
		body   string
	}{
		"a payment":                   {200, intent + `, "status": "requires_payment_method"}`},
		"another's payment":           {200, strings.Replace(intent, `"pi_1"`, `"pi_2"`, 1) + `}`},
		"an answer that is cut off":   {200, intent},
		"a page of them, cut off":     {200, `{"object": "list", "data": [` + intent},
		"a decline":                   {402, `{"error": {"type": "card_error", "code": "card_declined", "message": "Your card was declined.", "payment_intent": ` + intent + `}}}`},
		"a refusal that says it":      {400, `{"error": {"type": "invalid_request_error", "message": "No such secret: pi_1_secret_` + hidden + `"}}`},
		"no error of Stripe's":        {400, intent + `}`},
		"an error page that holds it": {502, intent},
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := answering(t, says(c.status, c.body))
			log := &notes{}
			cl := client(address, log.logging)
			for _, call := range []string{"CreatePayment", "Payment", "CancelPayment", "ConfirmPayment", "Payments", "ClientSecret", "Events"} {
				err := everything(t.Context(), cl)[call]
				for e := err; e != nil; e = errors.Unwrap(e) {
					if strings.Contains(fmt.Sprintf("%v %+v", e, e), hidden) {
						t.Errorf("%s: the error says it: %v", call, e)
					}
				}
				slog.New(slog.NewTextHandler(log, nil)).Warn("failed", slog.Any("error", err))
			}
			s, err := cl.Payment(t.Context(), "pi_1")
			u := cl.Usage()
			if said := fmt.Sprintf("%+v %v %+v %+v", s, err, u.LastError, u); strings.Contains(said, hidden) {
				t.Errorf("it is in %s", said)
			}
			if strings.Contains(log.String(), hidden) || !strings.Contains(log.String(), "object=pi_1") {
				t.Errorf("the log says\n%s", log)
			}
		})
	}
}
