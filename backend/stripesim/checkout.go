package stripesim

import (
	"slices"
	"strconv"
	"strings"

	"willcall/backend/money"
)

// sessionCreateFields are the parameters of a Checkout Session that Willcall
// needs. Those that Stripe knows besides (shipping, tax, subscriptions) are
// refused as unknown, rather than taken and ignored.
func sessionCreateFields() fields {
	messageText := hash(fields{"message": text(1200).must()})
	return fields{
		"billing_address_collection": choice("auto"),
		"cancel_url":                 text(5000),
		"client_reference_id":        text(200),
		"currency":                   text(0),
		"custom_text":                hash(fields{"after_submit": messageText, "submit": messageText}),
		"customer_creation":          choice("if_required"),
		"customer_email":             text(0),
		"expires_at":                 integer(0),
		"line_items": array(maxLines, hash(fields{
			"price": text(5000),
			"price_data": hash(fields{
				"currency":     text(0).must(),
				"product":      text(5000),
				"product_data": hash(priceProductFields().with(fields{"description": text(40000), "images": array(8, text(0))})),
				"tax_behavior": taxBehavior(),
				"unit_amount":  integer(0),
			}),
			"quantity": integer(1),
		})),
		"locale":   choice("auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fr", "fr-CA", "hr", "hu", "it", "ja", "lt", "lv", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "sk", "sl", "sv", "tr", "zh"),
		"metadata": metadata(),
		"mode":     choice("payment", "setup", "subscription"),
		"payment_intent_data": hash(fields{
			"capture_method":              choice("automatic"),
			"description":                 text(1000),
			"metadata":                    metadata(),
			"receipt_email":               text(0),
			"statement_descriptor":        text(22),
			"statement_descriptor_suffix": text(22),
		}),
		"payment_method_types": array(0, choice(card, sepaDebit, usBankAccount, bacsDebit)),
		"submit_type":          choice("auto", "book", "donate", "pay"),
		"success_url":          text(5000),
		"ui_mode":              choice("embedded", "hosted"),
	}
}

// maxLines is the most line items of a session in payment mode.
const maxLines = 100

// createSession opens a Checkout Session. Its payment intent comes into being
// when the buyer confirms. Source: docs.stripe.com/upgrades#2022-08-01.
func (t *tx) createSession() (any, error) {
	a := t.args
	if err := t.checkSession(); err != nil {
		return nil, err
	}
	s := &session{Fragment: newFragment(), Intent: intentDataOf(a.at("payment_intent_data"))}
	s.checkoutSession = checkoutSession{
		ID: newSessionID(t.acct), Object: "checkout.session", Mode: "payment", UIMode: "hosted",
		Created: t.now, ExpiresAt: a.number(t.now+maxOpen, "expires_at"), Status: open, PaymentStatus: unpaid,
		CancelURL: a.maybe("cancel_url"), SuccessURL: a.text("success_url"),
		ClientReferenceID: a.maybe("client_reference_id"), Metadata: a.metadata("metadata"),
		CustomerCreation: "if_required", CustomerEmail: a.maybe("customer_email"),
		BillingAddressCollection: a.maybe("billing_address_collection"),
		Locale:                   a.maybe("locale"), SubmitType: a.maybe("submit_type"), PaymentMethodCollection: "if_required",
		CustomText:   customText{AfterSubmit: messageOf(a, "after_submit"), Submit: messageOf(a, "submit")},
		CustomFields: []struct{}{}, ShippingOptions: []struct{}{}, TotalDetails: totalDetails{AmountShipping: new(int64(0))},
	}
	if s.CustomerEmail != nil {
		s.CustomerDetails = &customerDetails{Email: *s.CustomerEmail, TaxExempt: "none"}
	}
	if err := t.addLines(s); err != nil {
		return nil, err
	}
	if err := t.addMethods(s); err != nil {
		return nil, err
	}
	put(&t.wrote.Sessions, s)
	return s, nil
}

// checkSession are the rules between parameters.
func (t *tx) checkSession() error {
	a := t.args
	for _, name := range []string{"mode", "line_items", "success_url"} {
		if !a.has(name) {
			return badRequest("parameter_missing", name, "Missing required param: %s.", name)
		}
	}
	if mode := a.text("mode"); mode != "payment" {
		return badRequest("", "mode", "This simulated Stripe takes payments only: `mode` must be `payment`, not `%s`.", mode)
	}
	if a.text("ui_mode") == "embedded" {
		return badRequest("", "ui_mode", "This simulated Stripe has the hosted page only: `ui_mode` must be `hosted`.")
	}
	for _, name := range []string{"success_url", "cancel_url"} {
		if u := a.text(name); u != "" && !webAddress(u) {
			return badRequest("url_invalid", name, "Not a valid URL")
		}
	}
	if e := a.text("customer_email"); e != "" && !emailAddress(e) {
		return badRequest("email_invalid", "customer_email", "Invalid email address: %s", e)
	}
	if at := a.number(t.now+maxOpen, "expires_at"); at < t.now+minOpen || at > t.now+maxOpen {
		return badRequest("", "expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.")
	}
	return nil
}

