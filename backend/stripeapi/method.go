package stripeapi

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/stripe/stripe-go/v76"
)

// Methods lists the ways to pay that the account offers by its settings, by
// Stripe's names and in their order: "card", "ideal", "paypal". Some of them
// are ways to use a card, as "apple_pay" is, and no payment_method_types of a
// session. Whether one fits a currency is for Stripe to say.
func (c *Client) Methods(ctx context.Context) ([]string, error) {
	t := newTrip(ctx)
	// This list takes no limit (docs.stripe.com/api/payment_method_configurations/list).
	params := &stripe.PaymentMethodConfigurationListParams{ListParams: stripe.ListParams{Context: t.ctx}}
	answer := &answered[methodConfiguration]{}
	err := c.listed(t, "/v1/payment_method_configurations", params, answer, func() bool {
		return answer.sound(func(m methodConfiguration) bool { return m.ID != "" && m.Object == "payment_method_configuration" })
	})
	if err != nil {
		return nil, err
	}
	// An account that a platform is connected with can have two defaults; the
	// one that names an application is what direct charges go by
	// (docs.stripe.com/api/payment_method_configurations).
	platform := c.identity.Load().Account != ""
	var offered []string
	for _, m := range answer.Data {
		if m.Active && m.IsDefault && (offered == nil || (m.Application != "") == platform) {
			offered = m.Offered
		}
	}
	return offered, nil
}

// methodConfiguration is one set of settings. Each way to pay is a field of
// its own, and more come every year: all that look like one are taken.
type methodConfiguration struct {
	ID, Object, Application string
	Active, IsDefault       bool
	Offered                 []string // sorted
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *methodConfiguration) UnmarshalJSON(text []byte) error {
	var known struct {
		ID          string `json:"id"`
		Object      string `json:"object"`
		Application string `json:"application"`
		Active      bool   `json:"active"`
		IsDefault   bool   `json:"is_default"`
	}
	if err := json.Unmarshal(text, &known); err != nil {
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return err
	}
	*m = methodConfiguration{ID: known.ID, Object: known.Object, Application: known.Application, Active: known.Active, IsDefault: known.IsDefault}
	for name, field := range fields {
		var method struct {
			Available         bool `json:"available"`
			DisplayPreference struct {
				Value string `json:"value"`
			} `json:"display_preference"`
		}
		if json.Unmarshal(field, &method) == nil && method.Available && method.DisplayPreference.Value == "on" {
			m.Offered = append(m.Offered, name)
		}
	}
	slices.Sort(m.Offered)
	return nil
}