func (t *tx) addLines(s *session) error {
	for i, item := range t.args.items("line_items") {
		at := "line_items[" + strconv.Itoa(i) + "]"
		p, err := t.linePrice(item, at)
		if err != nil {
			return err
		}
		if s.Currency == "" {
			s.Currency = p.Currency
		}
		if p.Currency != s.Currency {
			return badRequest("", at, "All prices in `line_items` must have the same currency. Found %s and %s.", s.Currency, p.Currency)
		}
		if !item.has("quantity") {
			param := nested(at, "quantity")
			return badRequest("parameter_missing", param, "Missing required param: %s.", param)
		}
		quantity := item.number(0, "quantity")
		amount, err := money.New(p.UnitAmount, money.Currency(p.Currency)).Times(quantity)
		if err != nil || amount.Minor > money.MaxMinor {
			return badRequest("amount_too_large", at, "The Checkout Session's total amount due must be no more than %s.", display(money.MaxMinor, p.Currency))
		}
		product, _ := t.product(p.Product)
		s.Lines = append(s.Lines, line{ID: newID("li_1", 23), Price: p.ID, Description: product.Name, Quantity: quantity, Amount: amount.Minor})
	}
	if c := t.args.text("currency"); c != "" && c != s.Currency {
		return badRequest("", "currency", "The currency %s differs from that of `line_items`, %s.", c, s.Currency)
	}
	sum, err := total(s.Lines, s.Currency)
	s.AmountSubtotal, s.AmountTotal = sum, sum
	return err
}

// linePrice is the price that the item names, or a new one of its price_data,
// which Stripe makes with its product, both archived.
func (t *tx) linePrice(item *form, at string) (*price, error) {
	id, data := item.text("price"), item.at("price_data")
	switch {
	case id != "" && data != nil:
		return nil, badRequest("", at, "You may only specify one of these parameters: price, price_data.")
	case id == "" && data == nil:
		return nil, badRequest("parameter_missing", nested(at, "price"), "Missing required param: %s.", nested(at, "price"))
	case id != "":
		return t.activePrice(id, nested(at, "price"))
	}
	if owner, ok := t.product(data.text("product")); ok && !owner.Active {
		param := nested(nested(at, "price_data"), "product")
		return nil, badRequest("", param, "The product specified is inactive. This field only accepts active products.")
	}
	p, err := t.newPrice(data, nested(at, "price_data"), false)
	if err != nil {
		return nil, err
	}
	put(&t.wrote.Prices, p)
	return p, t.emit("price.created", p)
}

// addMethods settles how the buyer can pay: as asked, or as the account's
// settings have it: cards, and the bank debit of the currency.
func (t *tx) addMethods(s *session) error {
	s.PaymentMethodTypes = t.args.texts("payment_method_types")
	debit := debitOf(s.Currency)
	if len(s.PaymentMethodTypes) == 0 {
		s.PaymentMethodTypes = []string{card}
		if debit != "" {
			s.PaymentMethodTypes = append(s.PaymentMethodTypes, debit)
		}
		s.PaymentMethodConfigurationDetail = &methodConfig{ID: t.acct.profile.MethodConfig}
		return nil
	}
	for _, m := range s.PaymentMethodTypes {
		if m != card && m != debit {
			return badRequest("", "payment_method_types", "The payment method `%s` cannot be used with the currency %s.", m, s.Currency)
		}
	}
	slices.Sort(s.PaymentMethodTypes)
	s.PaymentMethodTypes = slices.Compact(s.PaymentMethodTypes)
	return nil
}

func messageOf(a *form, name string) *message {
	if m := a.text("custom_text", name, "message"); m != "" {
		return &message{Message: m}
	}
	return nil
}

func webAddress(u string) bool {
	return strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://")
}

// emailAddress is as strict as a checkout page: something, @, a domain.
func emailAddress(e string) bool {
	name, domain, ok := strings.Cut(e, "@")
	return ok && name != "" && strings.Contains(strings.Trim(domain, "."), ".") && !strings.ContainsAny(e, " \t\r\n<>,;\"") && !strings.Contains(domain, "@")
}
